"""The lines of bank statements, and what became of each."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import Customer
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models.invoices import Invoice
from billing.models.payments import Allocation, Payment


class BankLine(models.Model):
    """One booking of the bank's, known by ``key`` (the account and the bank's own reference): once in the books,
    however many statements it stands on. Money that came is positive, money that went is negative.

    What came and is nobody's yet stands in the ledger as money of nobody known until staff say whose it is.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waits for a person"
        BOOKED = "booked", "a payment"
        SEEN = "seen", "dealt with elsewhere"

    key = models.CharField(max_length=100, unique=True, help_text="The account and the bank's reference.")
    booked_on = models.DateField()
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField("minor units", help_text="Came where positive, went where negative.")
    text = models.CharField(max_length=500, blank=True, help_text="What the payer and the bank wrote.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="bank_line")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(minor=0), name="bank_line_of_something"),
            models.CheckConstraint(
                condition=Q(state="booked", payment__isnull=False, minor__gt=0)
                | Q(payment__isnull=True) & ~Q(state="booked"),
                name="bank_line_booked_as_payment",
            ),
            # Money that came is never put aside: it is somebody's.
            models.CheckConstraint(condition=~Q(state="seen", minor__gt=0), name="bank_line_seen_went"),
        ]
        indexes = [models.Index(fields=("booked_on", "id"), name="bank_line_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {day_words(self.booked_on)}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.minor, self.currency)

    @property
    def payer(self) -> Customer | None:
        """Whose money it is, once that is known."""
        return self.payment.customer if self.payment else None

    @property
    def pays(self) -> QuerySet[Invoice]:
        """The invoices of which it paid something."""
        paid = Allocation.objects.filter(payment=self.payment).order_by().values("invoice")
        return Invoice.objects.filter(pk__in=paid) if self.payment else Invoice.objects.none()
