"""What is done with money that comes in: recorded once, and spent on what the customer owes, the oldest first.

Whatever moves a customer's money locks the customer's row before anything else, so that two such verbs never see the
same money twice, and never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum

from accounts.models import Customer, Subscription
from accounts.services import NotPossible, confirm_payment, note_paid, put_payment_right
from backoffice.bulk import update_all
from backoffice.terms.money import from_minor, to_minor
from billing.ledger import Posting, Side, post_all
from billing.models import OPEN, STANDING, UNSPENT, Account, Allocation, Entry, Invoice, OpenItem, Payment
from billing.policy.arrears import oldest_first
from billing.policy.payments import Allocated, AllocationFacts, decide_payment_allocate
from billing.services.late import charge_again, charge_up_to

MONEY_ACCOUNTS = {
    Payment.Method.CARD: Account.CARD,
    Payment.Method.PAYPAL: Account.PAYPAL,
    Payment.Method.BANK_TRANSFER: Account.BANK,
    Payment.Method.BITCOIN: Account.BITCOIN,
    Payment.Method.CHECK: Account.CHECK,
}


class Received(NamedTuple):
    """A payment and whether it is new; one that was recorded before is returned as it is, and changes nothing."""

    payment: Payment
    new: bool


@transaction.atomic
def record_payment(
    *,
    customer: Customer,
    key: str,
    method: str,
    amount: Decimal,
    currency: str,
    received_on: date,
    at: datetime,
    reference: str = "",
    invoice: Invoice | None = None,
    stands_in: Account | None = None,
) -> Received:
    """Records money from a customer and spends it: on ``invoice`` first, where the payer named one, then on what is
    due the longest. What is left over stays as the customer's credit. ``stands_in`` is the account where the money is,
    if not in that of its method.

    NotPossible for a key that was used for another payment, and for an invoice of somebody else or in another currency;
    ValueError for an amount with fractions of a minor unit.
    """
    lock(customer)
    minor = to_minor(amount, currency)
    wanted = {"method": method, "amount_minor": minor, "currency": currency}
    if known := Payment.objects.filter(key=key).first():
        if known.customer_id != customer.pk or any(getattr(known, name) != value for name, value in wanted.items()):
            raise NotPossible(f"the key {key} stands for another payment")
        return Received(known, new=False)
    if invoice is not None and (invoice.customer_id, invoice.currency) != (customer.pk, currency):
        raise NotPossible(f"invoice {invoice.number} is not this customer's, or not in {currency}")
    payment = Payment(
        customer=customer,
        key=key,
        method=method,
        currency=currency,
        amount_minor=minor,
        left_minor=minor,
        received_on=received_on,
        reference=reference,
        created_at=at,
    )
    payment.full_clean(exclude=["customer"])
    payment.save()
    received = Posting(
        key=f"payment/{key}",
        kind=Entry.Kind.PAYMENT,
        on=received_on,
        text=str(payment),
        sides=(
            Side(stands_in or MONEY_ACCOUNTS[Payment.Method(method)], minor, currency),
            Side(Account.CREDIT, -minor, currency, customer.pk),
        ),
    )
    post_all([received], at=at)
    spend(customer, currency, at=at, first=invoice)
    payment.refresh_from_db(fields=["left_minor"])
    return Received(payment, new=True)


def lock(customer: Customer) -> None:
    """Waits until nobody else moves this customer's money, and keeps it so until the transaction ends."""
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)


@transaction.atomic
def spend(customer: Customer, currency: str, *, at: datetime, first: Invoice | None = None) -> list[Allocation]:
    """Spends a customer's credit of one currency on what it owes in it; the customer is locked, or will be."""
    lock(customer)
    payments = list(Payment.objects.filter(UNSPENT, customer=customer, currency=currency).order_by("received_on", "id"))
    if not payments:
        return []
    allocations: list[Allocation] = []
    postings: list[Posting] = []
    items = _items(customer, currency, first)
    charge_up_to(items, max(payment.received_on for payment in payments), at=at)
    for item in items:
        for payment in payments:
            if payment.left_minor and item.owed_minor:
                allocation = _allocate(payment, item, at)
                allocations.append(allocation)
                postings.append(_posting(allocation))
    if allocations:
        update_all(payments, ["left_minor"])
        post_all(postings, at=at)
        charge_again([item for item in items if item.counted_on and item.counted_on > payments[0].received_on], at=at)
        _served_again({one.invoice.subscription_id: one.on for one in allocations if one.invoice.subscription_id}, at)
    return allocations


