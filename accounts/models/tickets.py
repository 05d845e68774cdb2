"""What customers asked support for, by when the contract wants it answered, and which alarms rang over it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

# No 0, O, 1, I or L: people read references to each other over the telephone.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
REFERENCE_LENGTH = 10


def new_reference() -> str:
    """A name for a ticket that tells a customer nothing about how many others there are."""
    return "".join(secrets.choice(LETTERS) for _ in range(REFERENCE_LENGTH))


# Tickets whose time runs; the indexes below hold these only.
WAITING = Q(state="open")


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Which tickets wait for us, and how the poll takes hold of those that an alarm is due for."""

    def waiting(self) -> TicketQuerySet:
        return self.filter(WAITING)

    def to_alarm(self, at: datetime) -> TicketQuerySet:
        """Waiting tickets that have reached the moment of their next alarm, the longest overdue first."""
        return self.waiting().filter(alarm_at__lte=at).order_by("alarm_at", "id")

    def claim(self, count: int) -> list[Ticket]:
        """Locks some rows until the transaction ends, passing over what others hold."""
        return list(self.select_for_update(of=("self",), skip_locked=True).select_related("subscription")[:count])


class Ticket(models.Model):
    """One request for support.

    ``sheet`` is the subscription's own version of the terms. It said whether this person is answered at all, what a
    complete request holds, and by when an answer is due; each answer stands here with its clauses.
    """

    class State(models.TextChoices):
        REFUSED = "refused", "refused"
        INCOMPLETE = "incomplete", "not complete yet"
        OPEN = "open", "waits for an answer"
        ANSWERED = "answered", "answered"
        CLOSED = "closed", "closed"

    reference = models.CharField(max_length=REFERENCE_LENGTH, unique=True, default=new_reference, editable=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="tickets")
    vendor = VendorField(help_text="Repeats what the subscription says, to narrow lists by.")
    sheet = SheetField()
    reporter_name = models.CharField("name of who asks", max_length=200, blank=True)
    reporter_email = models.EmailField("address of who asks")
    by_administrator = models.BooleanField("asked by a designated administrator", default=False)
    agreed_in_writing = models.BooleanField("support for others was agreed in writing", default=False)
    priority = models.CharField(
        max_length=40, blank=True, help_text="As the contract names it; empty for one it gives no time to."
    )
    subject = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=100, blank=True)
    text = models.TextField("description", blank=True)
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    who_because = models.JSONField(default=list, blank=True)
    refused_for = models.CharField(max_length=40, blank=True, help_text="Why it was refused; empty unless it was.")
    sla_breach = models.BooleanField(
        "breach of the service levels", default=False, help_text="The contract holds it against the customer."
    )
    missing = models.JSONField(default=list, blank=True, help_text="What the contract wants that it does not hold yet.")
    complete_because = models.JSONField(default=list, blank=True)
    clock_from = models.DateTimeField(
        null=True, blank=True, help_text="When its time began: when it was reported, or complete."
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty where the contract gives no time.")
    warn_at = models.DateTimeField(null=True, blank=True, help_text="When four fifths of its time are over.")
    due_because = models.JSONField(default=list, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True, help_text="When the next alarm rings; empty for none.")
    alarmed = models.PositiveSmallIntegerField(
        default=0, help_text="The part of its time, in percent, that an alarm has told of."
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    worked_around_at = models.DateTimeField("temporary correction given at", null=True, blank=True)
    fix_by = models.DateField("to be corrected for good by", null=True, blank=True)
    fix_because = models.JSONField(default=list, blank=True)
    fixed_at = models.DateTimeField("corrected for good at", null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["refused", "incomplete", "open", "answered", "closed"]),
                name="ticket_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", clock_from=None) & ~Q(refused_for="")
                | ~Q(state="refused") & Q(refused_for="", sla_breach=False),
                name="ticket_refused_for",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(clock_from__isnull=False, answered_at=None), name="ticket_open_clock"
            ),
            # A comparison with nothing would pass, so each side is asked to be there.
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(clock_from__isnull=False, clock_from__lte=F("due_at")),
                name="ticket_due_later",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, warn_at=None)
                | Q(due_at__isnull=False, warn_at__isnull=False, warn_at__lte=F("due_at")),
                name="ticket_warned_before",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="ticket_answered_at"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="ticket_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(alarm_at=None) | Q(state="open", due_at__isnull=False), name="ticket_alarm_of_open"
            ),
        ]
        indexes = [
            models.Index(fields=("alarm_at", "id"), name="ticket_to_alarm", condition=WAITING),
            models.Index(fields=("due_at",), name="ticket_waiting", condition=WAITING),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.subject}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges it; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


class Reclassification(models.Model):
    """That a ticket was given another priority, who asked for that, and what it did to the deadline."""

    class By(models.TextChoices):
        CUSTOMER = "customer", "the customer"
        VENDOR = "vendor", "us"

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="reclassifications")
    at = models.DateTimeField()
    by = models.CharField("asked by", max_length=8, choices=By)
    old_priority = models.CharField(max_length=40, blank=True)
    new_priority = models.CharField(max_length=40, blank=True)
    old_due_at = models.DateTimeField(null=True, blank=True)
    new_due_at = models.DateTimeField(null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("ticket_id", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(old_priority=F("new_priority")), name="reclassified_to_another"),
            models.CheckConstraint(condition=Q(by__in=["customer", "vendor"]), name="reclassified_by_known"),
        ]

    def __str__(self) -> str:
        return f"{self.old_priority or 'no priority'} became {self.new_priority or 'no priority'}"


class TicketAlarm(models.Model):
    """That a part of a ticket's time was over. One deadline rings once for each part, whoever polls and how often."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="alarms")
    due_at = models.DateTimeField(help_text="The deadline that it tells of.")
    percent = models.PositiveSmallIntegerField(help_text="Part of the time that was over.")
    rang_at = models.DateTimeField()

    class Meta:
        ordering = ("ticket_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("ticket", "due_at", "percent"), name="one_alarm_per_deadline_and_part"),
            models.CheckConstraint(condition=Q(percent__in=[80, 100]), name="alarm_percent_known"),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% of the time is over"
