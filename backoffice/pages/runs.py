"""The days' runs: which vendor's day is done, what is at work now, what failed and why, and what each day made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Max
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from backoffice import days, tasks
from backoffice.discovery import modules
from backoffice.models import Run
from backoffice.pages.shell import page
from backoffice.terms.book import book
from backoffice.terms.words import day_words

WEEKS_SHOWN = 3
MADE_SHOWN = 200
# A worker takes a moment to take up what was asked for; so long, at most, the page looks every second.
WATCHED = timedelta(seconds=30)
# A day that had failed looks failed until a worker takes it up again, which is given this long.
TAKEN_UP = timedelta(seconds=3)
# Of a day's jobs, the state that says most about the day.
WORST_FIRST = (Run.State.FAILED, Run.State.RUNNING, Run.State.WAITING, Run.State.DONE)
NEXT = {
    Run.State.DONE: "It is finished; running it again would change nothing.",
    Run.State.RUNNING: "Somebody is at work on it. Should they be stopped, the next one goes on where they were.",
    Run.State.WAITING: "It begins when the job before it is done.",
    Run.State.FAILED: "Later days of this vendor wait for it. It is tried again with the next round, or when you run "
    "the day; what it did before it failed is kept and not done twice.",
}
may_see = permission_required("backoffice.view_run", raise_exception=True)
may_run = permission_required("backoffice.change_run", raise_exception=True)


class Cell(NamedTuple):
    """One vendor's day in the calendar; ``state`` is empty for a day that has no runs."""

    day: date
    state: str = ""
    moved: int = 0
    seconds: float = 0
    href: str = ""
    is_next: bool = False


class Made(NamedTuple):
    """Something that a day made, in words, and where it is."""

    words: str
    href: str


@require_safe
@may_see
def calendar(request: HttpRequest) -> HttpResponseBase:
    """Vendors' days of the last weeks; htmx asks for the calendar alone, again and again while something moves."""
    context = _calendar(request.GET.get("watch", ""), request.GET.getlist("of"), timezone.now())
    if getattr(request, "htmx", False):
        return render(request, "backoffice/calendar.html", context)
    return page(request, "runs.html", "Runs", **context)


def _calendar(watched: str, asked: list[str], now: datetime) -> dict[str, Any]:
    at = days.next_days()
    last_run = Run.objects.aggregate(last=Max("day"))["last"]
    last = max(filter(None, [last_run, *at.values()]), default=None)
    if last is None:
        return {"rows": [], "columns": [], "pause": 10, "waiting": []}
    columns = [last - timedelta(days=back) for back in reversed(range(7 * WEEKS_SHOWN))]
    runs = list(Run.objects.filter(day__gte=columns[0], vendor__in=book().vendors()).order_by("id"))
    unfinished = [run for run in runs if run.state != Run.State.DONE]
    failed = {run.vendor for run in unfinished if run.state == Run.State.FAILED}
    awaited = {vendor for vendor, day in at.items() if f"{vendor}/{day}" in asked}
    watching = (awaited - failed and _is_within(WATCHED, watched, now)) or (
        awaited and _is_within(TAKEN_UP, watched, now)
    )
    moving = watching or any(run.state == Run.State.RUNNING for run in unfinished)
    return {
        "rows": _rows(runs, columns, at),
        "columns": columns,
        "unfinished": [(run, NEXT[Run.State(run.state)], _day_address(run.vendor, run.day)) for run in unfinished],
        "names": _names(),
        "pause": 1 if moving else 10,
        "watched": _watching(watched, asked) if watching else "",
        "waiting": _by_day(_to_run(at, now)),
        "by_hand": settings.DAYS_BY_HAND,
    }


def _watching(moment: str, asked: Iterable[str]) -> str:
    """What follows the address of the calendar after somebody asked, at a moment, for some vendors' days."""
    return "?" + urlencode({"watch": moment, "of": list(asked)}, doseq=True)


def _is_within(span: timedelta, moment: str, now: datetime) -> bool:
    """Whether somebody asked for a day so long ago at most; anything but a moment in the address counts as none."""
    try:
        return timedelta(0) <= now - datetime.fromisoformat(moment) < span
    except (ValueError, TypeError):
        return False


def _names() -> dict[str, str]:
    return {vendor: book().newest(vendor).name for vendor in book().vendors()}


