"""Work and use that is charged for by itself: quoted, approved, done, charged."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from django.db import models
from django.db.models import Q

from accounts.models import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.sections.fees import FeeKind
from billing.models.invoices import Invoice


class FeeOrder(models.Model):
    """One piece of work, or of use beyond the service, that a contract lets be charged for.

    What it is and what it may cost is told first; an administrator of the customer approves it where the contract wants
    that; it is charged once.
    """

    class Kind(models.TextChoices):
        RESTORATION = "restoration", "restoring what was deleted"
        SUPPORT = "support", "support ordered for itself"
        MIGRATION = "migration", "moving data over"
        BANDWIDTH = "bandwidth", "excess bandwidth"
        LICENCE = "licence", "licence that is not certified"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="fee_orders")
    vendor = VendorField()
    sheet = SheetField()
    kind = models.CharField("what for", max_length=12, choices=Kind)
    text = models.TextField("what it is about", help_text="As the customer is told.")
    estimate = models.DecimalField(
        "estimated hours or units", max_digits=9, decimal_places=2, help_text="What is charged is what it was."
    )
    unit_minor = models.BigIntegerField("price of one, in minor units", null=True, blank=True)
    told_on = models.DateField("told on")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.EmailField(blank=True, help_text="The administrator who approved it.")
    backup_confirmed = models.BooleanField("has a backup", default=False)
    do_by = models.DateTimeField("to be done by", null=True, blank=True)
    units = models.DecimalField("hours or units", max_digits=9, decimal_places=2, null=True, blank=True)
    charged_on = models.DateField(null=True, blank=True)
    bill = models.OneToOneField(Invoice, models.PROTECT, null=True, blank=True, related_name="fee_order")
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "order for a fee"
        verbose_name_plural = "orders for fees"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=get_args(FeeKind)), name="fee_order_kind_known"),
            models.CheckConstraint(
                condition=Q(bill__isnull=True, charged_on__isnull=True)
                | Q(bill__isnull=False, charged_on__isnull=False, units__isnull=False),
                name="fee_order_charged_on",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | ~Q(approved_by=""), name="fee_order_approved_by"
            ),
        ]
        indexes = [models.Index(fields=("do_by",), name="fee_order_to_do", condition=Q(bill__isnull=True))]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} (subscription {self.subscription_id})"

    @property
    def unit_price(self) -> Decimal | None:
        """What one unit costs where the contract lets that be set for each case."""
        return None if self.unit_minor is None else from_minor(self.unit_minor, self.subscription.terms.currency.value)
