"""What comes back: the satisfaction guarantee, and the rest of a prepaid period that ends early."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Currency, Date, Facts, Flag, Listed, Method, Money, Party, Positive, fact
from backoffice.terms.money import rounded, zero
from backoffice.terms.months import months_later, whole_months
from backoffice.terms.question import QuestionError, mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import EarlyTermination, LineKind, MoneyBack, Product
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import spoken

Cause = Literal["convenience", "vendor_breach", "customer_breach", "service_end"]


class Line(Facts):
    kind: LineKind = fact("Kind of charge", "service")
    amount: Money = fact("Amount", "120.00")


class MoneyBackFacts(Facts):
    effective_on: Date = fact("The service began on", "2026-04-01")
    requested_on: Date = fact("The money was asked back on", "2026-04-06")
    method: Method = fact("Paid by", "card")
    lines: Annotated[tuple[Line, ...], Listed] = fact("Charges", [{"kind": "service", "amount": "120.00"}])
    domain_retained: Flag = fact("The customer keeps the domain", False)
    domain_regular_price: Money = fact("Regular price of the domain", "15.00")


class MoneyBackOutcome(NamedTuple):
    eligible: bool
    refund: Decimal
    channel: str | None
    reason: str | None


def tell_money_back(outcome: MoneyBackOutcome) -> str:
    if outcome.reason is not None:
        return f"Nothing comes back: {spoken(outcome.reason)}."
    channel = "to the card" if outcome.channel == "card" else "by cheque"
    return f"{outcome.refund} comes back, {channel}."


@rule("refund.money_back", "Does the money-back guarantee hold?", tell_money_back)
def decide_money_back(sheet: Sheet, facts: MoneyBackFacts) -> Decision[MoneyBackOutcome]:
    """What comes back under the guarantee and how, or the first reason for which nothing does."""
    terms = sheet.money_back
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    reason = None
    if facts.method in cite(terms.methods_excluded):
        reason = f"paid_by_{facts.method}"
    elif facts.requested_on > days_after(facts.effective_on, cite(terms.days)):
        reason = "too_late"
    if reason is not None:
        return decided(sheet, cite, MoneyBackOutcome(False, zero(sheet.currency.value), None, reason))
    refund = _guaranteed(terms, facts, zero(sheet.currency.value), cite)
    channel = "card" if facts.method in cite(terms.methods_to_card) else "check"
    return decided(sheet, cite, MoneyBackOutcome(True, refund, channel, None))


def _guaranteed(terms: MoneyBack, facts: MoneyBackFacts, nothing: Decimal, cite: Citations) -> Decimal:
    """The charges that come back, less what is still to be paid of the regular price of a domain that is kept."""
    kinds = cite(terms.kinds_refunded)
    refund = sum((line.amount for line in facts.lines if line.kind in kinds), nothing)
    if facts.domain_retained and cite(terms.kept_domain_deducted):
        paid = sum((line.amount for line in facts.lines if line.kind == "domain_registration"), nothing)
        refund -= max(facts.domain_regular_price - paid, nothing)
    return max(refund, nothing)


class TerminationFacts(Facts):
    price: Money = fact("Price of the whole prepaid period", "1000.00")
    currency: Currency = fact("Currency", "USD")
    start: Date = fact("First day of the period", "2026-01-01")
    cycle_months: Positive = fact("Months of the period", 12)
    terminated_on: Date = fact("Last day of service", "2026-03-31")
    by: Party = fact("Ended by the", "customer")
    cause: Cause = fact("Cause", "convenience")
    product: Product = fact("Product", "service")


class Unused(NamedTuple):
    unit: str
    # The interface's name for it, which hides a method of tuples that nothing here calls.
    count: int  # type: ignore[assignment]


class Refund(NamedTuple):
    refund: Decimal
    fee: Decimal
    unused: Unused | None


def tell_refund(outcome: Refund) -> str:
    unused = f" for {outcome.unused.count} unused {outcome.unused.unit}" if outcome.unused else ""
    if not outcome.refund:
        return f"Nothing comes back{unused}."
    fee = f", after a fee of {outcome.fee}" if outcome.fee else ""
    return f"{outcome.refund} comes back{unused}{fee}."


@rule("refund.early_termination", "What comes back when a prepaid period ends early?", tell_refund)
def decide_early_termination(sheet: Sheet, facts: TerminationFacts) -> Decision[Refund]:
    """The refund of the unused part, and the fee that was taken from it. ``currency_mismatch`` for a currency that is
    not the contract's; ``date_order`` for an end before the start where the unused part is counted."""
    terms = sheet.early_termination
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    refunded = _is_refunded(terms, facts, cite)
    if refunded is None or (refunded and terms.unit is None):
        return not_covered(sheet)
    currency = cite(sheet.currency)
    if facts.currency != currency:
        raise mismatch("currency", currency)
    if terms.unit is not None and facts.terminated_on < facts.start:
        raise QuestionError("date_order", "terminated_on", "the period ended before it began")
    nothing = zero(currency)
    if terms.unit is None or (terms.products is not None and facts.product not in cite(terms.products)):
        return decided(sheet, cite, Refund(nothing, nothing, None))
    unit = cite(terms.unit)
    count, whole = (_unused_months if unit == "months" else _unused_days)(sheet, facts, cite)
    if not refunded:
        return decided(sheet, cite, Refund(nothing, nothing, Unused(unit, count)))
    fee = _leaving_fee(terms, facts, cite)
    refund = max(Fraction(facts.price) * count / whole - fee, Fraction(0))
    return decided(sheet, cite, Refund(rounded(refund, currency), rounded(fee, currency), Unused(unit, count)))


def _is_refunded(terms: EarlyTermination, facts: TerminationFacts, cite: Citations) -> bool | None:
    """Whether the unused part comes back; None where the contract does not say."""
    if facts.cause == "customer_breach" and cite(terms.breach_forfeits):
        return False
    if facts.by == "vendor":
        return None if terms.vendor_ends is None else cite(terms.vendor_ends)
    leaves = cite(terms.customer_leaves)
    return leaves == "unused_part" or (leaves == "on_vendor_breach" and facts.cause == "vendor_breach")


def _leaving_fee(terms: EarlyTermination, facts: TerminationFacts, cite: Citations) -> Fraction:
    """The exact fee that a customer who leaves early owes."""
    if facts.by == "vendor" or terms.customer_fee is None:
        return Fraction(0)
    return Fraction(facts.price) * Fraction(cite(terms.customer_fee))


def _unused_months(sheet: Sheet, facts: TerminationFacts, cite: Citations) -> tuple[int, int]:
    """The months that had not begun by the last day of service, and all months of the period."""
    begun = whole_months(sheet, facts.start, facts.terminated_on, cite) + 1
    return max(facts.cycle_months - begun, 0), facts.cycle_months


def _unused_days(sheet: Sheet, facts: TerminationFacts, cite: Citations) -> tuple[int, int]:
    """The days after the last day of service, and all days of the period."""
    next_start = months_later(sheet, facts.start, facts.cycle_months, cite)
    unused = (next_start - facts.terminated_on).days - 1
    return max(unused, 0), (next_start - facts.start).days
