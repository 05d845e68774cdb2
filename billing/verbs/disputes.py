"""Events of a timeline about bills that are disputed and payments that are charged back."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from accounts.models import Subscription
from accounts.services import NotPossible
from backoffice.terms.money import to_minor
from backoffice.terms.sections.notices import NoticeForm
from backoffice.timeline import Fields, RefersTo, World, verb
from billing import services
from billing.models import STANDING, Allocation, Dispute, Invoice, Payment


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
