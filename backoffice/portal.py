"""The portal's shell: each app plugs its pages in by a module named ``portal``.

Such a module has ``urlpatterns``, made by ``page``, and may have ``MENU`` (words and names of pages), ``needs`` and
``ahead`` (what waits for a person, and what falls due), and ``parts`` (what else stands on the start page).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods

from backoffice.days import next_days
from backoffice.discovery import modules

# How far the picture of the start page looks ahead.
DAYS_AHEAD = 90
WIDTH, MARGIN, NAME = 640, 12, 45


class Entry(NamedTuple):
    """A page in the menu, and whether it or one under it is open."""

    words: str
    href: str
    here: bool


class Need(NamedTuple):
    """Something that waits for who is signed in."""

    words: str
    href: str
    urgent: bool = False


class Deadline(NamedTuple):
    """A day ahead, and what falls due on it; ``cancels`` for a last day on which something can still be changed."""

    on: date
    words: str
    about: str
    href: str
    cancels: bool = False


class Mark(NamedTuple):
    """A deadline in the picture: where it stands, and which entries of the list it is."""

    x: int
    cancels: bool
    words: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the base page shows around every page (settings.TEMPLATES)."""
    return {"operator": settings.OPERATOR_NAME, "portal_menu": SimpleLazyObject(lambda: menu(request))}


def menu(request: HttpRequest) -> list[Entry]:
    """Home, and what the apps have."""
    home_address = reverse("portal:home")
    entries = [Entry("Home", home_address, request.path == home_address)]
    for module in modules("portal"):
        for words, name in getattr(module, "MENU", ()):
            address = reverse(name)
            entries.append(Entry(words, address, request.path.startswith(address)))
    return entries


def page(route: str, view: Callable[..., HttpResponseBase], name: str, *, acts: bool = False) -> URLPattern:
    """A page for who is signed in. It is kept in no cache, and only one that ``acts`` takes a form."""
    methods = ["GET", "HEAD", "POST"] if acts else ["GET", "HEAD"]
    inner = login_required(require_http_methods(methods)(_told(view)))

    @wraps(view)
    def personal(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = inner(request, *args, **kwargs)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    return path(route, personal, name=name)


def _told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Says in the portal's own words what a person may not do there, and what there is not."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return TemplateResponse(request, "portal/forbidden.html", status=403)
        except Http404:
            return TemplateResponse(request, "404.html", status=404)

    return answered


def today() -> date:
    """The day that the pages speak of: where staff open the days, the one that the books stand at."""
    reached = next_days().values() if settings.DAYS_BY_HAND else ()
    return min(reached, default=timezone.localdate())


def home(request: HttpRequest) -> HttpResponse:
    """What needs somebody now, what falls due, and what the apps have to show besides."""
    first = today()
    last = first + timedelta(days=DAYS_AHEAD)
    ahead = sorted(_all("ahead", request.user, first, last))
    context = {
        "needs": sorted(_all("needs", request.user, first), key=lambda need: not need.urgent),
        "ahead": ahead,
        "parts": list(_all("parts", request)),
        "picture": picture(ahead, first, last),
        "first": first,
        "last": last,
    }
    return TemplateResponse(request, "portal/home.html", context)


def _all(name: str, *arguments: Any) -> Iterator[Any]:
    for module in modules("portal"):
        if hasattr(module, name):
            yield from getattr(module, name)(*arguments)


def picture(ahead: Iterable[Deadline], first: date, last: date) -> dict[str, Any]:
    """The deadlines on a line from ``first`` to ``last``, one mark for all of a day, and the months under it."""

    def place(day: date) -> int:
        return MARGIN + round((day - first).days * (WIDTH - 2 * MARGIN) / (last - first).days)

    by_day: dict[date, list[Deadline]] = {}
    for deadline in ahead:
        by_day.setdefault(deadline.on, []).append(deadline)
    marks = [
        Mark(place(day), any(one.cancels for one in those), "; ".join(f"{one.words}: {one.about}" for one in those))
        for day, those in by_day.items()
    ]
    months = [day for day in (first + timedelta(days=step) for step in range(1, (last - first).days)) if day.day == 1]
    # A name near an end would be cut off.
    named = [(place(month), month) for month in months if NAME <= place(month) <= WIDTH - NAME]
    return {"width": WIDTH, "marks": marks, "months": named}


urlpatterns = [page("", home, "home")]
