"""The staff's lists of customers, contracts, notices and keys: one module a noun."""

from accounts.admin import customers, documents, keys, notices, subscriptions, tickets

__all__ = ["customers", "documents", "keys", "notices", "subscriptions", "tickets"]
