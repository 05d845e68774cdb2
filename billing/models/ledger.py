"""The ledger: entries whose legs add up to nothing, written once and never changed; the database sees to both.

Balances are sums of legs, corrections are new entries. A leg says which account it moves, and of which customer
and vendor, on which invoice. A debit is positive, a credit negative, in minor units of the leg's currency.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Customer
from backoffice.fields import SheetField, VendorField
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models.invoices import Invoice


class LedgerIsFinal(Exception):
    """Somebody tried to change what was posted; it is corrected by another entry, never by itself."""


class Account(models.TextChoices):
    """The chart of accounts, each with its words on a statement."""

    RECEIVABLE = "receivable", "owed by customers"
    BANK = "bank", "bank"
    CARD = "card", "card processor"
    PAYPAL = "paypal", "PayPal"
    BITCOIN = "bitcoin", "Bitcoin"
    CHECK = "check", "cheques"
    CREDIT = "credit", "customers' credit"
    UNMATCHED = "unmatched", "payments of nobody known"
    TAX = "tax", "value added tax"
    REVENUE = "revenue", "sales"
    LATE_CHARGES = "late_charges", "late charges"
    FEES = "fees", "other fees"
    RECOVERY = "recovery", "costs of recovering debts"
    REFUNDS = "refunds", "refunds"
    SERVICE_CREDITS = "service_credits", "credits for outages"
    UNCOLLECTED = "uncollected", "given up or void"
    COST = "cost", "wholesale"
    PAYABLE = "payable", "owed to vendors"
    VENDOR_CLAIMS = "vendor_claims", "owed by vendors"


class Entry(models.Model):
    """One event of money. ``key`` names what made it due (``invoice/INV-000012``), so that it is posted once."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "invoice"
        CREDIT_NOTE = "credit_note", "credit note"
        PAYMENT = "payment", "payment"
        ALLOCATION = "allocation", "allocation of a payment"
        LATE_CHARGE = "late_charge", "late charge"
        FEE = "fee", "fee"
        REFUND = "refund", "refund"
        RETURN = "return", "returned payment"
        VOID = "void", "void or given up"
        WHOLESALE = "wholesale", "the vendor's side"

    key = models.CharField(max_length=120, unique=True, help_text="What made it due.")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField("booked on")
    text = models.CharField(max_length=200, help_text="As a statement of account tells it; names no person.")
    vendor = VendorField(blank=True)
    sheet = SheetField(blank=True)
    because = models.JSONField(default=list, blank=True)
    sides = models.PositiveSmallIntegerField("legs", help_text="How many legs it has, so that none is added later.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        constraints = [models.CheckConstraint(condition=Q(sides__gte=2), name="entry_of_two_or_more")]
        indexes = [models.Index(fields=("on", "id"), name="entry_by_day")]

    def __str__(self) -> str:
        return f"{day_words(self.on)}: {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never: entries are posted by the ledger, with their legs. LedgerIsFinal."""
        raise LedgerIsFinal(f"entry {self.key} is posted with its legs, or not at all")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: LedgerIsFinal."""
        raise LedgerIsFinal(f"entry {self.key} was posted and stays")


class Leg(models.Model):
    """One side of an entry: how much one account is debited (positive) or credited (negative)."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="legs")
    account = models.CharField(max_length=16, choices=Account)
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField("minor units", help_text="A debit is positive, a credit negative.")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="ledger_legs"
    )
    vendor = VendorField(blank=True)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, db_index=False, related_name="ledger_legs"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = "ledger leg"
        constraints = [models.CheckConstraint(condition=~Q(minor=0), name="leg_of_something")]
        # Each holds only the legs that it is asked about, so that the others cost nothing to write.
        indexes = [
            models.Index(
                fields=("customer", "account", "currency"),
                name="leg_of_customer",
                condition=Q(customer__isnull=False),
                include=("minor",),
            ),
            models.Index(
                fields=("invoice", "account"),
                name="leg_of_invoice",
                condition=Q(invoice__isnull=False),
                include=("minor",),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()}: {self.amount} {self.currency}"

    @property
    def amount(self) -> Decimal:
        return from_minor(self.minor, self.currency)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never: LedgerIsFinal."""
        raise LedgerIsFinal("legs are posted with their entry, or not at all")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: LedgerIsFinal."""
        raise LedgerIsFinal("what was posted stays")
