"""Orders as they come: the contract is asked whether this customer may order at all, and its "no" is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import Customer, RefusedOrder, Screening, Subscription
from accounts.services.contracts import Order, Passing, subscribe
from accounts.services.customers import locked_customer
from accounts.services.eligibility import ask_eligibility, open_case
from accounts.services.screenings import screen
from accounts.services.verification import ask_identity
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet

Question = RefusedOrder.Question


class Refusal(NamedTuple):
    """A question that the contract answers against an order, why, and under which clauses."""

    question: RefusedOrder.Question
    reasons: list[str]
    because: list[dict[str, Any]]


class Placed(NamedTuple):
    """The contract of an order, or None where it was refused; then what refused it."""

    subscription: Subscription | None
    refused: RefusedOrder | None


@transaction.atomic
def place_order(*, customer: Customer, order: Order, at: datetime, passing: Passing | None = None) -> Placed:
    """Takes an order, unless the contract or the law that it names bars this customer: that is kept with its clause.

    Raises what ``subscribe`` raises, and ListBroken where the list of barred names cannot be read.
    """
    locked_customer(customer)
    sheet = book().sheet_for(order.vendor, order.accepted_on)
    refusal = next(_refusals(customer, sheet, order.accepted_on, at), None)
    if refusal is None:
        subscription = subscribe(customer=customer, order=order, at=at, passing=passing)
        open_case(subscription, on=order.accepted_on, at=at)
        return Placed(subscription, None)
    refused = RefusedOrder.objects.create(
        customer=customer,
        vendor=order.vendor,
        plan=order.plan,
        refused_on=order.accepted_on,
        sheet=sheet.id,
        created_at=at,
        **refusal._asdict(),
    )
    return Placed(None, refused)


def _refusals(customer: Customer, sheet: Sheet, on: date, at: datetime) -> Iterator[Refusal]:
    eligibility = ask_eligibility(customer, sheet, effective_on=on)
    if eligibility.outcome is not None and not eligibility.outcome.eligible:
        yield Refusal(Question.ELIGIBILITY, list(eligibility.outcome.reasons), eligibility.because)
    identity = ask_identity(customer, sheet)
    if identity.outcome is not None and identity.outcome.may_refuse:
        yield Refusal(Question.IDENTITY, list(identity.outcome.missing), identity.because)
    look = screen(customer=customer, vendor=sheet.vendor, on=on, at=at)
    if look.outcome != Screening.Result.CLEAR:
        yield Refusal(Question.SCREENING, look.reasons, look.because)
