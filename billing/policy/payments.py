"""What a payment pays first, and until when a bill may be disputed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Money, fact
from backoffice.terms.money import zero
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed


class AllocationFacts(Facts):
    amount: Money = fact("Amount paid", "500.00")
    costs: Money = fact("Costs owed", "60.00")
    interest: Money = fact("Interest owed", "25.50")
    principal: Money = fact("Principal owed", "1250.00")


class Allocated(NamedTuple):
    costs: Decimal
    interest: Decimal
    principal: Decimal
    left_over: Decimal


def tell_allocation(outcome: Allocated) -> str:
    left = f" {outcome.left_over} is left over." if outcome.left_over else ""
    parts = [f"{amount} of the {part}" for part, amount in outcome._asdict().items() if part != "left_over"]
    return f"The payment pays {listed(parts)}.{left}"


@rule("payment.allocate", "What does a payment pay first?", tell_allocation)
def decide_payment_allocate(sheet: Sheet, facts: AllocationFacts) -> Decision[Allocated]:
    """How much of a payment goes to costs, interest and principal, and what is left over of it."""
    terms = sheet.allocation
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    nothing = zero(sheet.currency.value)
    paid = {"costs": nothing, "interest": nothing, "principal": nothing}
    left = facts.amount
    for part in cite(terms.order):
        paid[part] = min(left, getattr(facts, part))
        left -= paid[part]
    return decided(sheet, cite, Allocated(**paid, left_over=left))


class DisputeFacts(Facts):
    due_on: Date = fact("The bill is due on", "2026-04-30")
    raised_on: Date | None = fact("The dispute was received on", "2026-04-24")
    chargeback_on: Date | None = fact("The payment was charged back on", None)


class DisputeWindow(NamedTuple):
    deadline: date
    in_time: bool | None
    fee: Decimal


def tell_dispute(outcome: DisputeWindow) -> str:
    dispute = {None: "None was raised", True: "It was raised in time", False: "It was raised too late"}[outcome.in_time]
    fee = f" The charge-back costs {outcome.fee}." if outcome.fee else ""
    return f"A dispute has to be received by {day_words(outcome.deadline)}. {dispute}.{fee}"


@rule("dispute.window", "Was the bill disputed in time?", tell_dispute)
def decide_dispute_window(sheet: Sheet, facts: DisputeFacts) -> Decision[DisputeWindow]:
    """The last day on which a dispute is in time, and what a charge-back costs that no dispute came before."""
    terms = sheet.dispute
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    deadline = days_after(facts.due_on, -cite(terms.days_before_due))
    raised, charged_back = facts.raised_on, facts.chargeback_on
    in_time = None if raised is None else raised <= deadline
    fee = zero(sheet.currency.value)
    if charged_back is not None and charged_back > deadline and (raised is None or raised >= charged_back):
        fee = cite(terms.chargeback_fee)
    return decided(sheet, cite, DisputeWindow(deadline, in_time, fee))
