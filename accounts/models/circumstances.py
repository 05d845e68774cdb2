"""What comes from outside: events that customers are told of, force majeure and the deadlines it moves, contracts that
another party takes over, and where users' data goes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models.breaches import Breach
from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from accounts.models.tickets import Ticket
from backoffice.fields import CountryField, SheetField, VendorField
from backoffice.terms.words import day_words

TO_TELL = Q(told_on__isnull=True)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Which events have not been told to all customers yet."""

    def to_tell(self) -> AnnouncementQuerySet:
        return self.filter(TO_TELL)

    def claim(self, vendor: str, day: date) -> Announcement | None:
        """Locks one that is to be told by a vendor's day, passing over what others hold."""
        rows = self.to_tell().filter(vendor=vendor, tell_on__lte=day).order_by("tell_on", "id")
        return rows.select_for_update(skip_locked=True).first()


class Announcement(models.Model):
    """Something that happened and that each customer of a vendor's service (of one plan) is told of.

    ``reached`` is the last contract whose customer was told.
    """

    class Kind(models.TextChoices):
        THIRD_PARTY_CHANGE = "change", "a third party changes what the service contains"
        THIRD_PARTY_END = "end", "a third party's service is sold no longer"
        KNOWN_ERROR = "error", "an error was found at another user's"
        FORCE_MAJEURE = "force_majeure", "what lies beyond our control"

    vendor = VendorField()
    kind = models.CharField(max_length=16, choices=Kind)
    plan = models.CharField(max_length=100, blank=True, help_text="Empty for every plan.")
    text = models.TextField("what happened", help_text="In our own words, with what it may do to the customer.")
    happened_on = models.DateField()
    tell_on = models.DateField()
    reached = models.BigIntegerField(default=0, editable=False)
    told_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["change", "end", "error", "force_majeure"]), name="announcement_kind"
            ),
            models.CheckConstraint(condition=Q(tell_on__gte=F("happened_on")), name="announcement_told_later"),
        ]
        indexes = [models.Index(fields=("vendor", "tell_on", "id"), name="announcement_to_tell", condition=TO_TELL)]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())} ({day_words(self.happened_on)})"


class ForceMajeure(models.Model):
    """That something beyond its control prevents a party: the vendor's side towards all, or one customer."""

    class By(models.TextChoices):
        CUSTOMER = "customer", "the customer"
        VENDOR = "vendor", "the vendor, or us"

    vendor = VendorField()
    by = models.CharField("who is prevented", max_length=8, choices=By, default=By.VENDOR)
    subscription = models.ForeignKey(
        Subscription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="force_majeure",
        help_text="The customer's contract; empty where the vendor is prevented.",
    )
    text = models.TextField("what happened", help_text="Nothing about persons.")
    sheet = SheetField()
    began_on = models.DateField()
    told_on = models.DateField(null=True, blank=True, help_text="When the other party was told.")
    tell_by = models.DateField(null=True, blank=True, help_text="Last day for telling the other party.")
    over_on = models.DateField("first day without it", null=True, blank=True)
    dissolve_from = models.DateField("may be dissolved from", null=True, blank=True)
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = "case of force majeure"
        verbose_name_plural = "cases of force majeure"
        constraints = [
            models.CheckConstraint(
                condition=Q(by="vendor", subscription=None) | Q(by="customer", subscription__isnull=False),
                name="force_majeure_by",
            ),
            models.CheckConstraint(
                condition=Q(over_on__isnull=True) | Q(over_on__gte=F("began_on")), name="force_majeure_over_later"
            ),
        ]

    def __str__(self) -> str:
        return f"Force majeure of {day_words(self.began_on)}"


class MovedDeadline(models.Model):
    """That a deadline moved by the length of a force majeure: a ticket's, or the time to put a breach right."""

    event = models.ForeignKey(ForceMajeure, models.PROTECT, related_name="moved")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="moved_deadlines")
    breach = models.ForeignKey(Breach, models.PROTECT, null=True, blank=True, related_name="moved_deadlines")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("event_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("event", "ticket"), name="ticket_moved_once"),
            models.UniqueConstraint(fields=("event", "breach"), name="breach_moved_once"),
            models.CheckConstraint(
                condition=Q(ticket=None, breach__isnull=False) | Q(ticket__isnull=False, breach=None),
                name="moved_deadline_of_one",
            ),
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="deadline_moved_later"),
        ]

    def __str__(self) -> str:
        return f"{day_words(self.old_due_on)} became {day_words(self.new_due_on)}"


class Handover(models.Model):
    """That a customer wanted to hand its contract on to another, and what the contract said to that."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="handovers")
    from_customer = models.ForeignKey(Customer, models.PROTECT, related_name="handed_on", verbose_name="from")
    to_customer = models.ForeignKey(Customer, models.PROTECT, related_name="taken_over", verbose_name="to")
    relation = models.CharField(max_length=12, help_text="A company of its group, its successor, or somebody else.")
    consent = models.BooleanField("the vendor has consented in writing", default=False)
    told_in_writing = models.BooleanField("told in writing beforehand", default=False)
    bound = models.BooleanField("who takes it over agrees to be bound", default=False)
    on = models.DateField()
    allowed = models.BooleanField()
    reason = models.CharField(max_length=12)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(from_customer=F("to_customer")), name="handed_on_to_another"),
            models.CheckConstraint(condition=Q(relation__in=["group", "successor", "other"]), name="handover_relation"),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id} on {day_words(self.on)}"


class TransferConsent(models.Model):
    """That a customer, by using a service, consented to its data going to the country where the vendor processes it."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="transfer_consents")
    vendor = VendorField()
    to_country = CountryField("to country")
    on = models.DateField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("customer", "vendor"), name="one_transfer_consent")]

    def __str__(self) -> str:
        return f"{self.get_to_country_display()} from {day_words(self.on)}"
