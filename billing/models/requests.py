"""What programs asked for, so that asking twice does a thing once."""

from __future__ import annotations

from django.db import models

from billing.models.payments import Payment


class PaymentRequest(models.Model):
    """A payment that a program recorded: by what it asked, the same request is told from another with the same key.

    The payment's own ``key`` holds who asked and the key that came with it.
    """

    payment = models.OneToOneField(Payment, models.PROTECT, primary_key=True, related_name="request")
    body_hash = models.CharField(max_length=64, help_text="SHA-256 of what was asked for, in one form of many.")

    def __str__(self) -> str:
        return f"Request of {self.payment}"
