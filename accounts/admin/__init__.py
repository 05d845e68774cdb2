"""The staff's lists of customers, contracts, notices and keys: one module a noun."""

from accounts.admin import (
    customers,
    documents,
    keys,
    licences,
    notices,
    people,
    portal,
    received,
    subscriptions,
    tickets,
    users,
)

__all__ = [
    "customers",
    "documents",
    "keys",
    "licences",
    "notices",
    "people",
    "portal",
    "received",
    "subscriptions",
    "tickets",
    "users",
]
