"""What is sold, and for how much from when on."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from backoffice.fields import VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import counted, day_words


class Price(models.Model):
    """What one unit of a plan costs for a period of so many months, from a day on until a later price takes over."""

    vendor = VendorField()
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
        plan = f"{self.plan}, {counted(self.cycle_months, 'month')}"
        return f"{plan}: {self.amount} {self.currency} from {day_words(self.from_on)}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)
