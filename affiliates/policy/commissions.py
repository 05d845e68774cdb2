"""What a purchase that was referred earns its partner."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import BalanceMoney, Currency, Facts, Money, fact
from backoffice.terms.money import rounded, zero
from backoffice.terms.question import QuestionError, mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.partners import Commission, Kind
from backoffice.terms.sheet import Sheet


class CommissionFacts(Facts):
    amount: Money = fact("Payment", "120.00")
    currency: Currency = fact("Currency", "USD")
    kind: Kind = fact("Kind of purchase", "first")
    agreed_fee: BalanceMoney | None = fact("Fee agreed with the partner, in the currency of balances", "40.00", None)


class Earning(NamedTuple):
    commission: Decimal


def tell_commission(outcome: Earning) -> str:
    return f"The commission is {outcome.commission}." if outcome.commission else "This purchase earns no commission."


@rule("commission.amount", "How much does a referred purchase earn?", tell_commission)
def decide_commission(sheet: Sheet, facts: CommissionFacts) -> Decision[Earning]:
    """The commission in the currency of partners' balances. ``currency_mismatch`` where it is a share of a payment in
    another currency, ``fee_missing`` where it is agreed with each partner and was not given."""
    terms = sheet.commission
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if cite(terms.basis) == "agreed_fee":
        return decided(sheet, cite, _agreed(sheet, terms, facts, cite))
    if terms.share is None:
        return not_covered(sheet)
    balance = sheet.payout.balance_currency if sheet.payout else sheet.currency
    currency = cite(balance)
    if facts.currency != currency:
        raise mismatch("currency", currency)
    if facts.kind not in cite(terms.kinds):
        return decided(sheet, cite, Earning(zero(currency)))
    return decided(sheet, cite, Earning(rounded(Fraction(facts.amount) * Fraction(cite(terms.share)), currency)))


def _agreed(sheet: Sheet, terms: Commission, facts: CommissionFacts, cite: Citations) -> Earning:
    """The fee agreed with the partner, whatever was paid and in which currency."""
    if facts.kind in cite(terms.kinds):
        if facts.agreed_fee is None:
            raise QuestionError("fee_missing", "agreed_fee", "the fee is agreed with each partner and must be given")
        return Earning(facts.agreed_fee)
    return Earning(zero((sheet.payout.balance_currency if sheet.payout else sheet.currency).value))
