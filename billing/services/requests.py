"""Payments that programs record: the same request again has the same answer, and another one is told so."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Customer
from accounts.services import NotPossible
from billing.models import PaymentRequest
from billing.services.payments import Received, lock, record_payment


class KeyUsed(NotPossible):
    """A key came with one request before, and now comes with another."""


def record_requested(*, customer: Customer, key: str, body_hash: str, **payment: Any) -> Received:
    """Records a payment as ``record_payment`` does, once for each key; ``body_hash`` tells what was asked for.

    KeyUsed for a key that came with another body; NotPossible as ``record_payment``.
    """
    try:
        with transaction.atomic():
            # Whoever sends the same at the same moment waits here, and then finds it recorded.
            lock(customer)
            if known := _known(key, body_hash):
                return known
            made = record_payment(customer=customer, key=key, **payment)
            PaymentRequest.objects.create(payment=made.payment, body_hash=body_hash)
            return made
    except IntegrityError:
        # Another customer's payment with this key was recorded since we looked.
        if known := _known(key, body_hash):
            return known
        raise


def _known(key: str, body_hash: str) -> Received | None:
    found = PaymentRequest.objects.select_related("payment").filter(payment__key=key).first()
    if found is None:
        return None
    if found.body_hash != body_hash:
        raise KeyUsed("this Idempotency-Key came with another request before; take a new one for a new payment")
    return Received(found.payment, new=False)
