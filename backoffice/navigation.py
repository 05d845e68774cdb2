"""The menu of the staff pages, and the files that dress them; the theme asks for each by name (settings.UNFOLD)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from backoffice.discovery import house_apps


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Our own pages first, then each app's lists, as far as this person may see them."""
    pages = [
        ("Today", "today", "admin:index"),
        ("Runs", "calendar_month", "pages:runs"),
        ("Calculator", "calculate", "pages:calculator"),
        ("Book of terms", "menu_book", "pages:contracts"),
        ("API", "api", "api:docs"),
    ]
    ours = [{"title": title, "icon": icon, "link": reverse(name)} for title, icon, name in pages]
    house = house_apps()
    # Users and groups are looked up least, so they stand last.
    apps = sorted(admin.site.get_app_list(request), key=lambda app: app["app_label"] not in house)
    lists = [{"title": app["name"], "items": _lists(app)} for app in apps]
    return [{"items": ours}, *lists]


def _lists(app: dict[str, Any]) -> list[dict[str, Any]]:
    """The lists of one app, each with the icon that its admin names."""
    return [
        {
            "title": model["name"],
            "icon": getattr(admin.site.get_model_admin(model["model"]), "icon", "list"),
            "link": model["admin_url"],
        }
        for model in app["models"]
        if model["admin_url"]
    ]


def stylesheet(_request: HttpRequest) -> str:
    return static("backoffice/pages.css")


def script(_request: HttpRequest) -> str:
    return static("backoffice/pages.js")


def icon(_request: HttpRequest) -> str:
    return static("backoffice/icon.svg")
