"""Events of a timeline about contracts: orders, their first payments, notices to stop."""

from datetime import date, datetime
from typing import Annotated, Literal

from accounts import services
from accounts.models import Customer, Subscription
from backoffice.terms.facts import Method
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewSubscription(Fields):
    ref: Annotated[str, Makes(Subscription)]
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    plan: str
    quantity: int = 1
    months: int | None = None
    commitment: bool = False
    method: Method
    payment_confirmed_on: date | None = None
    agreed_start: date | None = None
    accepted_by: str = ""
    accepted_role: str = ""
    capacity: Literal["self", "officer", "agent"] = "self"


@verb("subscription")
def subscribe(world: World, fields: NewSubscription, at: datetime) -> None:
    """A customer orders and accepts the terms of that day; an order that the contract refuses is kept as refused."""
    customer = world.find(Customer, fields.customer)
    placed = services.place_order(customer=customer, order=order_of(fields, at), at=at)
    if placed.subscription is not None:
        world.keep(fields.ref, placed.subscription)


def order_of(fields: NewSubscription, at: datetime) -> services.Order:
    """The order that a line tells of."""
    return services.Order(
        vendor=fields.vendor,
        plan=fields.plan,
        method=fields.method,
        accepted_on=at.date(),
        quantity=fields.quantity,
        cycle_months=fields.months,
        commitment=fields.commitment,
        payment_confirmed_on=fields.payment_confirmed_on,
        agreed_start=fields.agreed_start,
        accepted_by=services.Signatory(fields.accepted_by, fields.accepted_role, fields.capacity),
    )


class Payment(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


@verb("first payment")
def confirm_payment(world: World, fields: Payment, at: datetime) -> None:
    """The first payment of a subscription that waited for it is confirmed."""
    services.confirm_payment(subscription=world.find(Subscription, fields.subscription), on=at.date(), at=at)
