"""Who the customers are, what they agreed to, how their terms run, and what they were told: one module a noun."""

from accounts.models.agreements import Agreement, ContractDocument
from accounts.models.customers import Customer
from accounts.models.keys import SCOPE_DECISIONS, SCOPES, ApiKey
from accounts.models.licences import Assignment, Licence, SeatChange, SeatChangeQuerySet
from accounts.models.notices import Notice
from accounts.models.people import Administrator, EndUser
from accounts.models.subscriptions import Period, PeriodQuerySet, Subscription
from accounts.models.tickets import Reclassification, Ticket, TicketAlarm, TicketQuerySet
from accounts.models.users import User

__all__ = [
    "SCOPES",
    "SCOPE_DECISIONS",
    "Administrator",
    "Agreement",
    "ApiKey",
    "Assignment",
    "ContractDocument",
    "Customer",
    "EndUser",
    "Licence",
    "Notice",
    "Period",
    "PeriodQuerySet",
    "Reclassification",
    "SeatChange",
    "SeatChangeQuerySet",
    "Subscription",
    "Ticket",
    "TicketAlarm",
    "TicketQuerySet",
    "User",
]
