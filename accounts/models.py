"""Who the customers are, what they agreed to, how their terms run, and what they were told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from backoffice.terms.book import book

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

SCOPE_DECISIONS = "decisions"
# What a key may be let do; each endpoint names the scope that it asks for.
SCOPES = {SCOPE_DECISIONS: "Ask the rules (decisions)"}


class Customer(models.Model):
    """Who subscribes."""

    name = models.CharField(max_length=200)
    email = models.EmailField(help_text="Where letters about the contract go.")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    country = models.CharField(
        max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, as ISO 3166 has them.")]
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """One contract of one customer for one vendor's service.

    ``sheet`` is the version of the terms in force when it was accepted: that version judges it to its end.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its payment"
        ACTIVE = "active", "active"
        ENDED = "ended", "ended"

    class Method(models.TextChoices):
        CARD = "card", "card"
        PAYPAL = "paypal", "PayPal"
        BANK_TRANSFER = "bank_transfer", "bank transfer"
        BITCOIN = "bitcoin", "Bitcoin"
        CHECK = "check", "cheque"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subscriptions")
    vendor = models.CharField(max_length=64)
    sheet = models.CharField(max_length=80, help_text="Version of the terms, frozen when they were accepted.")
    plan = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    method = models.CharField("payment by", max_length=16, choices=Method)
    cycle_months = models.PositiveSmallIntegerField(
        "months of a period", null=True, blank=True, help_text="Empty for the contract's own length."
    )
    renewal_months = models.PositiveSmallIntegerField(
        "months of a renewal", null=True, blank=True, help_text="Empty where the contract knows no periods."
    )
    commitment = models.BooleanField(default=False)
    accepted_on = models.DateField()
    start = models.DateField(null=True, blank=True)
    start_because = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State)
    notice_on = models.DateField(null=True, blank=True, help_text="When a notice to stop was received.")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of service; empty while it goes on renewing.")
    ends_because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "active", "ended"]), name="subscription_state"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_of_something"),
            models.CheckConstraint(condition=Q(state="waiting") | Q(start__isnull=False), name="subscription_begun"),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ends_on__isnull=False), name="subscription_ended_on"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "start"), name="subscription_live", condition=Q(state="active"))]

    def __str__(self) -> str:
        return f"Subscription {self.pk}: {self.plan}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges this subscription; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


# The work that a day can find in the periods; the indexes below have the same conditions.
TO_NOTICE = Q(state="open", noticed_on__isnull=True, tell_on__isnull=False)
TO_INVOICE = ~Q(state="ended") & Q(invoiced_on__isnull=True)
TO_CLOSE = Q(state="open")


