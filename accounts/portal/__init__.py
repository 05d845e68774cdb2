"""What customers, resellers and their people see and do in the portal: one module a noun."""

from __future__ import annotations

from accounts.portal import agreements, changes, contracts, invitations, licences, notices, own_data, start, user_texts
from accounts.portal.start import ahead, needs, parts

MENU = (
    ("Customers", "portal:customers"),
    ("Agreements", "portal:agreements"),
    ("Notices", "portal:notices"),
    ("My data", "portal:my_data"),
)
urlpatterns = [
    *contracts.urlpatterns,
    *licences.urlpatterns,
    *agreements.urlpatterns,
    *changes.urlpatterns,
    *notices.urlpatterns,
    *invitations.urlpatterns,
    *own_data.urlpatterns,
    *user_texts.urlpatterns,
]

__all__ = ["MENU", "ahead", "needs", "parts", "start", "urlpatterns"]
