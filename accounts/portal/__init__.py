"""What customers, resellers and their people see and do in the portal: one module a noun."""

from __future__ import annotations

from accounts.portal import agreements, contracts, invitations, licences, notices, start
from accounts.portal.start import ahead, needs, parts

MENU = (
    ("Customers", "portal:customers"),
    ("Agreements", "portal:agreements"),
    ("Notices", "portal:notices"),
)
urlpatterns = [
    *contracts.urlpatterns,
    *licences.urlpatterns,
    *agreements.urlpatterns,
    *notices.urlpatterns,
    *invitations.urlpatterns,
]

__all__ = ["MENU", "ahead", "needs", "parts", "start", "urlpatterns"]
