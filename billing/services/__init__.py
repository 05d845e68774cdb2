"""What is done with money, one module a noun: each verb loads, asks a rule, and writes, in one transaction."""

from billing.services.catalogue import price_of_seat, set_price
from billing.services.disputes import answer_dispute, charge_back, dispute_deadline, raise_dispute
from billing.services.invoices import Bill, Line, issue
from billing.services.payments import Received, record_payment, spend
from billing.services.renewals import (
    claim_untold,
    issue_renewals,
    preview_renewals,
    priced,
    tell_invoices,
    unpriced,
)
from billing.services.returns import Returned, return_payment

__all__ = [
    "Bill",
    "Line",
    "Received",
    "Returned",
    "answer_dispute",
    "charge_back",
    "claim_untold",
    "dispute_deadline",
    "issue",
    "issue_renewals",
    "preview_renewals",
    "price_of_seat",
    "priced",
    "raise_dispute",
    "record_payment",
    "return_payment",
    "set_price",
    "spend",
    "tell_invoices",
    "unpriced",
]
