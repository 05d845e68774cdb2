"""Credit notes, and how credit is spent: what we owe a customer pays what the customer owes us, and stays its credit
where it owes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F, QuerySet

from accounts.models import Customer
from billing.models import UNSPENT, Invoice, Payment
from billing.services.grants import grant_credit
from billing.services.invoices import Bill, issue
from billing.services.payments import lock, spend


@transaction.atomic
def give_credit(notes: Sequence[Bill], *, on: date, at: datetime) -> list[Invoice]:
    """Issues credit notes on a day, and returns those that were not issued before.

    What each gives is its customer's credit at once. It pays the invoice that it corrects first, then what is due the
    longest.
    """
    customers = {note.customer.pk: note.customer for note in notes}
    for _, customer in sorted(customers.items()):
        lock(customer)
    issued = issue([note._replace(kind=Invoice.Kind.CREDIT_NOTE) for note in notes], on=on, at=at)
    for note in issued:
        if note.total_minor:
            grant_credit(
                note.customer_id,
                key=note.entry_key,
                minor=note.total_minor,
                currency=note.currency,
                on=on,
                at=at,
            )
            spend(note.customer, note.currency, at=at, first=note.corrects)
    return issued


def _payable(vendors: Sequence[str]) -> QuerySet[Payment]:
    """Payments with money left over, once for each thing that their customer owes in the same currency for some
    vendors' services."""
    owed = {"closed_on": None, "vendor__in": list(vendors), "invoice__currency": F("currency")}
    return Payment.objects.filter(
        UNSPENT, **{f"customer__open_items__{column}": value for column, value in owed.items()}
    )


def credit_to_spend(vendors: Sequence[str]) -> dict[str, int]:
    """How many payments with money left over could pay something that is owed for each vendor's services."""
    rows = _payable(vendors).order_by().values_list("customer__open_items__vendor")
    return dict(rows.annotate(Count("pk", distinct=True)))


def spend_credit(vendor: str, count: int, *, at: datetime) -> int:
    """Lets the credit of some customers pay what they owe for a vendor's services; returns how many there were."""
    rows = Customer.objects.filter(pk__in=_payable([vendor]).values("customer")).order_by("pk")
    customers = list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
    for customer in customers:
        for currency in _payable([vendor]).filter(customer=customer).values_list("currency", flat=True).distinct():
            spend(customer, currency, at=at)
    return len(customers)
