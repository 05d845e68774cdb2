"""What recovering a debt takes: incidents, costs, and handing it over to be collected."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.services import NotPossible
from backoffice.terms.money import to_minor
from billing.models import Invoice, OpenItem, RecoveryCost
from billing.services.late import INCIDENTS, charge_again, charge_up_to
from billing.services.payments import lock

WITHOUT_AMOUNT = (*INCIDENTS, RecoveryCost.Kind.HANDED_OVER)


@transaction.atomic
def note_recovery_cost(
    *, invoice: Invoice, kind: str, on: date, at: datetime, amount: Decimal | None = None
) -> RecoveryCost:
    """Notes what happened to a debt or what recovering it has cost, and charges what the contract lets be charged on.

    NotPossible for an invoice on which nothing is owed, for a cost without an amount and for an amount of what is none;
    ValidationError where it was handed over before.
    """
    lock(invoice.customer)
    item = OpenItem.objects.select_for_update(of=("self",)).select_related("invoice__subscription").get(pk=invoice.pk)
    if item.closed_on is not None:
        raise NotPossible(f"nothing is owed on {invoice.number}")
    if (kind in WITHOUT_AMOUNT) != (amount is None):
        raise NotPossible(f"{RecoveryCost.Kind(kind).label}: {'no' if amount is not None else 'an'} amount is needed")
    minor = 0 if amount is None else to_minor(amount, invoice.currency)
    cost = RecoveryCost(invoice=invoice, kind=kind, on=on, amount_minor=minor, created_at=at)
    cost.full_clean(exclude=["invoice"])
    cost.save()
    charge_up_to([item], on, at=at)
    charge_again([item], at=at)
    return cost
