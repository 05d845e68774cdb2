"""What customers paid, and which invoices it paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models import Customer
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models.invoices import Invoice

# Payments that still hold money which pays nothing yet; the index below has the same condition.
UNSPENT = Q(left_minor__gt=0)


class Payment(models.Model):
    """Money that came from a customer, once for each ``key`` (which names the booking of the bank, or of the caller).

    ``left_minor`` is what pays nothing yet: the customer's credit. What went back is in ``returned_minor``. What we owe
    a customer by a credit note is spent in the same way, and stands here too.
    """

    class Method(models.TextChoices):
        CARD = "card", "card"
        PAYPAL = "paypal", "PayPal"
        BANK_TRANSFER = "bank_transfer", "bank transfer"
        BITCOIN = "bitcoin", "Bitcoin"
        CHECK = "check", "cheque"
        CREDIT = "credit", "our credit"

    key = models.CharField(max_length=100, unique=True, help_text="What tells this payment from every other.")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="payments")
    method = models.CharField("paid by", max_length=16, choices=Method)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField("amount in minor units")
    left_minor = models.BigIntegerField("pays nothing yet, in minor units")
    returned_minor = models.BigIntegerField("went back, in minor units", default=0)
    received_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True, help_text="What the payer wrote.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=Q(left_minor__gte=0, returned_minor__gte=0), name="payment_not_negative"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=F("left_minor") + F("returned_minor")), name="payment_pays_what_it_is"
            ),
        ]
        indexes = [models.Index(fields=("customer", "received_on", "id"), name="payment_unspent", condition=UNSPENT)]

    def __str__(self) -> str:
        return f"Payment {self.pk}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.currency)

    @property
    def left(self) -> Decimal:
        return from_minor(self.left_minor, self.currency)

    @property
    def returned(self) -> Decimal:
        return from_minor(self.returned_minor, self.currency)


# What payments pay still; what went back pays nothing.
STANDING = Q(undone_on__isnull=True)


class Allocation(models.Model):
    """What some of a payment paid of an invoice, in which order the contract says.

    Where the payment went back it is ``undone``: it stays as a record, and pays nothing any more.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    on = models.DateField(help_text="The day on which the money was there: interest on it ends with this day.")
    principal_minor = models.BigIntegerField(default=0)
    interest_minor = models.BigIntegerField(default=0)
    costs_minor = models.BigIntegerField(default=0)
    because = models.JSONField(default=list, blank=True)
    undone_on = models.DateField(null=True, blank=True, help_text="When the payment went back.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(principal_minor__gte=0, interest_minor__gte=0, costs_minor__gte=0),
                name="allocation_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.payment.currency} of payment {self.payment_id} for invoice {self.invoice_id}"

    @property
    def minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.costs_minor

    @property
    def amount(self) -> Decimal:
        return from_minor(self.minor, self.payment.currency)


class RecoveryCost(models.Model):
    """What happened to a debt that is charged on: an incident with a fixed fee, or a cost of recovering it."""

    class Kind(models.TextChoices):
        RETURNED_CHECK = "returned_check", "returned cheque"
        INVESTIGATION = "investigation", "investigation"
        COLLECTION = "collection", "collection"
        JUDICIAL = "judicial", "court"
        BANK = "bank", "bank"
        HANDED_OVER = "handed_over", "handed over to collection"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="recovery_costs")
    kind = models.CharField(max_length=14, choices=Kind)
    on = models.DateField()
    amount_minor = models.BigIntegerField("cost in minor units", default=0, help_text="Of a cost; 0 for an incident.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="recovery_cost_not_negative"),
            models.UniqueConstraint(fields=("invoice",), name="handed_over_once", condition=Q(kind="handed_over")),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())} on {day_words(self.on)}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.amount_minor, self.invoice.currency)
