"""Events of a timeline about money: one module a noun."""

from billing.verbs import availability, disputes, payments, refunds

__all__ = ["availability", "disputes", "payments", "refunds"]
