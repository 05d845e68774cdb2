"""What is done with money, one module a noun: each verb loads, asks a rule, and writes, in one transaction."""

from billing.services.bank import Imported, assign_line, import_statement, set_line_aside
from billing.services.catalogue import currencies, price_of_seat, set_price
from billing.services.claims import Incident, answer_claim, claim_by, file_claim
from billing.services.disputes import answer_dispute, charge_back, dispute_deadline, raise_dispute
from billing.services.invoices import Bill, Line, issue
from billing.services.outages import import_outages, plan_maintenance, record_outage
from billing.services.payments import Received, record_payment, spend
from billing.services.rates import note_rates, read_rates
from billing.services.recovery import note_recovery_cost
from billing.services.renewals import (
    claim_untold,
    issue_renewals,
    preview_renewals,
    priced,
    tell_invoices,
    unpriced,
)
from billing.services.requests import KeyUsed, record_requested
from billing.services.returns import Returned, return_payment

__all__ = [
    "Bill",
    "Imported",
    "Incident",
    "KeyUsed",
    "Line",
    "Received",
    "Returned",
    "answer_claim",
    "answer_dispute",
    "assign_line",
    "charge_back",
    "claim_by",
    "claim_untold",
    "currencies",
    "dispute_deadline",
    "file_claim",
    "import_outages",
    "import_statement",
    "issue",
    "issue_renewals",
    "note_rates",
    "note_recovery_cost",
    "plan_maintenance",
    "preview_renewals",
    "price_of_seat",
    "priced",
    "raise_dispute",
    "read_rates",
    "record_outage",
    "record_payment",
    "record_requested",
    "return_payment",
    "set_line_aside",
    "set_price",
    "spend",
    "tell_invoices",
    "unpriced",
]
