"""Money: what is sold for how much, what was charged, and the ledger: one module a noun."""

from billing.models.catalogue import Price
from billing.models.disputes import TO_CREDIT, Chargeback, Dispute
from billing.models.invoices import OPEN, TO_TELL, TO_VOID, Invoice, InvoiceIsFinal, InvoiceLine, OpenItem, Series
from billing.models.ledger import Account, Entry, LedgerIsFinal, Leg
from billing.models.payments import STANDING, UNSPENT, Allocation, Payment, RecoveryCost

__all__ = [
    "OPEN",
    "STANDING",
    "TO_CREDIT",
    "TO_TELL",
    "TO_VOID",
    "UNSPENT",
    "Account",
    "Allocation",
    "Chargeback",
    "Dispute",
    "Entry",
    "Invoice",
    "InvoiceIsFinal",
    "InvoiceLine",
    "LedgerIsFinal",
    "Leg",
    "OpenItem",
    "Payment",
    "Price",
    "RecoveryCost",
    "Series",
]
