"""What customers claim for outages: reports of incidents, and the credit of a month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import moment_words, spoken
from billing.models.invoices import Invoice
from billing.models.outages import Service

# Credits that wait for the next invoice of their contract; the index below has the same condition.
TO_APPLY = Q(state="granted", credit__isnull=True)
UNANSWERED = ("open", "waits")


class CreditClaim(models.Model):
    """A customer's claim for the credit of one service in one month, from its first report to the credit note."""

    class State(models.TextChoices):
        OPEN = "open", "to be validated"
        WAITS = "waits", "waits until a breach is cured"
        GRANTED = "granted", "credited"
        REFUSED = "refused", "refused"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="credit_claims")
    vendor = VendorField()
    sheet = SheetField()
    service = models.CharField(max_length=8, choices=Service)
    month = models.CharField(max_length=7, help_text="As 2026-04: the month in which the outage began.")
    claimed_on = models.DateField("claimed on")
    claim_by = models.DateField("to be claimed by", null=True, blank=True)
    answer_from = models.DateField("answered from", null=True, blank=True)
    answer_by = models.DateField("answered by", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    users_affected = models.PositiveIntegerField("users on what failed", null=True, blank=True)
    availability = models.DecimalField("available, in percent", max_digits=7, decimal_places=4, null=True, blank=True)
    percent = models.DecimalField("credit, in percent", max_digits=7, decimal_places=2, null=True, blank=True)
    reason = models.CharField("why nothing is credited", max_length=24, blank=True)
    fee_minor = models.BigIntegerField("fee of the month, in minor units", default=0)
    credit_minor = models.BigIntegerField("credit, in minor units", default=0)
    decided_on = models.DateField("answered on", null=True, blank=True)
    credit = models.OneToOneField(
        Invoice, models.PROTECT, null=True, blank=True, related_name="credited_claim", verbose_name="credit note"
    )
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "claim for a credit"
        verbose_name_plural = "claims for credits"
        constraints = [
            models.UniqueConstraint(fields=("subscription", "service", "month"), name="one_claim_per_month"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waits", "granted", "refused"]), name="claim_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="granted", credit_minor__gt=0)
                | ~Q(state="granted") & Q(credit_minor=0, credit__isnull=True),
                name="claim_credited_when_granted",
            ),
            models.CheckConstraint(condition=Q(state="open") | Q(decided_on__isnull=False), name="claim_answered_on"),
            models.CheckConstraint(condition=Q(state="granted") | Q(fee_minor__gte=0), name="claim_fee_not_negative"),
        ]
        indexes = [
            models.Index(fields=("vendor", "id"), name="claim_to_apply", condition=TO_APPLY),
            models.Index(fields=("answer_by",), name="claim_to_answer", condition=Q(state__in=["open", "waits"])),
        ]

    def __str__(self) -> str:
        said = f"Claim for {self.get_service_display()} in {self.month}"
        if self.state == self.State.GRANTED:
            return f"{said}: {self.credit_amount} {self.currency} are credited"
        why = f" ({spoken(self.reason)})" if self.reason else ""
        return f"{said}: {self.get_state_display()}{why}"

    @property
    def day(self) -> date:
        """The first day on which, as was reported, the service was down."""
        first = self.reports.order_by("started_at", "id")[0]
        return first.started_at.astimezone(self.subscription.terms.zone).date()

    @property
    def currency(self) -> str:
        return self.subscription.terms.currency.value

    @property
    def credit_amount(self) -> Decimal:
        return from_minor(self.credit_minor, self.currency)

    @property
    def fee(self) -> Decimal:
        return from_minor(self.fee_minor, self.currency)


class IncidentReport(models.Model):
    """What a customer reported of one time in which its service was down."""

    claim = models.ForeignKey(CreditClaim, models.PROTECT, related_name="reports")
    reported_on = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Empty where the customer did not tell.")
    users_affected = models.PositiveIntegerField(null=True, blank=True)
    traceroutes = models.PositiveSmallIntegerField(default=0)
    evidence = models.TextField("the traceroutes", blank=True)
    detail = models.TextField("what was observed", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"Report of an outage from {moment_words(timezone.localtime(self.started_at))}"
