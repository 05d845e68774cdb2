"""What is done with customers, their people and their contracts, one module a noun: each verb loads, asks a rule, and
writes, in one transaction."""

from accounts.services.contracts import (
    Order,
    add_document,
    ask_period,
    close_periods,
    confirm_payment,
    give_notice,
    last_day_to_tell,
    period_of,
    renewal_months,
    subscribe,
    together,
)
from accounts.services.customers import NotPossible, register_customer

__all__ = [
    "NotPossible",
    "Order",
    "add_document",
    "ask_period",
    "close_periods",
    "confirm_payment",
    "give_notice",
    "last_day_to_tell",
    "period_of",
    "register_customer",
    "renewal_months",
    "subscribe",
    "together",
]
