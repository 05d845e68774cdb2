"""The start page: where each vendor's days stand, and what falls due in the coming weeks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backoffice import days
from backoffice.charts import by_day
from backoffice.discovery import modules
from backoffice.models import Run
from backoffice.pages.runs import state_of
from backoffice.terms.book import book

DAYS_AHEAD = 30
# Whoever has more of one thing than this is told so; nobody needs to know how many more.
COUNTED = 10_000

# What an app's ``due`` and ``stuck`` yield: what it is, the rows (or their number), and where they are listed.
Entry = tuple[str, QuerySet[Any] | int, str]


class Due(NamedTuple):
    """Something that falls due or is stuck: what, how often, and where the rows are."""

    words: str
    number: int
    href: str

    @property
    def shown(self) -> str:
        return f"{COUNTED:,}+" if self.number > COUNTED else f"{self.number:,}"


class Standing(NamedTuple):
    """Where one vendor's days stand."""

    vendor: str
    name: str
    zone: str
    local_day: date
    last_day: date | None
    state: str
    next_day: date | None


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the theme's start page shows beside its frame (settings.UNFOLD)."""
    standings = _standings() if request.user.has_perm("backoffice.view_run") else []
    first = books_day()
    last = first + timedelta(days=DAYS_AHEAD - 1)
    return context | {
        "title": "Today",
        "standings": standings,
        "first": first,
        "last": last,
        "due": [entry for entry in due(request, first, last) if entry.number],
        "strip": by_day("What falls due, day by day", _strip(request, first, last), _days(first, last), "things"),
        "charts": [
            one
            for module in modules("staff")
            if hasattr(module, "charts")
            for one in module.charts(request.user, first)
        ],
        "stuck": [entry for entry in stuck(request, standings) if entry.number],
        "by_hand": settings.DAYS_BY_HAND,
    }


def books_day() -> date:
    """Where the books stand: the calendar's day, or where staff open the days, the one that they have reached."""
    reached = days.next_days().values() if settings.DAYS_BY_HAND else ()
    return min(reached, default=timezone.localdate())


def due(request: HttpRequest, first: date, last: date) -> list[Due]:
    """What falls due between two days, both included, as far as this person may see it."""
    found = (module.due(request.user, first, last) for module in modules("staff") if hasattr(module, "due"))
    return [counted(entry) for entries in found for entry in entries]


def counted(entry: Entry) -> Due:
    """An entry with the number of its rows, which are counted no further than COUNTED and one more."""
    words, rows, href = entry
    return Due(words, rows if isinstance(rows, int) else rows.order_by()[: COUNTED + 1].count(), href)


def _strip(request: HttpRequest, first: date, last: date) -> Counter[date]:
    """How much falls due on each day between two, as the apps' ``by_day`` count it."""
    counts: Counter[date] = Counter()
    for module in modules("staff"):
        if hasattr(module, "by_day"):
            for day, number in module.by_day(request.user, first, last):
                counts[day] += number
    return counts


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def stuck(request: HttpRequest, standings: list[Standing]) -> Iterator[Due]:
    """What does not go on by itself: days that failed, and whatever the apps count among it."""
    failed = sum(standing.state == Run.State.FAILED for standing in standings)
    yield Due("vendor days that failed", failed, reverse("pages:runs"))
    for module in modules("staff"):
        if hasattr(module, "stuck"):
            yield from map(counted, module.stuck(request.user))


def _standings() -> list[Standing]:
    """The last opened day of every vendor that has runs or something to do."""
    now, at = timezone.now(), days.next_days()
    runs: dict[str, list[Run]] = defaultdict(list)
    for run in _runs_of_last_days():
        runs[run.vendor].append(run)
    found = []
    for vendor in book().vendors():
        if vendor in runs or vendor in at:
            sheet, those = book().newest(vendor), runs[vendor]
            last, state = (those[0].day, state_of(those)) if those else (None, "")
            found.append(
                Standing(vendor, sheet.name, sheet.zone.key, days.today(vendor, now), last, state, at.get(vendor))
            )
    return found


def _runs_of_last_days() -> list[Run]:
    newest: dict[str, date] = {}
    for vendor in book().vendors():
        last = Run.objects.filter(vendor=vendor).order_by("-day").values_list("day", flat=True).first()
        if last is not None:
            newest[vendor] = last
    return [run for vendor, day in newest.items() for run in Run.objects.filter(vendor=vendor, day=day)]
