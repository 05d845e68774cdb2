"""The site of the staff's pages, as settings install it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite


class StaffAdminConfig(AdminConfig):
    default_site = "backoffice.site.StaffSite"


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]  # the theme has no types
    """The theme's site, which looks its lists up once for a page."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        if app_label is not None:
            lists: list[dict[str, Any]] = super().get_app_list(request, app_label)
            return lists
        # The frame asks for it and our menu does again; with sixty lists each time is a sixth of what a page costs.
        found: list[dict[str, Any]] | None = getattr(request, "lists_of_staff", None)
        if found is None:
            found = super().get_app_list(request)
            request.lists_of_staff = found  # type: ignore[attr-defined]
        return found
