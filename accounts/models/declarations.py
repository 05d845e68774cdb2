"""What customers declared by their contracts, and what a breach of it cost them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.words import day_words

KINDS = ["no_preparation", "no_promotion", "no_benefit", "lawful_funds", "no_listed_crimes"]


class Declaration(models.Model):
    """One thing that a customer declared for one contract: when, by whom, and in which words (their hash)."""

    class Kind(models.TextChoices):
        NO_PREPARATION = "no_preparation", "prepares and commits no crime"
        NO_PROMOTION = "no_promotion", "promotes and instigates no crime"
        NO_BENEFIT = "no_benefit", "draws no benefit from a crime"
        LAWFUL_FUNDS = "lawful_funds", "pays from lawful sources"
        NO_LISTED_CRIMES = "no_listed_crimes", "has no part in the crimes listed"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=16, choices=Kind)
    declared_on = models.DateField()
    declared_by = models.EmailField()
    text_sha256 = models.CharField("SHA-256 of the words", max_length=64)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("subscription", "kind"), name="one_declaration_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="declaration_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())}, declared on {day_words(self.declared_on)}"


class DeclarationBreach(models.Model):
    """That a declaration turned out to be untrue, and what that costs: billing reads ``refund_lost``, the partners'
    side ``commission_lost``, of the customer's every contract with the vendor."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="declaration_breaches")
    vendor = VendorField()
    kind = models.CharField("declaration", max_length=16, choices=Declaration.Kind)
    found_on = models.DateField()
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    void = models.BooleanField("contracts are void")
    refund_lost = models.BooleanField("no refund")
    commission_lost = models.BooleanField("no commission")
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "breach of a declaration"
        verbose_name_plural = "breaches of declarations"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("customer", "vendor"), name="one_declaration_breach"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="declaration_breach_kind_known"),
        ]

    def __str__(self) -> str:
        return f"Breach found on {day_words(self.found_on)}"
