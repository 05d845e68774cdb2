"""By when a request for support must be answered."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from backoffice.terms.calendar import (
    elapsed_hours_after,
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


@rule(
    "support.due",
    "By when must a request for support be answered?",
    lambda o: f"An answer is due by {moment_words(o.due_at)}.",
)
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
