"""Who the customers are, what they agreed to, how their terms run, and what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
            models.CheckConstraint(condition=Q(state__in=["waiting", "active", "ended"]), name="subscription_state_known"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_of_something"),
            models.CheckConstraint(condition=Q(state="waiting") | Q(start__isnull=False), name="subscription_has_begun"),
            models.CheckConstraint(condition=~Q(state="ended") | Q(ends_on__isnull=False), name="subscription_end_dated"),
        ]
        indexes = [
            models.Index(fields=("vendor", "start"), name="subscription_live", condition=Q(state="active")),
            models.Index(
                fields=("vendor", "ends_on"), name="subscription_ending", condition=Q(state="active", ends_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}: {self.plan}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges this subscription; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


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
    renews_on = models.DateField()
    due_on = models.DateField(help_text="When the payment for the next period is due.")
    invoice_on = models.DateField(help_text="First day on which the next period may be charged.")
    pay_by = models.DateField(null=True, blank=True, help_text="Last day before an unpaid renewal is void.")
    non_renewal_by = models.DateField(help_text="Last day for a notice not to renew.")
    renewal_notice_on = models.DateField(null=True, blank=True, help_text="Day by which the customer is told of the renewal.")
    because = models.JSONField()
    noticed_on = models.DateField(null=True, blank=True, help_text="The day whose run wrote the renewal notice.")
    invoiced_on = models.DateField(null=True, blank=True, help_text="The day whose run invoiced the next period.")

    class Meta:
        ordering = ("subscription_id", "index")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "index"), name="one_period_per_index"),
            models.CheckConstraint(condition=Q(state__in=["open", "renewed", "ended"]), name="period_state_known"),
            models.CheckConstraint(condition=Q(period_start__lte=F("period_end")), name="period_ends_after_it_starts"),
        ]
        # Each index holds only what is still to be done, so it stays small however many years lie behind.
        indexes = [
            models.Index(
                fields=("vendor", "renewal_notice_on"),
                name="period_to_notice",
                condition=Q(state="open", noticed_on__isnull=True, renewal_notice_on__isnull=False),
            ),
            models.Index(
                fields=("vendor", "invoice_on"),
                name="period_to_invoice",
                condition=Q(state__in=["open", "renewed"], invoiced_on__isnull=True),
            ),
            models.Index(fields=("vendor", "period_end"), name="period_to_renew", condition=Q(state="open")),
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
    """Lets a program ask what its scopes allow. Only a SHA-256 of the secret is kept: the key is shown once, when made."""

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

    def valid_at(self, moment: Any) -> bool:
        """Whether the key opens anything at a moment: not revoked, not expired."""
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)
