"""Requests of persons about their data, breaches of it, the alarms over both, and who else processes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models.customers import Customer
from accounts.models.erasure import Erasure
from accounts.models.subscriptions import Subscription
from backoffice.fields import CountryField, SheetField, VendorField
from backoffice.terms.words import day_words

# What a minute's look can find; the indexes below have the same condition.
RINGS = Q(alarm_at__isnull=False)


class ClockQuerySet(models.QuerySet[Any]):
    """Which clocks are to ring, and how the look takes hold of them."""

    def to_ring(self, at: datetime, count: int) -> list[Any]:
        """Locks some whose next alarm is due, the longest overdue first, passing over what others hold."""
        due = self.filter(RINGS, alarm_at__lte=at).order_by("alarm_at", "id")
        return list(due.select_for_update(of=("self",), skip_locked=True)[:count])


class Clock(models.Model):
    """Something with a deadline that rings before it and at it."""

    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty where nothing is due.")
    warn_at = models.DateTimeField(null=True, blank=True, help_text="When four fifths of its time are over.")
    alarm_at = models.DateTimeField(null=True, blank=True, help_text="When the next alarm rings; empty for none.")
    alarmed = models.PositiveSmallIntegerField(default=0, help_text="Percent of its time that an alarm has told of.")

    objects = ClockQuerySet.as_manager()

    class Meta:
        abstract = True


class DataRequest(Clock):
    """That a person asked about the data held of them: who was told, and how it was answered in time."""

    class Kind(models.TextChoices):
        ACCESS = "access", "access"
        RECTIFICATION = "rectification", "rectification"
        ERASURE = "erasure", "erasure"
        PORTABILITY = "portability", "portability"
        OBJECTION = "objection", "objection"

    class State(models.TextChoices):
        OPEN = "open", "waits for an answer"
        GRANTED = "granted", "granted"
        REFUSED = "refused", "refused"

    class Subject(models.TextChoices):
        CUSTOMER = "accounts.customer", "customer"
        ADMINISTRATOR = "accounts.administrator", "administrator"
        END_USER = "accounts.enduser", "end user"
        USER = "accounts.user", "who signs in"
        RESELLER = "accounts.reseller", "reseller"
        REPORTER = "accounts.abusereport", "who reported a violation"
        SENDER = "accounts.inboundmail", "who wrote a mail"

    kind = models.CharField(max_length=16, choices=Kind)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="data_requests",
        help_text="Whose person it is; empty for somebody who is nobody's.",
    )
    subscription = models.ForeignKey(
        Subscription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="data_requests",
        help_text="Whose terms answer.",
    )
    subject = models.CharField("about", max_length=32, choices=Subject)
    subject_id = models.PositiveBigIntegerField("number")
    name = models.CharField("who asks", max_length=200)
    email = models.EmailField("address for the answer")
    text = models.TextField("what was asked", blank=True)
    in_portal = models.BooleanField("asked in the portal", default=False)
    verified_how = models.CharField("verified by", max_length=200, blank=True, help_text="How it is known who asks.")
    received_at = models.DateTimeField()
    answer_by = models.DateField()
    sheet = SheetField(blank=True)
    because = models.JSONField(default=list, blank=True)
    extended_on = models.DateField(null=True, blank=True, help_text="When the person was told that it takes longer.")
    extended_for = models.CharField("longer because", max_length=200, blank=True)
    passed_on_at = models.DateTimeField("customer told at", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    erasure = models.ForeignKey(Erasure, models.PROTECT, null=True, blank=True, related_name="requests")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "request about personal data"
        verbose_name_plural = "requests about personal data"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | ~Q(state="open") & Q(answered_at__isnull=False, alarm_at=None),
                name="data_request_answered",
            ),
            models.CheckConstraint(
                condition=Q(extended_on=None, extended_for="") | Q(extended_on__isnull=False) & ~Q(extended_for=""),
                name="data_request_extended_for",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["access", "rectification", "erasure", "portability", "objection"]),
                name="data_request_kind",
            ),
            models.UniqueConstraint(
                fields=("subject", "subject_id", "kind"),
                condition=Q(state="open", in_portal=True),
                name="one_own_request_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=("alarm_at", "id"), name="data_request_rings", condition=RINGS)]

    def __str__(self) -> str:
        return f"Request {self.pk}: {self.get_kind_display()}"


class DataBreach(Clock):
    """A breach of personal data: what, whose, how many, and who was told when."""

    class Risk(models.TextChoices):
        UNLIKELY = "unlikely", "unlikely"
        LIKELY = "likely", "likely"
        HIGH = "high", "high"

    vendor = VendorField(none="our own systems", blank=True, help_text="Whose service it is.")
    what = models.TextField("what happened", help_text="Without any names.")
    categories = models.CharField("kinds of data and of persons", max_length=400)
    persons = models.PositiveIntegerField("persons, about", default=0)
    measures = models.TextField("what is done about it", blank=True, help_text="Without any names.")
    risk = models.CharField(max_length=8, choices=Risk)
    noticed_at = models.DateTimeField()
    sheet = SheetField(blank=True)
    because = models.JSONField(default=list, blank=True)
    persons_to_tell = models.BooleanField(default=False)
    customers_told_at = models.DateTimeField(null=True, blank=True)
    persons_told_at = models.DateTimeField(null=True, blank=True)
    authority_told_at = models.DateTimeField(null=True, blank=True)
    late_because = models.TextField("told late because", blank=True, help_text="Without any names.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "breach of personal data"
        verbose_name_plural = "breaches of personal data"
        constraints = [
            models.CheckConstraint(condition=Q(risk__in=["unlikely", "likely", "high"]), name="data_breach_risk"),
            models.CheckConstraint(
                condition=Q(authority_told_at=None)
                | Q(due_at=None)
                | Q(authority_told_at__lte=F("due_at"))
                | ~Q(late_because=""),
                name="data_breach_told_late_because",
            ),
            models.CheckConstraint(
                condition=Q(authority_told_at=None) | Q(authority_told_at__gte=F("noticed_at")),
                name="data_breach_told_after_noticed",
            ),
        ]
        indexes = [models.Index(fields=("alarm_at", "id"), name="data_breach_rings", condition=RINGS)]

    def __str__(self) -> str:
        return f"Breach {self.pk}, noticed on {day_words(self.noticed_at.date())}"


class DataAlarm(models.Model):
    """That a part of a deadline about personal data was over: once for each part and deadline."""

    request = models.ForeignKey(DataRequest, models.PROTECT, null=True, blank=True, related_name="alarms")
    breach = models.ForeignKey(DataBreach, models.PROTECT, null=True, blank=True, related_name="alarms")
    due_at = models.DateTimeField(help_text="The deadline that it tells of.")
    percent = models.PositiveSmallIntegerField()
    rang_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("request", "due_at", "percent"), name="one_data_request_alarm"),
            models.UniqueConstraint(fields=("breach", "due_at", "percent"), name="one_data_breach_alarm"),
            models.CheckConstraint(
                condition=Q(request__isnull=False, breach=None) | Q(request=None, breach__isnull=False),
                name="data_alarm_of_one",
            ),
            models.CheckConstraint(condition=Q(percent__in=[80, 100]), name="data_alarm_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% of the time is over"


class Processor(models.Model):
    """Somebody who processes personal data for us or for a vendor, as the record of processing lists it (GDPR 30)."""

    name = models.CharField(max_length=200, help_text="Of a company.")
    vendor = VendorField(none="our own systems", blank=True, help_text="Whose service it works for.")
    purpose = models.CharField("what it does", max_length=200)
    data = models.CharField("which data", max_length=200)
    country = CountryField()
    safeguards = models.CharField(
        "safeguards of a transfer", max_length=200, blank=True, help_text="Where the country is outside the EEA."
    )
    contract_on = models.DateField("under contract since", null=True, blank=True)
    audited_on = models.DateField("last audited on", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=("name", "vendor", "purpose"), name="one_row_per_processing")]

    def __str__(self) -> str:
        return f"{self.name}: {self.purpose}"
