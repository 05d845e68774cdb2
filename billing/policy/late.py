"""What a debt costs that is not paid in time: interest, fees, and the costs of recovering it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Currency, Date, Facts, Listed, Money, Rate, fact
from backoffice.terms.money import Ratio, rounded, whole_units_below, zero
from backoffice.terms.months import months_later, whole_months
from backoffice.terms.question import QuestionError, mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import CollectionFee, CostKind, LateCharges
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed, spoken

Incident = Literal["returned_check", "investigation"]

# Rates have at most so many decimals, so in these units they are whole numbers, which add up fast and exactly.
RATE_DIGITS = 20
RATE_UNITS = 10**RATE_DIGITS
# So do amounts, in any currency.
AMOUNT_DIGITS = 4
AMOUNT_UNITS = 10**AMOUNT_DIGITS


class Cost(Facts):
    kind: CostKind = fact("Kind of cost", "collection")
    amount: Money = fact("Amount", "80.00")
    on: Date = fact("Incurred on", "2026-05-20")


class RateStep(Facts):
    from_: Date = fact("In force from", "2026-01-01", alias="from")
    rate: Rate = fact("Rate a year, as a share", "0.0375")


class LateFacts(Facts):
    principal: Money = fact("Unpaid amount", "1250.00")
    currency: Currency = fact("Currency", "USD")
    due_on: Date = fact("Due on", "2026-03-31")
    as_of: Date = fact("Counted up to", "2026-06-15")
    incidents: Annotated[tuple[Incident, ...], Listed] = fact("Incidents", ["returned_check"])
    costs: Annotated[tuple[Cost, ...], Listed] = fact("Costs of recovering the debt", [])
    rates: Annotated[tuple[RateStep, ...], Listed] = fact(
        "Steps of the reference rate", [{"from": "2026-01-01", "rate": "0.0375"}]
    )
    collection_on: Date | None = fact("Handed over to collection on", None)


class Fee(NamedTuple):
    kind: str
    amount: Decimal


class Charges(NamedTuple):
    days_late: int
    interest: Decimal
    fees: tuple[Fee, ...]
    charges: Decimal
    total_due: Decimal


class Debt(NamedTuple):
    """An amount that bears interest from the day after ``since``."""

    amount: Decimal
    since: date


def tell_late(outcome: Charges) -> str:
    if not outcome.days_late:
        return f"Nothing is charged yet; {outcome.total_due} is due."
    parts = [f"interest of {outcome.interest}", *(f"{spoken(fee.kind)} of {fee.amount}" for fee in outcome.fees)]
    return f"The payment is {outcome.days_late} days late. With {listed(parts)}, {outcome.total_due} is due."


@rule("late.charges", "What is owed when a payment is late?", tell_late)
def decide_late_charges(sheet: Sheet, facts: LateFacts) -> Decision[Charges]:
    """Interest and fees by the end of ``as_of``, in the contract's currency. ``currency_mismatch`` for another one;
    ``rate_missing`` where a reference rate is needed and its steps do not reach back to the first late day."""
    terms = sheet.late_charges
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    currency = cite(sheet.currency)
    if facts.currency != currency:
        raise mismatch("currency", currency)
    cite(terms.interest)
    days_late = facts.as_of.toordinal() - facts.due_on.toordinal()
    if days_late <= 0:
        nothing = zero(currency)
        return decided(sheet, cite, Charges(0, nothing, (), nothing, facts.principal))
    fees, debts = _fees(sheet, terms, facts, cite)
    exact = _interest(sheet, terms, facts, debts, cite)
    interest = _amount(terms, exact, currency, cite)
    charges = sum((fee.amount for fee in fees), interest)
    return decided(sheet, cite, Charges(days_late, interest, fees, charges, facts.principal + charges))


def _amount(terms: LateCharges, exact: Ratio, currency: str, cite: Citations) -> Decimal:
    """The one rounding of the extra fee and of the interest."""
    if terms.whole_units is not None and cite(terms.whole_units):
        return whole_units_below(exact, currency)
    return rounded(exact, currency)


def _fees(sheet: Sheet, terms: LateCharges, facts: LateFacts, cite: Citations) -> tuple[tuple[Fee, ...], list[Debt]]:
    """The fees and costs that this contract charges, and those of them that can bear interest."""
    fees: list[Fee] = []
    debts: list[Debt] = []
    currency = sheet.currency.value
    if terms.extra_fee is not None:
        extra = _of(facts.principal, Ratio(*cite(terms.extra_fee).as_integer_ratio()))
        fees.append(Fee("extra_fee", _amount(terms, extra, currency, cite)))
    if terms.indemnity is not None:
        fees.append(Fee("indemnity", cite(terms.indemnity)))
    for incident in facts.incidents:
        price = terms.returned_check if incident == "returned_check" else terms.investigation
        if price is not None:
            fees.append(Fee(incident, cite(price)))
    costs = [cost for cost in facts.costs if cost.on <= facts.as_of]
    if terms.collection is not None and facts.collection_on is not None and facts.collection_on <= facts.as_of:
        amount = _collection_fee(terms.collection, facts.principal, costs, currency, cite)
        fees.append(Fee("collection", amount))
        debts.append(Debt(amount, facts.collection_on))
    if costs and terms.costs_charged is not None:
        charged = cite(terms.costs_charged)
        for cost in costs:
            if cost.kind in charged:
                fees.append(Fee(cost.kind, cost.amount))
                debts.append(Debt(cost.amount, cost.on))
    return tuple(fees), debts


def _collection_fee(
    terms: CollectionFee, principal: Decimal, costs: Iterable[Cost], currency: str, cite: Citations
) -> Decimal:
    """A share of the debt, or the least fee, or what collecting it did cost: whichever is the most."""
    share = Ratio(*cite(terms.share).as_integer_ratio())
    fee = max(rounded(_of(principal, share), currency), cite(terms.least))
    actual = sum((cost.amount for cost in costs if cost.kind == "collection"), Decimal(0))
    return max(fee, actual) if actual and cite(terms.actual_if_higher) else fee


def _interest(sheet: Sheet, terms: LateCharges, facts: LateFacts, debts: list[Debt], cite: Citations) -> Ratio:
    """The exact interest on the principal, and on the costs and the collection fee where they bear any."""
    share = _share(sheet, terms, facts, facts.due_on, cite)
    if facts.rates and terms.reference_if_higher is not None and cite(terms.reference_if_higher):
        # A reference rate that gives more over the same days takes the place of the contract's own.
        other = _yearly(_reference_days(facts, facts.due_on), terms, cite)
        if other.numerator * share.denominator > share.numerator * other.denominator:
            share = other
    exact = _of(facts.principal, share)
    if debts and terms.costs_bear_interest is not None and cite(terms.costs_bear_interest):
        for debt in debts:
            since = max(debt.since, facts.due_on)
            exact = _sum(exact, _of(debt.amount, _share(sheet, terms, facts, since, cite)))
    return exact


def _of(amount: Decimal, share: Ratio) -> Ratio:
    return Ratio(int(amount.scaleb(AMOUNT_DIGITS)) * share.numerator, AMOUNT_UNITS * share.denominator)


def _sum(one: Ratio, other: Ratio) -> Ratio:
    """Both together; shares of years, which are most, have one denominator and need no reducing."""
    if one.denominator == other.denominator:
        return Ratio(one.numerator + other.numerator, one.denominator)
    exact = Fraction(*one) + Fraction(*other)
    return Ratio(exact.numerator, exact.denominator)


def _share(sheet: Sheet, terms: LateCharges, facts: LateFacts, since: date, cite: Citations) -> Ratio:
    """What one unit of money bears at the contract's own rate from the day after ``since`` to the end of ``as_of``."""
    how, rate = cite(terms.interest), cite(terms.rate)
    if how == "monthly":
        months = _months(sheet, since, facts.as_of, cite)
        return Ratio(int(rate.scaleb(RATE_DIGITS)) * months.numerator, RATE_UNITS * months.denominator)
    days = int(rate.scaleb(RATE_DIGITS)) * (facts.as_of.toordinal() - since.toordinal())
    return _yearly(days if how == "yearly" else days + _reference_days(facts, since), terms, cite)


