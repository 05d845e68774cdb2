"""What is given back: each refund is quoted first, with all that it rests on, and then given exactly so, once."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models.payments import Payment


class Refund(models.Model):
    """A quote of what comes back, and what was done about it.

    ``lines`` names how much of which line of which invoice comes back, ``mark`` is a digest of the quote and of what it
    was worked out from: it is executed only while that is still the same. ``paid_minor`` is what left the house; the
    rest paid what the customer owed, or stayed its credit.
    """

    class Kind(models.TextChoices):
        MONEY_BACK = "money_back", "money-back guarantee"
        END = "end", "end of the contract"
        DISCRETION = "discretion", "at our discretion"

    class Bearer(models.TextChoices):
        VENDOR = "vendor", "the vendor"
        RESELLER = "reseller", "we ourselves"

    key = models.CharField(max_length=80, unique=True, help_text="What makes it due: given once.")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="refunds")
    vendor = VendorField()
    sheet = SheetField()
    kind = models.CharField(max_length=10, choices=Kind)
    as_of = models.DateField("counted on", help_text="The last day of service, or when the money was asked back.")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField("comes back, in minor units")
    fee_minor = models.BigIntegerField("kept as a fee, in minor units", default=0)
    lines = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text="What the contract was asked.")
    says = models.CharField(max_length=300)
    channel = models.CharField("goes back by", max_length=16, choices=Payment.Method, blank=True)
    borne_by = models.CharField(max_length=8, choices=Bearer)
    because = models.JSONField(default=list, blank=True)
    mark = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, help_text="Why it was given, where the contract leaves that to us.")
    quoted_on = models.DateField()
    executed_on = models.DateField("given on", null=True, blank=True)
    paid_minor = models.BigIntegerField("went out, in minor units", default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, fee_minor__gte=0, paid_minor__gte=0), name="refund_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=0) | Q(executed_on__isnull=False), name="refund_paid_when_executed"
            ),
            models.CheckConstraint(
                condition=~Q(kind="discretion") | Q(approved_by__isnull=False), name="refund_at_discretion_is_approved"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "id"), name="refund_by_vendor")]

    def __str__(self) -> str:
        return f"Refund of {self.amount} {self.currency}, {self.get_kind_display()}, counted on {day_words(self.as_of)}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)

    @property
    def fee(self) -> Decimal:
        return from_minor(self.fee_minor, self.currency)

    @property
    def paid(self) -> Decimal:
        return from_minor(self.paid_minor, self.currency)
