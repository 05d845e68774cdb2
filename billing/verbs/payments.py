"""Events of a timeline about what is charged and paid."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from accounts.models import Subscription
from accounts.services import NotPossible
from backoffice.timeline import Fields, RefersTo, World, verb
from billing import services
from billing.models import OPEN, OpenItem, Payment
from billing.services import first_periods


class NewPrice(Fields):
    vendor: str
    plan: str
    months: int
    currency: str
    amount: Decimal


@verb("price")
def set_price(world: World, fields: NewPrice, at: datetime) -> None:
    """A plan costs so much from this day on."""
    services.set_price(
        vendor=fields.vendor,
        plan=fields.plan,
        cycle_months=fields.months,
        amount=fields.amount,
        currency=fields.currency,
        from_on=at.date(),
    )


class Paid(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    key: str
    amount: Decimal | None = None
    method: Literal["card", "paypal", "bank_transfer", "bitcoin", "check"] | None = None
    received_on: date | None = None


@verb("payment")
def receive(world: World, fields: Paid, at: datetime) -> None:
    """Money comes from a customer: so much, or all that is owed for a contract. The same key again changes nothing."""
    subscription = world.find(Subscription, fields.subscription)
    owed = (
        OpenItem.objects.filter(OPEN, invoice__subscription=subscription).select_related("invoice").order_by("due_on")
    )
    amount = fields.amount if fields.amount is not None else sum((item.owed for item in owed), Decimal(0))
    if not amount:
        raise NotPossible(f"nothing is owed for {fields.subscription}, so an amount is needed")
    first = owed.first()
    services.record_payment(
        customer=subscription.customer,
        key=fields.key,
        method=fields.method or subscription.method,
        amount=amount,
        currency=subscription.terms.currency.value,
        received_on=fields.received_on or at.date(),
        invoice=first.invoice if first else None,
        at=at,
    )


class Statement(Fields):
    but: Annotated[list[str], RefersTo(Subscription)] = []


@verb("bank statement")
def book_statement(world: World, fields: Statement, at: datetime) -> None:
    """Everybody pays what is due by this day, but for contracts that are named or wait for their first payment."""
    late = [world.find(Subscription, name).pk for name in fields.but]
    due = OpenItem.objects.filter(OPEN, due_on__lte=at.date()).exclude(invoice__subscription__in=late)
    due = due.exclude(invoice__subscription__state=Subscription.State.PENDING)
    for item in due.select_related("invoice__subscription__customer").order_by("due_on", "invoice_id"):
        invoice = item.invoice
        services.record_payment(
            customer=invoice.customer,
            key=f"statement/{invoice.key}/{at.date()}",
            method=invoice.subscription.method if invoice.subscription else Payment.Method.BANK_TRANSFER,
            amount=item.owed,
            currency=invoice.currency,
            received_on=at.date(),
            reference=invoice.number,
            invoice=invoice,
            at=at,
        )


class Failed(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


@verb("first payment failed")
def fail(world: World, fields: Failed, at: datetime) -> None:
    """The payment of a contract's first period fails, which cancels the order where the contract says so."""
    subscription = world.find(Subscription, fields.subscription)
    first_periods.first_payment_failed(subscription=subscription, on=at.date(), at=at)


class Recovering(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    kind: Literal["returned_check", "investigation", "collection", "judicial", "bank", "handed_over"]
    amount: Decimal | None = None


@verb("recovery cost")
def recover(world: World, fields: Recovering, at: datetime) -> None:
    """Something happens to the debt of a contract that is due the longest, or recovering it costs so much."""
    subscription = world.find(Subscription, fields.subscription)
    owed = OpenItem.objects.filter(OPEN, invoice__subscription=subscription).order_by("due_on", "invoice_id").first()
    if owed is None:
        raise NotPossible(f"nothing is owed for {fields.subscription}")
    services.note_recovery_cost(invoice=owed.invoice, kind=fields.kind, on=at.date(), amount=fields.amount, at=at)
