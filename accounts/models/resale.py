"""Passing on for money what a vendor's contract bars from it: what the vendor has allowed, and who asked for it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from accounts.models.resellers import Reseller
from backoffice.fields import SheetField, VendorField
from backoffice.terms.words import day_words


class ResalePermissionQuerySet(models.QuerySet["ResalePermission"]):
    """Which permission an order can rest on."""

    def covering(self, vendor: str, customer: Customer, on: date) -> ResalePermissionQuerySet:
        """Those of a vendor that hold for a customer on a day; a re-seller agreement, which gives more, comes first."""
        whom = Q(customer=customer) | Q(customer=None, reseller=None)
        if customer.reseller_id is not None:
            whom |= Q(reseller=customer.reseller_id)
        given = self.filter(whom, vendor=vendor, from_on__lte=on)
        return given.filter(Q(until_on=None) | Q(until_on__gte=on)).order_by("kind", "id")


class ResalePermission(models.Model):
    """What a vendor has allowed in writing: for one customer, for one reseller's, or for whomever we sell to."""

    class Kind(models.TextChoices):
        RESELLER_AGREEMENT = "reseller_agreement", "re-seller agreement"
        WRITTEN_PERMISSION = "written_permission", "written permission"

    vendor = VendorField()
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resale_permissions",
        help_text="Whom it is given for; empty where it is general, or a reseller's.",
    )
    reseller = models.ForeignKey(
        Reseller,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resale_permissions",
        help_text="Whose customers it is given for; empty where it is general, or one customer's.",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=200, help_text="What the paper is called, and where it is kept.")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="Last day; empty where it has no end.")
    created_at = models.DateTimeField()

    objects = ResalePermissionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("vendor", "customer", "reseller", "kind", "reference"),
                nulls_distinct=False,
                name="one_permission_per_paper",
                violation_error_message="This paper is on record already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reseller_agreement", "written_permission"]), name="permission_kind"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="permission_in_writing"),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | Q(reseller__isnull=True),
                name="permission_of_one",
                violation_error_message="It is given for a customer, or for a reseller, but not for both.",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="permission_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())}: {self.reference}"


class ResaleOrder(models.Model):
    """An order for what is to be passed on to others: what the contract said to it, and what became of it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="resale_orders")
    vendor = VendorField()
    plan = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    asked_on = models.DateField()
    sheet = SheetField()
    reason = models.CharField(max_length=20, blank=True, help_text="Empty where the contract is silent.")
    needs = models.CharField(max_length=20, blank=True, choices=ResalePermission.Kind)
    because = models.JSONField(default=list, blank=True)
    permission = models.ForeignKey(ResalePermission, models.PROTECT, null=True, blank=True, related_name="orders")
    subscription = models.OneToOneField(
        "accounts.Subscription",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resale_order",
        help_text="Empty where the order was blocked, or refused for another reason.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(permission__isnull=True) | Q(subscription__isnull=False), name="resale_permission_used"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} to be resold, ordered on {day_words(self.asked_on)}"
