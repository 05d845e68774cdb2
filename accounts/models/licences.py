"""Seats: each is a licence that names one person, with all whom it ever named, and every change of their number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models.people import EndUser
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import counted, day_words

# What a day can find; the index below has the same condition.
TO_LEAVE = Q(kind="given_up", done_on__isnull=True)
# Seats that cost something and are not invoiced; the index below has the same condition.
TO_INVOICE = Q(kind="added", charge_minor__isnull=False, invoiced_on__isnull=True)


class SeatChangeQuerySet(models.QuerySet["SeatChange"]):
    """Which seats are to leave, and how the job takes hold of them."""

    def to_leave(self) -> SeatChangeQuerySet:
        """Seats that were given up and are not gone yet; due on ``effective_on``."""
        return self.filter(TO_LEAVE)

    def to_invoice(self) -> SeatChangeQuerySet:
        """Added seats that cost something and are not invoiced yet; due on ``effective_on``."""
        return self.filter(TO_INVOICE)

    def claim(self, vendor: str, day: date, count: int) -> list[SeatChange]:
        """Locks some that are due on a vendor's day, and their subscriptions, passing over what others hold."""
        due = self.to_leave().filter(vendor=vendor, effective_on__lte=day).order_by("effective_on", "id")
        rows = due.select_related("subscription")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class SeatChange(models.Model):
    """That seats were added or given up: what the contract said about it, and what it costs.

    ``charge_minor`` is empty where the contract does not say what it costs; what was quoted is what stands here.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "added"
        GIVEN_UP = "given_up", "given up"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="seat_changes")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    kind = models.CharField(max_length=8, choices=Kind)
    seats = models.PositiveIntegerField()
    asked_on = models.DateField()
    asked_by = models.EmailField(help_text="Who asked for it.")
    effective_on = models.DateField(help_text="First day with the added seats, or without those given up.")
    currency = models.CharField(max_length=3, blank=True)
    charge_minor = models.BigIntegerField("charge in minor units", null=True, blank=True)
    unit_minor = models.BigIntegerField("price of one for a whole period, in minor units", null=True, blank=True)
    days_charged = models.PositiveIntegerField(null=True, blank=True)
    days_in_period = models.PositiveIntegerField(null=True, blank=True)
    charged_until = models.DateField(null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    missed_renewal = models.BooleanField(
        default=False, editable=False, help_text="The period after was invoiced before these seats were added."
    )
    done_on = models.DateField(null=True, blank=True, help_text="The day whose run took the seats away.")
    # Written by the room above that bills.
    invoiced_on = models.DateField(null=True, blank=True, help_text="The day whose run invoiced the added seats.")
    created_at = models.DateTimeField()

    objects = SeatChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["added", "given_up"]), name="seat_change_kind"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="seat_change_of_something"),
            models.CheckConstraint(
                condition=Q(charge_minor__isnull=True) | Q(kind="added", charge_minor__gte=0) & ~Q(currency=""),
                name="seat_charge_of_added",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "effective_on", "id"), name="seats_to_leave", condition=TO_LEAVE),
            models.Index(fields=("vendor", "effective_on", "id"), name="seats_to_invoice", condition=TO_INVOICE),
        ]

    def __str__(self) -> str:
        return f"{counted(self.seats, 'seat')} {self.get_kind_display()} on {day_words(self.asked_on)}"

    @property
    def charge(self) -> Decimal | None:
        return None if self.charge_minor is None else from_minor(self.charge_minor, self.currency)


class Licence(models.Model):
    """One seat of a subscription, and the person it names. A subscription has as many as its quantity says."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="licences")
    number = models.PositiveIntegerField()
    holder = models.ForeignKey(EndUser, models.PROTECT, related_name="licences", null=True, blank=True)
    assigned_on = models.DateField(null=True, blank=True)
    given_up = models.ForeignKey(SeatChange, models.PROTECT, related_name="licences", null=True, blank=True)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering = ("subscription_id", "number")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "number"), name="one_licence_per_number"),
            models.UniqueConstraint(fields=("subscription", "holder"), name="one_licence_per_person"),
            models.CheckConstraint(
                condition=Q(holder__isnull=True, assigned_on__isnull=True)
                | Q(holder__isnull=False, assigned_on__isnull=False),
                name="licence_assigned_dated",
            ),
            models.CheckConstraint(
                condition=Q(gone=False) | Q(holder__isnull=True, given_up__isnull=False), name="licence_gone_is_free"
            ),
        ]
        indexes = [models.Index(fields=("id",), name="licence_gone", condition=Q(gone=True))]

    def __str__(self) -> str:
        return f"Licence {self.number} of subscription {self.subscription_id}"


class Assignment(models.Model):
    """That a licence named a person, from a day on and until another; what allowed it stands beside it."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="assignments")
    holder = models.ForeignKey(EndUser, models.PROTECT, related_name="assignments")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="First day without access.")
    asked_by = models.EmailField()
    reason = models.CharField(max_length=16, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("licence_id", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("licence",), condition=Q(until_on__isnull=True), name="one_person_per_licence"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="assignment_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} from {day_words(self.from_on)}"
