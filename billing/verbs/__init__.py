"""Events of a timeline about money: one module a noun."""

from billing.verbs import availability, disputes, fees, payments, refunds

__all__ = ["availability", "disputes", "fees", "payments", "refunds"]
