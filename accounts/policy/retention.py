"""Until when data is kept after the end."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Keeping
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class RetentionFacts(Facts):
    data: Literal["contact", "account", "backup", "exchange_backup"] = fact("Which data", "contact")
    ended_on: Date = fact("The contract ended on", "2026-03-31")
    affiliate_runs: Flag = fact("A contract with an affiliate still runs", False, default=False)
    affiliates_ended_on: Date | None = fact("The last contract with an affiliate ended on", None, default=None)


class Retention(NamedTuple):
    """``erase_on`` is None while a contract with an affiliate keeps it."""

    erase_on: date | None


def tell_retention(outcome: Retention) -> str:
    if outcome.erase_on is None:
        return "It is kept, because a contract with an affiliate still runs."
    return f"It is erased on {day_words(outcome.erase_on)}."


@rule("retention.until", "Until when is data kept after the end?", tell_retention)
def decide_retention(sheet: Sheet, facts: RetentionFacts) -> Decision[Retention]:
    """The day on which this kind of data is erased."""
    keeping: Keeping | None = getattr(sheet.retention, facts.data) if sheet.retention else None
    if keeping is None or not (keeping.days or keeping.years):
        return not_covered(sheet)
    cite = Citations()
    erase_on = facts.ended_on
    if keeping.affiliates_count and cite(keeping.affiliates_count):
        if facts.affiliate_runs:
            return decided(sheet, cite, Retention(None))
        erase_on = max(erase_on, facts.affiliates_ended_on or erase_on)
    if keeping.years:
        erase_on = months_after(erase_on, 12 * cite(keeping.years))
    if keeping.days:
        erase_on = days_after(erase_on, cite(keeping.days))
    return decided(sheet, cite, Retention(erase_on))
