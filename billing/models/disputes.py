"""Bills that customers dispute, and payments that they have charged back."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import ReceivedNotice
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models.invoices import Invoice
from billing.models.payments import Payment

# Disputes that were found right, and whose credit is still to be given; the index below has the same condition.
TO_CREDIT = Q(state="upheld", credit__isnull=True)


class Dispute(models.Model):
    """The file of one bill that its customer disputes: when that came, what it says, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", "to be answered"
        WAIVED = "waived", "raised too late"
        UPHELD = "upheld", "found right"
        REJECTED = "rejected", "found wrong"

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="dispute")
    vendor = VendorField()
    sheet = SheetField()
    notice = models.ForeignKey(
        ReceivedNotice, models.PROTECT, related_name="disputes", verbose_name="received", help_text="How it came."
    )
    raised_on = models.DateField("received on")
    deadline = models.DateField(
        "in time until", null=True, blank=True, help_text="Empty where the contract names none."
    )
    facts = models.TextField(help_text="What the customer says is wrong with the bill.")
    disputed_minor = models.BigIntegerField("disputed, in minor units")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="What was found. The customer is told this, word for word.")
    credit_minor = models.BigIntegerField("to be credited, in minor units", default=0)
    credit_on = models.DateField("is credited on", null=True, blank=True)
    credit = models.OneToOneField(
        Invoice, models.PROTECT, null=True, blank=True, related_name="credited_dispute", verbose_name="credit note"
    )
    because = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "waived", "upheld", "rejected"]), name="dispute_state_known"
            ),
            models.CheckConstraint(condition=Q(disputed_minor__gt=0), name="dispute_of_something"),
            models.CheckConstraint(
                condition=Q(state="upheld", credit_minor__gt=0, credit_on__isnull=False)
                | ~Q(state="upheld") & Q(credit_minor=0, credit_on__isnull=True, credit__isnull=True),
                name="dispute_credited_when_right",
            ),
            models.CheckConstraint(condition=Q(credit_minor__lte=F("disputed_minor")), name="dispute_credit_not_more"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waived"]) | Q(answered_on__isnull=False), name="dispute_answered_on"
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "credit_on", "id"), name="dispute_to_credit", condition=TO_CREDIT),
            models.Index(fields=("raised_on",), name="dispute_to_answer", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        if self.state == self.State.UPHELD and self.credit_on:
            credited = f"{self.credit_amount} {self.invoice.currency} are credited on {day_words(self.credit_on)}"
            return f"Dispute of {self.invoice.number}: {self.get_state_display()}, {credited}"
        return f"Dispute of {self.invoice.number}: {self.get_state_display()}"

    @property
    def disputed(self) -> Decimal:
        return from_minor(self.disputed_minor, self.invoice.currency)

    @property
    def credit_amount(self) -> Decimal:
        return from_minor(self.credit_minor, self.invoice.currency)


class Chargeback(models.Model):
    """A payment that its payer had the card company take back, and what that costs."""

    key = models.CharField(max_length=100, unique=True, help_text="What tells it from every other.")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="chargebacks")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="chargebacks", verbose_name="bill")
    on = models.DateField("charged back on")
    minor = models.BigIntegerField("went back, in minor units")
    fee = models.OneToOneField(
        Invoice, models.PROTECT, null=True, blank=True, related_name="fee_of_chargeback", verbose_name="fee charged by"
    )
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "charge-back"
        constraints = [models.CheckConstraint(condition=Q(minor__gt=0), name="chargeback_of_something")]

    def __str__(self) -> str:
        fee = f"; it costs {self.fee.total} {self.fee.currency}" if self.fee else ""
        return f"{self.amount} {self.payment.currency} for {self.invoice.number} on {day_words(self.on)}{fee}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.minor, self.payment.currency)
