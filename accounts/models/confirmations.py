"""The forms that confirm what was subscribed to."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField
from backoffice.terms.money import from_minor


class ConfirmationForm(models.Model):
    """What was confirmed to a customer of its order: a part of the contract, and so never written over."""

    class CustomerClass(models.TextChoices):
        INDIVIDUAL = "individual", "individual"
        SMB = "smb", "small or medium business"
        ENTERPRISE = "enterprise", "enterprise"

    subscription = models.OneToOneField(Subscription, models.PROTECT, related_name="confirmation")
    customer_class = models.CharField("class", max_length=10, choices=CustomerClass)
    business_use = models.BooleanField("for use in business")
    product = models.CharField(max_length=100)
    start = models.DateField("first day")
    months = models.PositiveSmallIntegerField("months of the term")
    price_minor = models.BigIntegerField("price in minor units")
    currency = models.CharField(max_length=3)
    licences = models.PositiveIntegerField(null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(customer_class__in=["individual", "smb", "enterprise"]), name="confirmation_class"
            ),
            models.CheckConstraint(condition=Q(price_minor__gte=0, months__gte=1), name="confirmation_figures"),
        ]

    def __str__(self) -> str:
        return f"Confirmation of subscription {self.subscription_id}"

    @property
    def price(self) -> Decimal:
        return from_minor(self.price_minor, self.currency)