class PeriodQuerySet(models.QuerySet["Period"]):
    """What is to be done about periods, and how a job takes hold of it."""

    def to_notice(self) -> PeriodQuerySet:
        """Periods before whose renewal the customer is to be told, and is not yet; due by ``tell_on``."""
        return self.filter(TO_NOTICE).renewing()

    def to_invoice(self) -> PeriodQuerySet:
        """Periods whose renewal is to be invoiced, and is not yet; due by ``invoice_on``.

        A period that has renewed uninvoiced (it was entered late) stays among them: what it owes does not lapse.
        """
        return self.filter(TO_INVOICE).renewing()

    def to_close(self) -> PeriodQuerySet:
        """Periods that will renew or end when ``closes_on`` is over."""
        return self.filter(TO_CLOSE)

    def renewing(self) -> PeriodQuerySet:
        """Periods that another one follows, as far as is known."""
        return self.filter(Q(subscription__ends_on=None) | Q(subscription__ends_on__gt=F("period_end")))

    def due(self, vendor: str, column: str, day: date) -> PeriodQuerySet:
        """Those of a vendor whose ``column`` is reached on a day, the longest due first."""
        return self.filter(vendor=vendor, **{f"{column}__lte": day}).order_by(column, "id")

    def claim(self, count: int) -> list[Period]:
        """Locks some rows and their subscriptions until the transaction ends, passing over what others hold."""
        rows = self.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class Period(models.Model):
    """One period of a term with the dates that fall due around its end, as the rule gave them when it was opened."""

    class State(models.TextChoices):
        OPEN = "open", "running"
        RENEWED = "renewed", "renewed"
        ENDED = "ended", "ended"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="periods")
    index = models.PositiveIntegerField(help_text="0 is the first period.")
    # The two below repeat what the subscription says, so that a day finds what is due by one index.
    vendor = models.CharField(max_length=64)
    sheet = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    period_start = models.DateField()
    period_end = models.DateField()
    closes_on = models.DateField(
        help_text="Last day of service: its end, or the day before it that was given notice for."
    )
    renews_on = models.DateField()
    due_on = models.DateField(help_text="When the payment for the next period is due.")
    invoice_on = models.DateField(help_text="First day on which the next period may be charged.")
    pay_by = models.DateField(null=True, blank=True, help_text="Last day before an unpaid renewal is void.")
    non_renewal_by = models.DateField(help_text="Last day for a notice not to renew.")
    renewal_notice_on = models.DateField(null=True, blank=True, help_text="When the customer is told of the renewal.")
    because = models.JSONField()
    tell_on = models.DateField(
        null=True, blank=True, help_text="When the renewal notice leaves, so that it counts as received in time."
    )
    tell_because = models.JSONField(default=list, blank=True)
    # The next two are written by the jobs: the first by ours, the second by the room above that bills.
    noticed_on = models.DateField(null=True, blank=True, help_text="The day whose run wrote the renewal notice.")
    invoiced_on = models.DateField(null=True, blank=True, help_text="The day whose run invoiced the next period.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("subscription_id", "index")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "index"), name="one_period_per_index"),
            models.CheckConstraint(condition=Q(state__in=["open", "renewed", "ended"]), name="period_state_known"),
            models.CheckConstraint(condition=Q(period_start__lte=F("period_end")), name="period_ends_after_it_starts"),
        ]
        # Each index holds only what is still to be done, so it stays small however many years lie behind.
        indexes = [
            models.Index(fields=("vendor", "tell_on", "id"), name="period_to_notice", condition=TO_NOTICE),
            models.Index(fields=("vendor", "invoice_on", "id"), name="period_to_invoice", condition=TO_INVOICE),
            models.Index(fields=("vendor", "closes_on", "id"), name="period_to_close", condition=TO_CLOSE),
        ]

    def __str__(self) -> str:
        return f"Period {self.index} of subscription {self.subscription_id}"


class Notice(models.Model):
    """One letter that a contract asks for: the exact words, why it was due, and when it went out.

    What makes it one obligation is (subscription, kind, period): the same letter is never written twice.
    """

    class Kind(models.TextChoices):
        RENEWAL = "renewal", "renewal notice"
        INVOICE = "invoice", "renewal invoice"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "could not be sent"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    period_index = models.PositiveIntegerField()
    sheet = models.CharField(max_length=80)
    because = models.JSONField()
    due_on = models.DateField()
    recipient = models.EmailField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("subscription", "kind", "period_index"), name="one_notice_per_obligation"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="notice_state_known"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notice_sent_dated"),
        ]
        indexes = [models.Index(fields=("due_on",), name="notice_unsent", condition=~Q(state="sent"))]

    def __str__(self) -> str:
        return self.subject


class ContractDocument(models.Model):
    """The text of a contract as a file, tied to the sheet that was made from it: what customers accept."""

    sheet = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=50)
    file = models.FileField(upload_to="contracts/")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("sheet", "title", "-id")
        constraints = [models.UniqueConstraint(fields=("sheet", "sha256"), name="one_document_per_text")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Agreement(models.Model):
    """That a subscription was made under one text of the contract."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="agreements")
    document = models.ForeignKey(ContractDocument, models.PROTECT, related_name="agreements")
    accepted_on = models.DateField()

    class Meta:
        ordering = ("subscription_id", "id")
        constraints = [models.UniqueConstraint(fields=("subscription", "document"), name="one_agreement_per_document")]

    def __str__(self) -> str:
        return f"{self.document} accepted on {self.accepted_on}"


class ApiKey(models.Model):
    """Lets a program ask what its scopes allow. Of the secret only a SHA-256 is kept: it is shown once."""

    name = models.CharField(max_length=100, help_text="Whose program this is, and what for.")
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("name", "id")
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def valid_at(self, moment: datetime) -> bool:
        """Whether the key opens anything at a moment: not revoked, not expired."""
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)
