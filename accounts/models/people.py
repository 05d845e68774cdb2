"""The people of a customer: who manages its account with a vendor, and who uses what it subscribes to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models.customers import Customer
from backoffice.fields import SheetField, VendorField

SERVING = Q(removed_on__isnull=True)


class Administrator(models.Model):
    """One person whom a customer has designated to manage its account under a vendor's contract.

    ``slot`` numbers those who serve at the same time: the contract says how many there may be, and two people can
    never stand in one slot, however many processes name administrators at once.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="administrators")
    vendor = VendorField()
    slot = models.PositiveSmallIntegerField("number")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField("telephone", max_length=20, blank=True)
    added_on = models.DateField("since")
    removed_on = models.DateField("until", null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("vendor", "id"), name="administrator_by_vendor")]
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "vendor", "slot"), condition=SERVING, name="one_administrator_per_slot"
            ),
            models.UniqueConstraint(
                "customer",
                "vendor",
                Lower("email"),
                condition=SERVING,
                name="administrator_named_once",
                violation_error_message="This person is an administrator already.",
            ),
            models.CheckConstraint(condition=Q(slot__gte=1), name="administrator_slot"),
            models.CheckConstraint(
                condition=SERVING | Q(removed_on__gte=F("added_on")), name="administrator_removed_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"


class EndUser(models.Model):
    """A person of a customer whom a licence can name."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="end_users")
    username = models.CharField(max_length=150)
    device_type = models.CharField(max_length=100, blank=True)
    created_on = models.DateField()
    last_used_on = models.DateField(null=True, blank=True)
    left_on = models.DateField("left on", null=True, blank=True, help_text="From this day on there is no access.")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                "customer",
                Lower("username"),
                name="one_end_user_per_username",
                violation_error_message="The customer has this username already.",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("created_on")), name="end_user_left_after"
            ),
        ]

    def __str__(self) -> str:
        return self.username
