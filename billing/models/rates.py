"""Rates that others publish, each step with the day from which it is in force and where it was read."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from backoffice.terms.words import day_words

HUNDRED = 100


class RateTable(models.Model):
    """One published rate, and when somebody last saw what its publisher says of it."""

    class Series(models.TextChoices):
        BANK_OF_ENGLAND = "bank_of_england", "base rate of the Bank of England"
        FRENCH_LEGAL = "french_legal", "French legal interest rate, for professionals"
        BULGARIAN_STATUTORY = "bulgarian_statutory", "Bulgarian statutory rate of late payment"

    series = models.CharField("rate", max_length=24, choices=Series, primary_key=True)
    publisher = models.CharField(max_length=200, help_text="Where it is published.")
    looked_on = models.DateField("last looked at", null=True, blank=True)
    alarmed_on = models.DateField(
        "out of date since", null=True, blank=True, help_text="The day that found nobody had looked for too long."
    )

    class Meta:
        ordering = ("series",)

    def __str__(self) -> str:
        return self.get_series_display()


class RateStep(models.Model):
    """A rate from a day on, until a later step takes over."""

    table = models.ForeignKey(RateTable, models.PROTECT, related_name="steps")
    from_on = models.DateField("in force from")
    rate = models.DecimalField("rate a year, as a share", max_digits=9, decimal_places=6, help_text="3.75 % is 0.0375.")
    source = models.CharField(max_length=200, help_text="Where this step was read.")

    class Meta:
        ordering = ("table", "-from_on")
        constraints = [
            models.UniqueConstraint(fields=("table", "from_on"), name="one_rate_per_day"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="rate_not_negative"),
        ]

    @property
    def percent(self) -> Decimal:
        return (self.rate * HUNDRED).normalize()

    def __str__(self) -> str:
        return f"{self.percent:f} % from {day_words(self.from_on)}"
