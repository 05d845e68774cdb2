"""What the first period of a contract costs, and when it is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from backoffice.terms.calendar import days_after, last_of_month
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Currency, Date, Facts, Flag, Money, Positive, fact
from backoffice.terms.money import rounded
from backoffice.terms.question import mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import FirstPayment
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class FirstFacts(Facts):
    currency: Currency = fact("Currency", "EUR")
    price: Money = fact("Price of one for a whole period", "9.90")
    quantity: Positive = fact("How many", 3)
    accepted_on: Date = fact("The order was accepted on", "2026-05-20")
    starts_on: Date | None = fact("The term begins on (empty while it is not known)", "2026-05-20")
    commitment: Flag = fact("With commitment", False)


class FirstCharge(NamedTuple):
    charge: Decimal
    due_on: date
    days_charged: int | None
    days_in_month: int | None


def tell_first(outcome: FirstCharge) -> str:
    part = f" for {outcome.days_charged} of {outcome.days_in_month} days" if outcome.days_charged else ""
    return f"The first period costs {outcome.charge}{part}, due on {day_words(outcome.due_on)}."


@rule("charge.first", "What does the first period cost, and when is it due?", tell_first)
def decide_charge_first(sheet: Sheet, facts: FirstFacts) -> Decision[FirstCharge]:
    """The charge for the first period, whole or by the day, and the day on which it is due. ``currency_mismatch`` for a
    currency that is not the contract's."""
    terms = sheet.first_payment
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if facts.currency != cite(sheet.currency):
        raise mismatch("currency", sheet.currency.value)
    charged, whole = _days(terms, facts, cite)
    share = Fraction(charged, whole) if charged and whole else Fraction(1)
    charge = rounded(Fraction(facts.price) * facts.quantity * share, facts.currency)
    return decided(sheet, cite, FirstCharge(charge, _due_on(terms, facts, cite), charged, whole))


def _days(terms: FirstPayment, facts: FirstFacts, cite: Citations) -> tuple[int | None, int | None]:
    """The days that are charged of the calendar month in which the term begins; none where the period is charged
    whole."""
    by_day = terms.by_day_uncommitted
    if facts.commitment or by_day is None or not cite(by_day):
        return None, None
    first = facts.starts_on or facts.accepted_on
    last = last_of_month(first)
    return last.day - first.day + 1, last.day


def _due_on(terms: FirstPayment, facts: FirstFacts, cite: Citations) -> date:
    """The day of the order, or the last one before the term begins; nothing is due before it was ordered."""
    if cite(terms.due) == "acceptance" or facts.starts_on is None:
        return facts.accepted_on
    return max(facts.accepted_on, days_after(facts.starts_on, -1))
