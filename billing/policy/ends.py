"""What an end leaves to be settled beside a refund: who bears one, and until when what was not paid is due."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class BearerFacts(Facts):
    bought_from: Literal["vendor", "reseller"] = fact("The service was bought from the", "reseller")


class Bearer(NamedTuple):
    by: str


@rule(
    "refund.borne",
    "Who bears what comes back under the money-back guarantee?",
    lambda outcome: f"The {outcome.by} bears what comes back.",
)
def decide_refund_borne(sheet: Sheet, facts: BearerFacts) -> Decision[Bearer]:
    """Who gives the money back from its own pocket: the vendor, or the reseller who honours the guarantee itself."""
    terms = sheet.money_back
    if terms is None or terms.reseller_honours is None:
        return not_covered(sheet)
    cite = Citations()
    honours = cite(terms.reseller_honours)
    return decided(sheet, cite, Bearer("reseller" if honours and facts.bought_from == "reseller" else "vendor"))


class UnpaidFacts(Facts):
    ended_on: Date = fact("Last day of service", "2026-03-31")


class UnpaidAtEnd(NamedTuple):
    due_by: date


@rule(
    "end.unpaid",
    "Until when is a period due that was not paid when its contract ended early?",
    lambda outcome: f"All of the period is due by {day_words(outcome.due_by)}, and nothing of it comes back.",
)
def decide_end_unpaid(sheet: Sheet, facts: UnpaidFacts) -> Decision[UnpaidAtEnd]:
    """The last day on which all of a period that was not prepaid is to be paid in one sum."""
    terms = sheet.early_termination
    if terms is None or terms.unpaid_due_days is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, UnpaidAtEnd(days_after(facts.ended_on, cite(terms.unpaid_due_days))))
