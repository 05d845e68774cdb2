"""Until when a credit for an outage may be claimed."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, last_of_month, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import MonthCredit
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words
from billing.policy.service_levels import terms_of_service


class ClaimFacts(Facts):
    service: Literal["voice", "chat", "email", "exchange"] = fact("Service", "email")
    ended_on: Date = fact("The outage ended on", "2026-04-08")


class ClaimWindow(NamedTuple):
    claim_by: date


@rule(
    "sla.claim_by",
    "Until when may a credit for an outage be claimed?",
    lambda outcome: f"A credit for the outage has to be claimed by {day_words(outcome.claim_by)}.",
)
def decide_sla_claim_by(sheet: Sheet, facts: ClaimFacts) -> Decision[ClaimWindow]:
    """The last day for claiming a credit: some days after the month of the outage, or some months after its end."""
    terms = None if sheet.service_credit is None else terms_of_service(sheet.service_credit, facts.service)
    if terms is None or (isinstance(terms, MonthCredit) and terms.claim_days is None):
        return not_covered(sheet)
    cite = Citations()
    if not isinstance(terms, MonthCredit):
        return decided(sheet, cite, ClaimWindow(months_after(facts.ended_on, cite(terms.claim_months))))
    days = cite(terms.claim_days) if terms.claim_days else 0
    return decided(sheet, cite, ClaimWindow(days_after(last_of_month(facts.ended_on), days)))