def _by_day(waiting: Mapping[str, date]) -> list[tuple[date, list[str]]]:
    """The days to be run, each with the names of its vendors."""
    names = _names()
    return [
        (day, [names[vendor] for vendor, other in waiting.items() if other == day])
        for day in sorted(set(waiting.values()))
    ]


def _rows(runs: Iterable[Run], columns: list[date], at: Mapping[str, date]) -> list[dict[str, Any]]:
    by_day: dict[tuple[str, date], list[Run]] = defaultdict(list)
    for run in runs:
        by_day[run.vendor, run.day].append(run)
    vendors = sorted({vendor for vendor, _ in by_day} | at.keys())
    names = _names()
    return [
        {"name": names[vendor], "cells": [_cell(vendor, day, by_day[vendor, day], at.get(vendor)) for day in columns]}
        for vendor in vendors
        if vendor in names
    ]


def _cell(vendor: str, day: date, runs: list[Run], next_day: date | None) -> Cell:
    if not runs:
        return Cell(day, is_next=day == next_day)
    moved, seconds = sum(run.count for run in runs), sum(run.seconds for run in runs)
    return Cell(day, state_of(runs), moved, seconds, _day_address(vendor, day), day == next_day)


def state_of(runs: Iterable[Run]) -> str:
    """The state of a day: failed, or at work, or done once every job of it is."""
    states = {run.state for run in runs}
    if states == {Run.State.DONE, Run.State.WAITING}:
        return Run.State.RUNNING
    return next(state for state in WORST_FIRST if state in states)


def _day_address(vendor: str, day: date) -> str:
    return reverse("pages:day", args=(vendor, day))


def _to_run(at: Mapping[str, date], now: datetime) -> dict[str, date]:
    """The days that "run the next day" would run: the vendors that are furthest behind, and whatever has failed.

    Where the clock opens the days, only those that have begun.
    """
    open_days = {v: day for v, day in at.items() if settings.DAYS_BY_HAND or day <= days.today(v, now)}
    failed = set(
        Run.objects.filter(state=Run.State.FAILED, vendor__in=open_days).order_by().values_list("vendor", flat=True)
    )
    first = min((day for vendor, day in open_days.items() if vendor not in failed), default=None)
    return {vendor: day for vendor, day in open_days.items() if vendor in failed or day == first}


@require_POST
@may_run
def run_next(request: HttpRequest) -> HttpResponseBase:
    """Tells the workers to run the next day; the calendar then shows how it goes."""
    now = timezone.now()
    waiting = _to_run(days.next_days(), now)
    if not waiting:
        messages.info(request, "There is no day to run yet: the next one has not begun.")
        return redirect("pages:runs")
    try:
        for vendor, day in waiting.items():
            tasks.run_day.delay(vendor, day.isoformat())
    except OperationalError:
        messages.error(request, "The workers cannot be reached. See that the broker and a worker run, then try again.")
        return redirect("pages:runs")
    words = ", ".join(sorted({day_words(day) for day in waiting.values()}))
    messages.success(request, f"{words} was handed to the workers for {len(waiting)} vendor(s).")
    asked = (f"{vendor}/{day}" for vendor, day in waiting.items())
    return redirect(reverse("pages:runs") + _watching(now.isoformat(), asked))


@require_safe
@may_see
def day(request: HttpRequest, vendor: str, day: date) -> HttpResponseBase:
    """One vendor's day: its jobs in order, and everything it made, each with a link."""
    runs = list(Run.objects.filter(vendor=vendor, day=day).order_by("id"))
    if not runs:
        raise Http404("this vendor has no runs on that day")
    state = state_of(runs)
    context = {
        "runs": [(run, NEXT[Run.State(run.state)]) for run in runs],
        "state": state,
        "made": made(vendor, day),
        "live": state in (Run.State.RUNNING, Run.State.WAITING),
        "shown": MADE_SHOWN,
    }
    if getattr(request, "htmx", False):
        return render(request, "backoffice/day_state.html", context)
    name = _names().get(vendor, vendor)
    return page(request, "day.html", f"{name}, {day_words(day)}", vendor_name=name, day=day, **context)


def made(vendor: str, day: date) -> list[tuple[str, int, list[Made]]]:
    """What a vendor's day made, by kind: the kind in words, how many there are, and the first of them."""
    kinds = chain.from_iterable(
        module.made(vendor, day, MADE_SHOWN) for module in modules("staff") if hasattr(module, "made")
    )
    return [(words, count, [Made(*item) for item in items]) for words, count, items in kinds]
