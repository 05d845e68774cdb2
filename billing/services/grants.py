"""Credit that a customer is given, to be spent like a payment."""

from __future__ import annotations

from datetime import date, datetime

from billing.models import Payment


def grant_credit(customer_id: int, *, key: str, minor: int, currency: str, on: date, at: datetime) -> Payment:
    """Credit that a customer was given, to be spent like a payment; whoever gives it posts it to the ledger."""
    payment = Payment(
        key=key,
        customer_id=customer_id,
        method=Payment.Method.CREDIT,
        currency=currency,
        amount_minor=minor,
        left_minor=minor,
        received_on=on,
        created_at=at,
    )
    payment.save()
    return payment
