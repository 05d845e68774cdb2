"""Until when a credit for an outage may be claimed, what a claim must hold, and the most that a month gives back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, last_of_month, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Date, Facts, Flag, Money, fact
from backoffice.terms.money import rounded, zero
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import MonthCredit
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed
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


ClaimPart = Literal["start", "end", "traceroutes"]


class CreditClaimFacts(Facts):
    service: Literal["voice", "chat", "email", "exchange"] = fact("Service", "email")
    began_on: Date = fact("The outage began on", "2026-04-08")
    claimed_on: Date = fact("The claim came on", "2026-05-04")
    start_told: Flag = fact("It tells when the outage began", True)
    end_told: Flag = fact("It tells when the outage was over", True)
    traceroutes: Count = fact("Traceroutes in it", 3)


class CreditClaimAnswer(NamedTuple):
    """The last day for reporting the outage (None where the contract names none), what the claim lacks, and between
    which days it is answered (None where the contract names none)."""

    report_by: date | None
    lacks: tuple[ClaimPart, ...]
    answer_from: date | None
    answer_by: date | None


LACKING: dict[str, str] = {
    "start": "when it began",
    "end": "when it was over",
    "traceroutes": "traceroutes taken meanwhile",
}


def tell_claim(outcome: CreditClaimAnswer) -> str:
    lacks = f"It lacks {listed([LACKING[part] for part in outcome.lacks])}." if outcome.lacks else "It is complete."
    by = f" The outage has to be reported by {day_words(outcome.report_by)}." if outcome.report_by else ""
    answer = f" It is answered by {day_words(outcome.answer_by)}." if outcome.answer_by else ""
    return lacks + by + answer


@rule("sla.claim", "Is a claim for a credit complete, and when is it answered?", tell_claim)
def decide_sla_claim(sheet: Sheet, facts: CreditClaimFacts) -> Decision[CreditClaimAnswer]:
    """What a claim lacks of what the contract wants in it, and the days that run with it."""
    terms = None if sheet.service_credit is None else terms_of_service(sheet.service_credit, facts.service)
    if not isinstance(terms, MonthCredit) or terms.claim_holds is None:
        return not_covered(sheet)
    cite = Citations()
    told = {"start": facts.start_told, "end": facts.end_told}
    lacks: list[ClaimPart] = [part for part in cite(terms.claim_holds) if not told[part]]
    if terms.traceroutes is not None and facts.traceroutes < cite(terms.traceroutes):
        lacks.append("traceroutes")
    report_by = days_after(facts.began_on, cite(terms.report_days)) if terms.report_days else None
    first, last = terms.answer_from_days, terms.answer_by_days
    answer_from = days_after(facts.claimed_on, cite(first)) if first else None
    answer_by = days_after(facts.claimed_on, cite(last)) if last else None
    return decided(sheet, cite, CreditClaimAnswer(report_by, tuple(lacks), answer_from, answer_by))


class CapFacts(Facts):
    service: Literal["voice", "chat", "email", "exchange"] = fact("Service", "email")
    monthly_fee: Money = fact("Fee of the month", "90.00")
    given: Money = fact("Credited and refunded for the month already", "80.00")
    credit: Money = fact("To be credited now", "13.50")


class Capped(NamedTuple):
    credit: Decimal


def tell_cap(outcome: Capped) -> str:
    return f"{outcome.credit} of it may be credited."


@rule(
    "sla.cap",
    "How much of a credit does the month's fee leave room for?",
    tell_cap,
)
def decide_sla_cap(sheet: Sheet, facts: CapFacts) -> Decision[Capped]:
    """What may still be credited for a month: with all that was credited and refunded for it before, no more than the
    contract's share of its fee."""
    terms = None if sheet.service_credit is None else terms_of_service(sheet.service_credit, facts.service)
    if not isinstance(terms, MonthCredit):
        return not_covered(sheet)
    cite = Citations()
    most = rounded(Fraction(facts.monthly_fee) * Fraction(cite(terms.most_percent)) / 100, sheet.currency.value)
    room = max(most - facts.given, zero(sheet.currency.value))
    return decided(sheet, cite, Capped(min(facts.credit, room)))
