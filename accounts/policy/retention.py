"""Until when data is kept after the end."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Keeping
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class RetentionFacts(Facts):
    data: Literal["contact", "account", "backup", "exchange_backup"] = fact("Which data", "contact")
    ended_on: Date = fact("The contract ended on", "2026-03-31")


class Retention(NamedTuple):
    erase_on: date


@rule(
    "retention.until", "Until when is data kept after the end?", lambda o: f"It is erased on {day_words(o.erase_on)}."
)
def decide_retention(sheet: Sheet, facts: RetentionFacts) -> Decision[Retention]:
    """The day on which this kind of data is erased."""
    keeping: Keeping | None = getattr(sheet.retention, facts.data) if sheet.retention else None
    if keeping is None or not (keeping.days or keeping.years):
        return not_covered(sheet)
    cite = Citations()
    erase_on = facts.ended_on
    if keeping.years:
        erase_on = months_after(erase_on, 12 * cite(keeping.years))
    if keeping.days:
        erase_on = days_after(erase_on, cite(keeping.days))
    return decided(sheet, cite, Retention(erase_on))
