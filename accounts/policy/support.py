"""By when a request for support must be answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from backoffice.terms.calendar import (
    days_after,
    elapsed_hours_after,
    is_working_day,
    months_after,
    next_opening,
    office_hours_after,
    working_day_from,
    working_days_after,
)
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Moment, Text, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import moment_words


class SupportFacts(Facts):
    priority: Text = fact("Priority, as the contract names it", "P1")
    reported_at: Moment = fact("Reported at", "2026-04-08T11:00:00+01:00")


class SupportDue(NamedTuple):
    due_at: datetime


def tell_support_due(outcome: SupportDue) -> str:
    return f"An answer is due by {moment_words(outcome.due_at)}."


@rule("support.due", "By when must a request for support be answered?", tell_support_due)
def decide_support_due(sheet: Sheet, facts: SupportFacts) -> Decision[SupportDue]:
    """The moment, in the vendor's zone, by which a request of this priority must have been answered."""
    terms = sheet.support
    priority = terms.priorities.get(facts.priority) if terms else None
    if terms is None or priority is None:
        return not_covered(sheet)
    cite = Citations()
    if sheet.time_zone:
        cite(sheet.time_zone)
    measure, count = cite(priority.measure), cite(priority.count)
    if measure == "elapsed_hours":
        return decided(sheet, cite, SupportDue(elapsed_hours_after(facts.reported_at.astimezone(sheet.zone), count)))
    holidays = cite(sheet.public_holidays) if sheet.public_holidays else ""
    opens = cite(terms.opens) if terms.opens else time.min
    closes = cite(terms.closes) if terms.closes else time.max
    start = next_opening(facts.reported_at, opens, closes, holidays, sheet.zone)
    if measure == "office_hours":
        return decided(sheet, cite, SupportDue(office_hours_after(start, count, opens, closes, holidays)))
    day = start.date()
    day = (
        working_days_after(day, count, holidays)
        if measure == "working_days"
        else working_day_from(months_after(day, count), holidays)
    )
    return decided(sheet, cite, SupportDue(datetime.combine(day, start.time(), sheet.zone)))


def part_over_at(sheet: Sheet, priority: str, begin: datetime, due_at: datetime, percent: int) -> datetime:
    """When a part of the time from ``begin`` to ``due_at`` is over, in percent, counted as the contract counts it: in
    office hours where it speaks of them. It is when we are warned, not what anybody is owed, so it cites nothing."""
    windows = list(_windows(sheet, priority, begin.astimezone(UTC), due_at.astimezone(UTC)))
    left = sum((end - start for start, end in windows), timedelta()) * percent / 100
    for start, end in windows:
        if left < end - start:
            return start + left
        left -= end - start
    return due_at


def _windows(sheet: Sheet, priority: str, begin: datetime, due_at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time that count between two moments in UTC."""
    terms = sheet.support
    known = terms.priorities.get(priority) if terms else None
    if terms is None or known is None or known.measure.value == "elapsed_hours" or not (terms.opens and terms.closes):
        yield begin, due_at
        return
    holidays = sheet.public_holidays.value if sheet.public_holidays else ""
    day, last = begin.astimezone(sheet.zone).date(), due_at.astimezone(sheet.zone).date()
    while day <= last:
        if is_working_day(day, holidays):
            opens = datetime.combine(day, terms.opens.value, sheet.zone).astimezone(UTC)
            closes = datetime.combine(day, terms.closes.value, sheet.zone).astimezone(UTC)
            if max(opens, begin) < min(closes, due_at):
                yield max(opens, begin), min(closes, due_at)
        day = days_after(day, 1)
