"""When a partner's commissions are paid, and what is left of them to pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from backoffice.terms.calendar import days_after, last_of_month, month_length, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Currency, Date, ExchangeRate, Facts, Flag, Listed, Money, fact
from backoffice.terms.money import rounded, zero
from backoffice.terms.question import QuestionError, mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.partners import FirstPayout, PayeeDocument, Payout, PayoutMethod
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed, spoken


class WindowFacts(Facts):
    qualified_on: Date = fact("The purchase qualified on", "2026-01-31")
    hold_months: Count = fact("Months for which it is held for verification", 0)


class Window(NamedTuple):
    determined_on: date
    pay_from: date
    pay_to: date


def tell_window(outcome: Window) -> str:
    paid = f"it is paid from {day_words(outcome.pay_from)} to {day_words(outcome.pay_to)}"
    return f"The commission is determined on {day_words(outcome.determined_on)}; {paid}."


@rule("payout.window", "When is a commission paid?", tell_window)
def decide_payout_window(sheet: Sheet, facts: WindowFacts) -> Decision[Window]:
    """The days on which a commission is determined and paid; ``hold_too_long`` for more than the contract allows."""
    terms = sheet.payout.window if sheet.payout else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    most = cite(terms.most_hold_months)
    if facts.hold_months > most:
        raise QuestionError("hold_too_long", "hold_months", f"a commission may be held for {most} months at most")
    month = months_after(facts.qualified_on.replace(day=1), facts.hold_months)
    paid_in = months_after(month, cite(terms.months_later))
    # A day that the month does not have is its last: it is then paid on that day alone.
    pay_from = paid_in.replace(day=min(cite(terms.from_day), month_length(paid_in.year, paid_in.month)))
    determined_on = days_after(last_of_month(month), cite(terms.determined_days))
    return decided(sheet, cite, Window(determined_on, pay_from, last_of_month(paid_in)))


class Credit(Facts):
    """A commission that was credited to the partner."""

    on: Date = fact("Credited on", "2026-01-31")
    amount: Money = fact("Amount", "150.00")


class NetFacts(Facts):
    credits: Annotated[tuple[Credit, ...], Listed] = fact("Credits", [{"on": "2026-01-31", "amount": "150.00"}], [])
    currency: Currency = fact("Currency", "USD", "CAD")
    first_payout: Flag = fact("It is the partner's first payout", True)
    requested: Flag = fact("The partner asked for it", True)
    documents: Annotated[tuple[PayeeDocument, ...], Listed] = fact(
        "Documents that the partner sent", ["identity", "residence"], []
    )
    method: PayoutMethod = fact("Way of payment", "paypal")
    reissue: Flag = fact("It is paid anew", False)
    transfer_fee: Money = fact("Fee of the transfer", "0.00", "4.50")
    usd_rate: ExchangeRate = fact("Units of the currency for one US dollar", "1", "1.36")
    as_of: Date = fact("As of", "2026-03-16")


class Deduction(NamedTuple):
    kind: Literal["reissue", "transfer_fee"]
    amount: Decimal


class Net(NamedTuple):
    payable: bool
    gross: Decimal
    deductions: tuple[Deduction, ...]
    net: Decimal
    reasons: tuple[str, ...]
    lapses_on: date | None


def tell_net(outcome: Net) -> str:
    if outcome.payable:
        taken = [f"{item.amount} for the {spoken(item.kind)}" for item in outcome.deductions]
        less = f" less {listed(taken)}" if taken else ""
        return f"{outcome.net} is paid: {outcome.gross} in credits{less}."
    lapses = f" The credits lapse after {day_words(outcome.lapses_on)}." if outcome.lapses_on else ""
    return f"Nothing is paid: {listed([spoken(reason) for reason in outcome.reasons])}.{lapses}"


@rule("payout.net", "What is left to pay of a partner's credits?", tell_net)
def decide_payout_net(sheet: Sheet, facts: NetFacts) -> Decision[Net]:
    """Whether and how much of the credits up to ``as_of`` is paid, in the currency of balances (``currency_mismatch``
    for another), and until when a first payout that is too small may still grow."""
    terms = sheet.payout
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    currency = cite(terms.balance_currency)
    if facts.currency != currency:
        raise mismatch("currency", currency)
    credits = [credit for credit in facts.credits if credit.on <= facts.as_of]
    gross = sum((credit.amount for credit in credits), zero(currency))
    reasons, lapses_on = _obstacles(terms, facts, credits, gross, cite)
    deductions = () if reasons else _deductions(terms, facts, currency, cite)
    net = gross - sum((item.amount for item in deductions), zero(currency))
    if not reasons and net <= 0:
        reasons = ("nothing_to_pay",)
    if reasons:
        return decided(sheet, cite, Net(False, gross, (), zero(currency), reasons, lapses_on))
    return decided(sheet, cite, Net(True, gross, deductions, net, (), None))


def _obstacles(
    terms: Payout, facts: NetFacts, credits: Sequence[Credit], gross: Decimal, cite: Citations
) -> tuple[tuple[str, ...], date | None]:
    """Why nothing is paid, in one order for every programme, and the day until which a first payout may still grow."""
    too_little, lapses_on = None, None
    if facts.first_payout and terms.first is not None:
        too_little, lapses_on = _first_threshold(terms.first, credits, facts.as_of, cite)
    if terms.least is not None and gross < cite(terms.least):
        too_little = too_little or "below_threshold"
    found = (
        "not_requested" if not facts.requested and terms.on_request is not None and cite(terms.on_request) else None,
        too_little,
        None if _identified(terms, facts, cite) else "identity_missing",
        None if _method_offered(terms, facts, gross, cite) else "method_not_offered",
    )
    return tuple(reason for reason in found if reason), lapses_on


def _first_threshold(
    terms: FirstPayout, credits: Sequence[Credit], as_of: date, cite: Citations
) -> tuple[str | None, date | None]:
    """Why the first payout must wait or is lost, and the last day on which credits still count towards it."""
    least = cite(terms.least)
    if not credits:
        return ("below_threshold" if least else None), None
    last = months_after(min(credit.on for credit in credits), cite(terms.months))
    if sum(credit.amount for credit in credits if credit.on <= last) >= least:
        return None, None
    return ("below_threshold" if as_of <= last else "threshold_lapsed"), last


def _identified(terms: Payout, facts: NetFacts, cite: Citations) -> bool:
    if not facts.first_payout or terms.first_documents is None:
        return True
    return all(document in facts.documents for document in cite(terms.first_documents))


def _method_offered(terms: Payout, facts: NetFacts, gross: Decimal, cite: Citations) -> bool:
    if facts.method not in cite(terms.methods):
        return False
    if facts.method != "wire" or terms.wire_over_usd is None:
        return True
    return Fraction(gross) > Fraction(cite(terms.wire_over_usd)) * Fraction(facts.usd_rate)


def _deductions(terms: Payout, facts: NetFacts, currency: str, cite: Citations) -> tuple[Deduction, ...]:
    """What is taken off a payout, each amount above nothing."""
    deductions = []
    if facts.reissue and terms.reissue_usd is not None:
        charge = Fraction(cite(terms.reissue_usd)) * Fraction(facts.usd_rate)
        deductions.append(Deduction("reissue", rounded(charge, currency)))
    if facts.transfer_fee and facts.method in cite(terms.fee_borne_on):
        deductions.append(Deduction("transfer_fee", facts.transfer_fee))
    return tuple(deductions)