def _yearly(rate_days: int, terms: LateCharges, cite: Citations) -> Ratio:
    """The share that so many days at so much a year come to."""
    return Ratio(rate_days, RATE_UNITS * cite(terms.days_in_year))


def _months(sheet: Sheet, since: date, until: date, cite: Citations) -> Ratio:
    """Whole months, and the days left over as a part of the month-long span they fall in."""
    months = whole_months(sheet, since, until, cite)
    begin, end = months_later(sheet, since, months, cite), months_later(sheet, since, months + 1, cite)
    span = end.toordinal() - begin.toordinal()
    return Ratio(months * span + until.toordinal() - begin.toordinal(), span)


def _reference_days(facts: LateFacts, since: date) -> int:
    """The reference rates of the days after ``since`` up to ``as_of``, added up day by day, in units of the smallest
    rate: on each day the latest step not after it rules, and of two steps of one day the one listed last."""
    first, last, total = since.toordinal() + 1, facts.as_of.toordinal(), 0
    for step in sorted(facts.rates, key=_begins)[::-1]:
        begins = step.from_.toordinal()
        if begins <= last:
            total += int(step.rate.scaleb(RATE_DIGITS)) * (last - max(begins, first) + 1)
            last = begins - 1
        if begins <= first:
            return total
    raise QuestionError("rate_missing", "rates", "no reference rate is known for the first day that bears interest")


def _begins(step: RateStep) -> date:
    return step.from_
