"""What the first payment means for an order: what waits for it, and what its failing does."""

from __future__ import annotations

from typing import Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet


class PaymentFacts(Facts):
    payment: Literal["outstanding", "paid", "failed"] = fact("The first payment is", "outstanding")


class OrderStanding(NamedTuple):
    served: bool
    cancelled: bool


def tell_standing(outcome: OrderStanding) -> str:
    if outcome.cancelled:
        return "The order is cancelled, and the contract ends at once."
    return (
        "The order is served." if outcome.served else "There is no service before the first payment has come in full."
    )


@rule("order.payment", "What does the first payment mean for an order?", tell_standing)
def decide_order_payment(sheet: Sheet, facts: PaymentFacts) -> Decision[OrderStanding]:
    """Whether the order is served yet, and whether it is cancelled because its first payment failed."""
    terms = sheet.first_payment
    waits, cancels = (terms.service_waits, terms.failed_cancels) if terms else (None, None)
    if waits is None and cancels is None:
        return not_covered(sheet)
    cite = Citations()
    cancelled = bool(cancels is not None and cite(cancels) and facts.payment == "failed")
    waiting = bool(waits is not None and cite(waits) and facts.payment != "paid")
    return decided(sheet, cite, OrderStanding(not waiting and not cancelled, cancelled))