def _items(customer: Customer, currency: str, first: Invoice | None) -> list[OpenItem]:
    """What the customer owes, the invoice that the payer named first, then by the day on which it was due."""
    rows = OpenItem.objects.filter(OPEN, customer=customer, invoice__currency=currency)
    rows = rows.select_for_update(of=("self",)).select_related("invoice__subscription").order_by("due_on", "invoice_id")
    return sorted(rows, key=lambda item: first is None or item.invoice_id != first.pk)


def _allocate(payment: Payment, item: OpenItem, at: datetime) -> Allocation:
    """Lets a payment pay what it can of an invoice, in the contract's order, and writes what is left of both."""
    invoice, currency = item.invoice, payment.currency
    owed = (from_minor(minor, currency) for minor in (item.costs_minor, item.interest_minor, item.principal_minor))
    costs, interest, principal = owed
    facts = AllocationFacts(amount=payment.left, costs=costs, interest=interest, principal=principal)
    decision = decide_payment_allocate(invoice.terms, facts)
    pays: Allocated = decision.outcome if decision.outcome is not None else oldest_first(facts)
    allocation = Allocation(
        payment=payment,
        invoice=invoice,
        on=payment.received_on,
        costs_minor=to_minor(pays.costs, currency),
        interest_minor=to_minor(pays.interest, currency),
        principal_minor=to_minor(pays.principal, currency),
        because=decision.because,
        created_at=at,
    )
    allocation.save()
    for part in ("costs_minor", "interest_minor", "principal_minor"):
        setattr(item, part, getattr(item, part) - getattr(allocation, part))
    payment.left_minor -= allocation.minor
    if not item.owed_minor:
        item.closed_on = max(payment.received_on, invoice.issued_on)
    item.save(update_fields=["costs_minor", "interest_minor", "principal_minor", "closed_on"])
    return allocation


def _posting(allocation: Allocation) -> Posting:
    invoice, currency = allocation.invoice, allocation.payment.currency
    return Posting(
        key=f"allocation/{allocation.pk}",
        kind=Entry.Kind.ALLOCATION,
        on=allocation.on,
        text=f"{allocation.payment} pays {invoice.number}",
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        because=allocation.because,
        sides=(
            Side(Account.CREDIT, allocation.minor, currency, invoice.customer_id),
            Side(Account.RECEIVABLE, -allocation.minor, currency, invoice.customer_id, invoice.vendor, invoice.pk),
        ),
    )


def _served_again(paid: dict[int, date], at: datetime) -> None:
    """Begins contracts that waited for their payment, and notes of the others that nothing is overdue any more."""
    owing = set(owing_contracts(paid, max(paid.values()))) if paid else set()
    for subscription in Subscription.objects.filter(pk__in=paid).order_by("pk"):
        on = paid[subscription.pk]
        if subscription.state == Subscription.State.PENDING:
            # What its lateness cost keeps nobody from what was paid in full.
            if not OpenItem.objects.filter(invoice__subscription=subscription, principal_minor__gt=0).exists():
                confirm_payment(subscription=subscription, on=on, at=at)
        elif subscription.overdue_since is not None and subscription.pk not in owing:
            note_paid(subscription=subscription, on=on, at=at)
            put_payment_right(subscription=subscription, on=on, at=at)


def owing_contracts(subscriptions: Iterable[int], on: date) -> Sequence[int]:
    """Which of some contracts owe something that was due before a day."""
    rows = OpenItem.objects.filter(OPEN, due_on__lt=on, invoice__subscription__in=list(subscriptions))
    return list(rows.order_by().values_list("invoice__subscription", flat=True).distinct())


def paid_on(invoice: Invoice) -> int:
    """What was paid of an invoice, late charges included, in minor units."""
    sums = Allocation.objects.filter(STANDING, invoice=invoice).aggregate(
        principal=Sum("principal_minor"), interest=Sum("interest_minor"), costs=Sum("costs_minor")
    )
    return sum(value or 0 for value in sums.values())
