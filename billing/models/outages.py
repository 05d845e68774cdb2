"""When services were down, and when they were taken down for work on them."""

from __future__ import annotations

from typing import get_args

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import ConductCase
from backoffice.fields import VendorField
from backoffice.terms.sections.money import OutageCause
from backoffice.terms.words import moment_words, spoken

CAUSES = [(cause, spoken(cause)) for cause in get_args(OutageCause)]
TO_TELL_OF = Q(told_on__isnull=True)


class Service(models.TextChoices):
    """What can be down by itself; an empty one stands for all of them."""

    VOICE = "voice", "voice"
    CHAT = "chat", "chat"
    EMAIL = "email", "e-mail"
    EXCHANGE = "exchange", "hosted mailboxes"


class Maintenance(models.Model):
    """Work on a service in a window of time, which its customers are told of where their contract wants that.

    ``reached`` is the last contract whose customer was told.
    """

    class Kind(models.TextChoices):
        PLANNED = "planned", "planned"
        HOT_FIX = "hot_fix", "urgent fix"

    vendor = VendorField()
    service = models.CharField(max_length=8, choices=Service, blank=True, help_text="Empty for all services.")
    server = models.CharField(max_length=100, blank=True, help_text="Empty for all servers.")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PLANNED)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    text = models.TextField("what is done", blank=True, help_text="As customers are told.")
    tell_on = models.DateField("customers are told on")
    reached = models.BigIntegerField(default=0, editable=False)
    told_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("-begins_at", "-id")
        verbose_name_plural = "maintenance"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["planned", "hot_fix"]), name="maintenance_kind_known"),
            models.CheckConstraint(condition=Q(service__in=["", *Service.values]), name="maintenance_service_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="maintenance_in_order",
                violation_error_message="It ends after it begins.",
            ),
            models.UniqueConstraint(
                fields=("vendor", "service", "server", "begins_at"),
                name="maintenance_once",
                violation_error_message="This maintenance is in the calendar already.",
            ),
        ]
        indexes = [models.Index(fields=("vendor", "tell_on", "id"), name="maintenance_to_tell", condition=TO_TELL_OF)]

    def __str__(self) -> str:
        what = self.get_service_display() or "all services"
        return f"Maintenance of {what} from {moment_words(timezone.localtime(self.begins_at))}"


class Outage(models.Model):
    """One time in which a service was down, or one server of it. ``key`` tells it from every other, so that a file that
    is imported again changes nothing."""

    key = models.CharField(max_length=100, unique=True, help_text="What tells it from every other.")
    vendor = VendorField()
    service = models.CharField(max_length=8, choices=Service, blank=True, help_text="Empty for all services.")
    server = models.CharField(max_length=100, blank=True, help_text="The one that failed; empty for all.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty while it lasts.")
    cause = models.CharField(max_length=24, choices=CAUSES)
    maintenance = models.ForeignKey(
        Maintenance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outages",
        help_text="The work that it comes from. Whom nobody told of that in time, it counts for as an outage.",
    )
    case = models.ForeignKey(
        ConductCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outages",
        verbose_name="conduct case",
        help_text="Whose breach caused it. It earns that customer nothing.",
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("-began_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="outage_in_order",
                violation_error_message="It ends after it begins.",
            ),
            models.CheckConstraint(condition=Q(service__in=["", *Service.values]), name="outage_service_known"),
            models.CheckConstraint(condition=Q(cause__in=get_args(OutageCause)), name="outage_cause_known"),
        ]
        indexes = [models.Index(fields=("vendor", "began_at"), name="outage_of_vendor")]

    def __str__(self) -> str:
        what = self.get_service_display() or "all services"
        where = f" on {self.server}" if self.server else ""
        return f"Outage of {what}{where} from {moment_words(timezone.localtime(self.began_at))}"
