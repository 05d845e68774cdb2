"""What this app holds of persons: what a payer wrote. An invoice names its customer by number; its letter is a
notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.models import Customer
from backoffice.privacy import Holding, blank, on
from billing.models import OPEN, Dispute, OpenItem, Payment

HOLDINGS = (
    Holding(
        Payment,
        "Payments, with what the payer wrote.",
        {Customer: on("customer")},
        {"reference": blank},
        retention="accounting",
    ),
    Holding(
        Dispute,
        "Bills that were disputed, with what the customer wrote and what was answered.",
        {Customer: on("invoice__customer")},
        {"facts": blank, "answer": blank},
        retention="accounting",
    ),
)

NOTHING_PERSONAL: dict[str, str] = {
    "billing.chargeback.key": "names the booking of a card company or of a caller",
    "billing.entry.key": "names what made an entry due",
    "billing.entry.text": "names documents by their numbers",
    "billing.invoice.key": "names what made a document due",
    "billing.invoice.number": "a number",
    "billing.invoiceline.text": "names what is sold",
    "billing.payment.key": "names the booking of a bank or of a caller",
    "billing.series.prefix": "the letters before a number",
}


def bars(person: Any, day: date) -> Iterator[str]:
    """``debt_open``: something is owed on an invoice, or one is not due yet."""
    if not isinstance(person, Customer):
        return
    if OpenItem.objects.filter(OPEN, customer=person).exists():
        yield "debt_open"
