"""What this app holds of persons: what a payer wrote. An invoice names its customer by number; its letter is a
notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.models import Customer
from backoffice.privacy import Holding, blank, no_address, on
from billing.models import OPEN, BankLine, Dispute, FeeOrder, IncidentReport, OpenItem, Payment, Refund

HOLDINGS = (
    Holding(
        BankLine,
        "Lines of bank statements that were booked as payments, with what the payer wrote.",
        {Customer: on("payment__customer")},
        {"text": blank},
        retention="accounting",
    ),
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
    Holding(
        FeeOrder,
        "Work and use that was charged for by itself, and who approved it.",
        {Customer: on("subscription__customer")},
        {"text": blank, "approved_by": no_address},
        retention="accounting",
    ),
    Holding(
        IncidentReport,
        "Outages that the customer reported, with what it observed.",
        {Customer: on("claim__subscription__customer")},
        {"evidence": blank, "detail": blank},
        retention="accounting",
    ),
    Holding(
        Refund,
        "What was given back, and why.",
        {Customer: on("subscription__customer")},
        {"reason": blank},
        retention="accounting",
    ),
)

NOTHING_PERSONAL: dict[str, str] = {
    "billing.bankline.key": "names the account and the booking of a bank",
    "billing.chargeback.key": "names the booking of a card company or of a caller",
    "billing.creditclaim.month": "a month",
    "billing.creditclaim.reason": "a code of the rule's answer",
    "billing.maintenance.server": "names a server",
    "billing.maintenance.text": "our own words about work on a service",
    "billing.outage.key": "names the record of a monitor or of a caller",
    "billing.outage.server": "names a server",
    "billing.entry.key": "names what made an entry due",
    "billing.entry.text": "names documents by their numbers",
    "billing.invoice.key": "names what made a document due",
    "billing.invoice.number": "a number",
    "billing.invoiceline.text": "names what is sold",
    "billing.payment.key": "names the booking of a bank or of a caller",
    "billing.paymentrequest.body_hash": "a hash, of which nobody reads what was asked",
    "billing.refund.facts": "days, amounts and kinds that a contract was asked with",
    "billing.refund.lines": "numbers of lines of invoices, and amounts",
    "billing.refund.key": "names what made a refund due",
    "billing.refund.mark": "a digest of amounts and clauses",
    "billing.refund.says": "what the contract answered",
    "billing.ratestep.source": "names a publication",
    "billing.ratetable.publisher": "names a publisher",
    "billing.series.prefix": "the letters before a number",
}


def bars(person: Any, day: date) -> Iterator[str]:
    """``debt_open``: something is owed on an invoice, or one is not due yet."""
    if not isinstance(person, Customer):
        return
    if OpenItem.objects.filter(OPEN, customer=person).exists():
        yield "debt_open"
