"""The staff's lists of customers, contracts, notices and keys: one module a noun."""

from accounts.admin import (
    abuse,
    conduct,
    customers,
    documents,
    endings,
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
    "abuse",
    "conduct",
    "customers",
    "documents",
    "endings",
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
