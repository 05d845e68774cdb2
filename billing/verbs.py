"""Events of a timeline about money."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from accounts.models import Subscription
from accounts.services import NotPossible
from backoffice.terms.money import to_minor
from backoffice.terms.sections.notices import NoticeForm
from backoffice.timeline import Fields, RefersTo, World, verb
from billing import services
from billing.models import OPEN, STANDING, Allocation, Dispute, Invoice, OpenItem, Payment


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


def newest_bill(subscription: Subscription) -> Invoice:
    """The bill of a contract that was issued last; NotPossible where there is none."""
    found = Invoice.objects.filter(subscription=subscription, kind=Invoice.Kind.INVOICE).order_by("-id").first()
    if found is None:
        raise NotPossible(f"no bill was issued for subscription {subscription.pk}")
    return found


class Disputed(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    facts: str
    amount: Decimal | None = None
    form: NoticeForm = "email"


@verb("dispute")
def dispute(world: World, fields: Disputed, at: datetime) -> None:
    """A customer disputes the newest bill of a contract, all of it or so much."""
    bill = newest_bill(world.find(Subscription, fields.subscription))
    services.raise_dispute(
        invoice=bill,
        form=fields.form,
        facts=fields.facts,
        minor=None if fields.amount is None else to_minor(fields.amount, bill.currency),
        received_at=at,
        at=at,
    )


class Answered(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    right: bool
    amount: Decimal | None = None
    answer: str = ""


@verb("dispute answer")
def answer_dispute(world: World, fields: Answered, at: datetime) -> None:
    """The oldest dispute of a contract that waits is answered: the customer is right, or the bill stands."""
    subscription = world.find(Subscription, fields.subscription)
    waiting = (
        Dispute.objects.filter(invoice__subscription=subscription, state=Dispute.State.OPEN).order_by("id").first()
    )
    if waiting is None:
        raise NotPossible(f"no dispute of {fields.subscription} waits for an answer")
    services.answer_dispute(
        dispute=waiting,
        right=fields.right,
        answer=fields.answer,
        minor=None if fields.amount is None else to_minor(fields.amount, waiting.invoice.currency),
        on=at.date(),
        at=at,
    )


class ChargedBack(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    key: str


@verb("chargeback")
def charge_back(world: World, fields: ChargedBack, at: datetime) -> None:
    """The newest payment for a contract is charged back. The same key again changes nothing."""
    subscription = world.find(Subscription, fields.subscription)
    pays = Allocation.objects.filter(STANDING, invoice__subscription=subscription)
    newest = pays.exclude(payment__method=Payment.Method.CREDIT).order_by("-id").first()
    if newest is None:
        raise NotPossible(f"no payment pays anything of {fields.subscription}")
    services.charge_back(payment=newest.payment, invoice=newest.invoice, key=fields.key, on=at.date(), at=at)
