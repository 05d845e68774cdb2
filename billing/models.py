"""Money: what a plan costs from when on, and what was invoiced. Amounts are whole minor units of their currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Subscription
from backoffice.terms.money import from_minor


class InvoiceIsFinal(Exception):
    """Somebody tried to change an issued invoice; it is corrected by another document, never by itself."""


class Price(models.Model):
    """What one unit of a plan costs for a period of so many months, from a day on until a later price takes over."""

    vendor = models.CharField(max_length=64)
    plan = models.CharField(max_length=100)
    cycle_months = models.PositiveSmallIntegerField("months of a period")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField("amount in minor units", help_text="675.00 is 67500.")
    from_on = models.DateField("from", help_text="Periods that begin on this day or later.")

    class Meta:
        ordering = ("vendor", "plan", "cycle_months", "-from_on")
        constraints = [
            models.UniqueConstraint(fields=("vendor", "plan", "cycle_months", "from_on"), name="one_price_per_day"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(cycle_months__gte=1), name="price_of_some_months"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.cycle_months} months: {self.amount} {self.currency} from {self.from_on}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)


class Invoice(models.Model):
    """The charge for one period of a subscription. Once issued it never changes; the database refuses it too."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="invoices")
    period_index = models.PositiveIntegerField(help_text="The period it pays for.")
    vendor = models.CharField(max_length=64)
    sheet = models.CharField(max_length=80)
    plan = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    price = models.ForeignKey(Price, models.PROTECT, related_name="invoices")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField("amount in minor units")
    issued_on = models.DateField()
    due_on = models.DateField()
    period_start = models.DateField()
    period_end = models.DateField()
    because = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("subscription", "period_index"), name="one_invoice_per_period"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="invoice_not_negative"),
            models.CheckConstraint(condition=Q(period_start__lte=F("period_end")), name="invoice_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"Invoice {self.reference}"

    @property
    def reference(self) -> str:
        """Subscription and period, which no other invoice shares."""
        return f"{self.subscription_id}-{self.period_index}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new invoice; InvoiceIsFinal for one that was issued already."""
        if not self._state.adding:
            raise InvoiceIsFinal(f"invoice {self.reference} was issued and never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: InvoiceIsFinal."""
        raise InvoiceIsFinal(f"invoice {self.reference} was issued and stays")
