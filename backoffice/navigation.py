"""The menu of the staff pages, and the files that dress them; the theme asks for each by name (settings.UNFOLD)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst

from backoffice.admin import SYSTEM
from backoffice.discovery import modules


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Our own pages first, then the lists under the headings that they name, as far as this person may see them."""
    pages = [
        ("Today", "today", "admin:index"),
        ("Runs", "calendar_month", "pages:runs"),
        ("Calculator", "calculate", "pages:calculator"),
        ("Book of terms", "menu_book", "pages:contracts"),
        ("API", "api", "api:docs"),
    ]
    ours = [{"title": title, "icon": icon, "link": reverse(name)} for title, icon, name in pages]
    lists: dict[str, list[dict[str, Any]]] = {section: [] for section in sections()}
    for app in admin.site.get_app_list(request):
        for model in app["models"]:
            if model["admin_url"]:
                known: Any = admin.site.get_model_admin(model["model"])
                entry = {"title": capfirst(model["name"]), "icon": known.icon, "link": model["admin_url"]}
                lists.setdefault(known.section, []).append(entry)
    headed: list[dict[str, Any]] = [
        {"title": section, "items": sorted(those, key=_title)} for section, those in lists.items() if those
    ]
    return [{"items": ours}, *headed]


def _title(entry: dict[str, Any]) -> str:
    return str(entry["title"])


def sections() -> list[str]:
    """The headings of the menu in their order: those that each app's ``staff`` module names, and the site's own."""
    return [section for module in modules("staff") for section in getattr(module, "SECTIONS", ())] + [SYSTEM]


def stylesheet(_request: HttpRequest) -> str:
    return static("backoffice/pages.css")


def script(_request: HttpRequest) -> str:
    return static("backoffice/pages.js")


def icon(_request: HttpRequest) -> str:
    return static("backoffice/icon.svg")
