"""Rehearsals: a timeline is played into a scratch database, and what happened is told, each day and amount with its
clauses.

Each app that has a ``reports`` module brings in its ``TELLERS`` the functions that read the books afterwards and yield
what happened, each kind of thing in the order of its rows; they tell the story of one customer as well as that of a
timeline. Its ``AHEAD`` yield what is certain to come. What they yield says nothing that differs from one playing to the
next: no key of a row, no moment of a clock on the wall; rows are called what the timeline calls them. So the same
timeline under the same terms makes the same report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import Any, NamedTuple

from django.db import models

from backoffice import discovery
from backoffice.models import Run
from backoffice.terms.book import book
from backoffice.terms.words import day_words, listed
from backoffice.timeline import Entry, World
from backoffice.why import contract_words

WIDTH = 110


class Happening(NamedTuple):
    """One thing that happened: ``says`` it in a sentence, and has its days and amounts again as ``figures``.

    ``name`` is what the timeline calls the thing that it happened to, and ``because`` the clauses behind it.
    """

    on: date
    kind: str
    vendor: str
    sheet: str
    name: str
    customer: str
    says: str
    figures: Mapping[str, str | int | None]
    because: Sequence[Mapping[str, Any]]


class Undone(NamedTuple):
    """A vendor's day that could not be finished, and so none after it: the job that failed, and why."""

    vendor: str
    day: date
    job: str
    why: str


class Report(NamedTuple):
    """All that happened between two days, in order; the days are None where there was no event."""

    first: date | None
    last: date | None
    events: int
    happened: Sequence[Happening]
    undone: Sequence[Undone]


Teller = Callable[[World], Iterable[Happening]]


def tellers() -> list[Teller]:
    """All tellers, in the order of the apps and then of each one's ``TELLERS``."""
    return [tells for module in discovery.modules("reports") for tells in module.TELLERS]


def story(customer: int) -> list[Happening]:
    """All that has happened to one customer, in order, told from the books as they are."""
    world = World(customer)
    return sorted((one for tells in tellers() for one in tells(world)), key=_place)


def ahead(customer: int, day: date) -> list[Happening]:
    """What is certain to come for one customer after a day as things stand: the ``AHEAD`` tellers of the apps."""
    world = World(customer)
    told = (
        one for module in discovery.modules("reports") for tells in getattr(module, "AHEAD", ()) for one in tells(world)
    )
    return sorted((one for one in told if one.on > day), key=_place)


def days_of(row: models.Model, names: Iterable[str]) -> dict[str, str | None]:
    """Some days of a row as figures."""
    days = {name: getattr(row, name) for name in names}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def report(entries: Sequence[Entry], last: date | None, world: World, vendor: str | None = None) -> Report:
    """What the books hold after these events were played to a day; of one vendor, where one is given."""
    happened = [one for tells in tellers() for one in tells(world) if vendor in (None, one.vendor)]
    failed = Run.objects.filter(state=Run.State.FAILED, **({"vendor": vendor} if vendor else {}))
    undone = (Undone(run.vendor, run.day, run.job, run.error) for run in failed)
    first = entries[0].on if entries else None
    return Report(first, last, len(entries), sorted(happened, key=_place), sorted(undone))


def _place(one: Happening) -> tuple[date, str, str]:
    """By day, and on a day by what it happened to; beyond that the order of the tellers stays."""
    return one.on, one.name, one.customer


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "from": report.first and report.first.isoformat(),
        "to": report.last and report.last.isoformat(),
        "events": report.events,
        "happened": [one._asdict() | {"on": one.on.isoformat()} for one in report.happened],
        "undone": [one._asdict() | {"day": one.day.isoformat()} for one in report.undone],
    }


def as_text(report: Report) -> str:
    """The report for people: what it comes to, then day by day, then each clause once in our words."""
    return "\n".join([*_summary(report), *_day_by_day(report), *_clauses(report)]) + "\n"


def _summary(report: Report) -> Iterator[str]:
    if report.first is None or report.last is None:
        yield "There was no event, so nothing happened."
        return
    counts = sorted(Counter(one.kind for one in report.happened).items())
    came = listed([f"{kind} ({count})" for kind, count in counts]) if counts else "nothing to tell"
    span = f"{day_words(report.first)} to {day_words(report.last)}"
    yield from wrap(f"{report.events} events, played from {span}: {came}.", WIDTH)
    for one in report.undone:
        said = f"Not done: {book().newest(one.vendor).name}, {day_words(one.day)}, {one.job.lower()}: {one.why}"
        yield from ["", *wrap(said, WIDTH)]


def _day_by_day(report: Report) -> Iterator[str]:
    day = None
    for one in report.happened:
        if one.on != day:
            day = one.on
            yield from ["", day_words(day)]
        about = ", ".join(filter(None, (one.name, one.customer, book().sheet(one.sheet).name)))
        yield f"  {one.kind}: {about}"
        yield from _indented(one.says, 6)
        if clauses := "; ".join(dict.fromkeys(_clause_words(item) for item in one.because)):
            yield from _indented(f"[{clauses}]", 6)


def _clauses(report: Report) -> Iterator[str]:
    by_sheet: dict[str, dict[tuple[str, str], None]] = {}
    for one in report.happened:
        known = by_sheet.setdefault(one.sheet, {})
        known |= {(_clause_words(item), item["says"]): None for item in one.because}
    for sheet, items in sorted(by_sheet.items()):
        if items:
            yield from ["", f"Clauses of {contract_words(book().sheet(sheet))}, in our words"]
            for clause, says in sorted(items):
                yield from _indented(f"{clause}: {says}.", 2)


def _clause_words(item: Mapping[str, Any]) -> str:
    return f"{item['clause']} (our reading)" if item.get("reading") else str(item["clause"])


def _indented(text: str, by: int) -> list[str]:
    return wrap(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * (by + 2), break_on_hyphens=False)
