"""Who the customers are, what they agreed to, how their terms run, and what they were told: one module a noun."""

from accounts.models.agreements import Agreement, ContractDocument
from accounts.models.customers import Customer
from accounts.models.keys import SCOPE_DECISIONS, SCOPES, ApiKey
from accounts.models.notices import Notice
from accounts.models.subscriptions import Period, PeriodQuerySet, Subscription
from accounts.models.tickets import Reclassification, Ticket, TicketAlarm, TicketQuerySet

__all__ = [
    "SCOPES",
    "SCOPE_DECISIONS",
    "Agreement",
    "ApiKey",
    "ContractDocument",
    "Customer",
    "Notice",
    "Period",
    "PeriodQuerySet",
    "Reclassification",
    "Subscription",
    "Ticket",
    "TicketAlarm",
    "TicketQuerySet",
]
