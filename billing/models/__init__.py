"""Money: what is sold for how much, what was charged, and the ledger: one module a noun."""

from billing.models.bank import BankLine
from billing.models.catalogue import Price
from billing.models.claims import TO_APPLY, UNANSWERED, CreditClaim, IncidentReport
from billing.models.disputes import TO_CREDIT, Chargeback, Dispute
from billing.models.fees import FeeOrder
from billing.models.invoices import (
    OPEN,
    TO_COUNT,
    TO_TELL,
    TO_VOID,
    Invoice,
    InvoiceIsFinal,
    InvoiceLine,
    OpenItem,
    Series,
)
from billing.models.ledger import Account, Entry, LedgerIsFinal, Leg
from billing.models.outages import TO_TELL_OF, Maintenance, Outage, Service
from billing.models.payments import STANDING, UNSPENT, Allocation, Payment, RecoveryCost
from billing.models.rates import RateStep, RateTable
from billing.models.refunds import Refund
from billing.models.requests import PaymentRequest

__all__ = [
    "OPEN",
    "STANDING",
    "TO_APPLY",
    "TO_COUNT",
    "TO_CREDIT",
    "TO_TELL",
    "TO_TELL_OF",
    "TO_VOID",
    "UNANSWERED",
    "UNSPENT",
    "Account",
    "Allocation",
    "BankLine",
    "Chargeback",
    "CreditClaim",
    "Dispute",
    "Entry",
    "FeeOrder",
    "IncidentReport",
    "Invoice",
    "InvoiceIsFinal",
    "InvoiceLine",
    "LedgerIsFinal",
    "Leg",
    "Maintenance",
    "OpenItem",
    "Outage",
    "Payment",
    "PaymentRequest",
    "Price",
    "RateStep",
    "RateTable",
    "RecoveryCost",
    "Refund",
    "Series",
    "Service",
]
