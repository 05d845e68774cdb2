"""The staff's lists of what is sold, charged, paid and booked: one module a noun."""

from billing.admin.availability import MaintenanceAdmin, OutageAdmin
from billing.admin.bank import BankLineAdmin
from billing.admin.claims import CreditClaimAdmin
from billing.admin.disputes import DisputeAdmin
from billing.admin.fees import FeeOrderAdmin
from billing.admin.invoices import InvoiceAdmin
from billing.admin.ledger import EntryAdmin
from billing.admin.open_items import OpenItemAdmin
from billing.admin.payments import PaymentAdmin
from billing.admin.prices import PriceAdmin
from billing.admin.rates import RateTableAdmin
from billing.admin.refund_acts import REFUND_ACTS
from billing.admin.refunds import RefundAdmin

__all__ = [
    "REFUND_ACTS",
    "BankLineAdmin",
    "CreditClaimAdmin",
    "DisputeAdmin",
    "EntryAdmin",
    "FeeOrderAdmin",
    "InvoiceAdmin",
    "MaintenanceAdmin",
    "OpenItemAdmin",
    "OutageAdmin",
    "PaymentAdmin",
    "PriceAdmin",
    "RateTableAdmin",
    "RefundAdmin",
]
