"""What is in doubt about how a customer is reached: since when, why, and how that was settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from accounts.models.notices import Notice
from backoffice.fields import SheetField, VendorField


class ContactDoubt(models.Model):
    """That a part of a customer's contact data may be wrong: a letter came back, or proof was asked for.

    It holds no address. It is settled when the data was proven or corrected; until then there is one for each part.
    """

    class Part(models.TextChoices):
        NAME = "name", "name"
        EMAIL = "email", "e-mail address"
        BILLING = "billing", "details for bills"
        POSTAL = "postal", "postal address"
        PHONE = "phone", "telephone number"
        BANK = "bank", "bank or card details"

    class Why(models.TextChoices):
        CAME_BACK = "came_back", "a letter came back"
        ASKED = "asked", "proof was asked for"

    class Settled(models.TextChoices):
        PROVEN = "proven", "proven"
        CORRECTED = "corrected", "corrected"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_doubts")
    part = models.CharField(max_length=8, choices=Part)
    why = models.CharField(max_length=10, choices=Why)
    vendor = VendorField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    asked_on = models.DateField("proof asked for on", null=True, blank=True)
    settled = models.CharField(max_length=9, choices=Settled, blank=True)
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "contact data in doubt"
        verbose_name_plural = "contact data in doubt"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "part"), name="one_open_doubt_per_part", condition=Q(settled_on=None)
            ),
            models.CheckConstraint(
                condition=Q(settled="", settled_on=None) | ~Q(settled="") & Q(settled_on__isnull=False),
                name="contact_doubt_settled_on",
            ),
            models.CheckConstraint(
                condition=~Q(why="asked") | Q(asked_on__isnull=False), name="contact_doubt_asked_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_part_display())} of {self.customer}"
