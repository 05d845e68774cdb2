"""When the credit of a bill that was rightly disputed is given."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class DisputeCreditFacts(Facts):
    answered_on: Date = fact("It was found right on", "2026-04-26")
    due_on: Date = fact("The bill is due on", "2026-04-30")
    next_due_on: Date | None = fact("Fees are due next after it on", "2026-05-30")


class DisputeCredit(NamedTuple):
    credit_on: date


@rule(
    "dispute.credit",
    "When is a bill credited that was rightly disputed?",
    lambda outcome: f"It is credited on {day_words(outcome.credit_on)}.",
)
def decide_dispute_credit(sheet: Sheet, facts: DisputeCreditFacts) -> Decision[DisputeCredit]:
    """The next day on which fees are due, this bill's own included; the day of the answer where none are due again."""
    if sheet.dispute is None or sheet.dispute.credited is None:
        return not_covered(sheet)
    cite = Citations()
    days = [facts.answered_on]
    if cite(sheet.dispute.credited) == "next_due":
        ahead = (facts.due_on, facts.next_due_on)
        days = [day for day in ahead if day is not None and day >= facts.answered_on] or days
    return decided(sheet, cite, DisputeCredit(min(days)))
