"""The portal's shell: each app plugs its pages in by a module named ``portal``."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject


class Entry(NamedTuple):
    """A page in the menu, and whether it is the one that is open."""

    words: str
    href: str
    here: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the base page shows around every page (settings.TEMPLATES)."""
    return {"operator": settings.OPERATOR_NAME, "portal_menu": SimpleLazyObject(lambda: menu(request))}


def menu(request: HttpRequest) -> list[Entry]:
    """Home, and what the apps have for whoever is signed in."""
    pages = [("Home", "portal:home")]
    return [Entry(words, reverse(name), request.path == reverse(name)) for words, name in pages]


@login_required
def home(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "portal/home.html")


urlpatterns = [path("", home, name="home")]
