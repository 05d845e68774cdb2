"""What was charged: numbered documents that never change once issued, their lines, and what is still open on them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Customer, Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.money import from_minor
from backoffice.terms.sheet import Sheet
from billing.models.catalogue import Price

ONE_DAY = timedelta(days=1)


class InvoiceIsFinal(Exception):
    """Somebody tried to change an issued invoice; it is corrected by another document, never by itself."""


class Series(models.Model):
    """A run of document numbers without gaps: locked until the documents that take its numbers are written."""

    prefix = models.CharField(max_length=8, primary_key=True)
    next_number = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"{self.prefix}-{self.next_number:06d}"


# Documents whose letter is to be written; the index below has the same condition.
TO_TELL = Q(told_on__isnull=True)


class Invoice(models.Model):
    """A document about money: an invoice, or a credit note that takes back some of one.

    Both kinds hold amounts of 0 or more, in minor units. ``key`` is what made it due (``period/12/3``), so that it is
    issued once. Once issued it never changes; the database refuses it too.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "invoice"
        CREDIT_NOTE = "credit_note", "credit note"

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.INVOICE)
    key = models.CharField(max_length=100, unique=True, help_text="What made it due.")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="invoices")
    subscription = models.ForeignKey(Subscription, models.PROTECT, null=True, blank=True, related_name="invoices")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    vendor = VendorField()
    sheet = SheetField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField("net, in minor units")
    tax_minor = models.BigIntegerField("tax, in minor units", default=0)
    total_minor = models.BigIntegerField("total, in minor units")
    issued_on = models.DateField()
    due_on = models.DateField()
    pay_by = models.DateField(null=True, blank=True, help_text="Last day before what is not paid is void.")
    leave_by = models.DateField(
        null=True, blank=True, help_text="Last day for a notice that spares the customer what is charged."
    )
    because = models.JSONField()
    told_on = models.DateField(
        "letter written on", null=True, blank=True, help_text="The day whose run wrote the letter that goes with it."
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["invoice", "credit_note"]), name="invoice_kind_known"),
            models.CheckConstraint(condition=Q(net_minor__gte=0, tax_minor__gte=0), name="invoice_not_negative"),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor")), name="invoice_total_is_net_and_tax"
            ),
            models.CheckConstraint(
                condition=Q(kind="credit_note") | Q(corrects__isnull=True), name="invoice_corrects_by_credit_note"
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "id"), name="invoice_to_tell", condition=TO_TELL),
            models.Index(fields=("vendor", "issued_on"), name="invoice_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} {self.number}"

    @property
    def entry_key(self) -> str:
        """The key of the one ledger entry that explains this document, and is of its total."""
        return f"{self.kind}/{self.key}"

    @property
    def terms(self) -> Sheet:
        """The terms that judge it: those of its contract, with what was agreed specially, or of its own sheet."""
        return self.subscription.terms if self.subscription else book().sheet(self.sheet)

    @property
    def net(self) -> Decimal:
        return from_minor(self.net_minor, self.currency)

    @property
    def tax(self) -> Decimal:
        return from_minor(self.tax_minor, self.currency)

    @property
    def total(self) -> Decimal:
        return from_minor(self.total_minor, self.currency)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes a new document; InvoiceIsFinal for one that was issued already."""
        if not self._state.adding:
            raise InvoiceIsFinal(f"invoice {self.number} was issued and never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: InvoiceIsFinal."""
        raise InvoiceIsFinal(f"invoice {self.number} was issued and stays")


class InvoiceLine(models.Model):
    """One thing that a document charges for or takes back, and the decision behind it."""

    class Kind(models.TextChoices):
        SERVICE = "service", "service"
        SEAT = "seat", "added seats"
        SETUP = "setup", "setting up"
        DEVICE = "device", "device"
        DOMAIN = "domain_registration", "domain"
        IP = "ip", "IP address"
        SSL = "ssl", "SSL certificate"
        ASSISTANCE = "assistance", "assistance membership"
        THIRD_PARTY = "third_party", "third-party service"
        SHIPPING = "shipping", "shipping and administration"
        FEE = "fee", "fee"

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    unit_minor = models.BigIntegerField("price of one, in minor units")
    net_minor = models.BigIntegerField("net, in minor units")
    price = models.ForeignKey(Price, models.PROTECT, null=True, blank=True, db_index=False, related_name="lines")
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    because = models.JSONField(default=list)

    class Meta:
        ordering = ("invoice_id", "position")
        constraints = [
            models.UniqueConstraint(fields=("invoice", "position"), name="one_line_per_position"),
            models.CheckConstraint(condition=Q(net_minor__gte=0), name="line_not_negative"),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True) | Q(period_start__lte=F("period_end")),
                name="line_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.net_minor}"

    @property
    def net(self) -> Decimal:
        return from_minor(self.net_minor, self.invoice.currency)

    @property
    def unit(self) -> Decimal:
        return from_minor(self.unit_minor, self.invoice.currency)


# Invoices on which something is owed, and those whose lateness costs something or voids them; the indexes below have
# these conditions.
OPEN = Q(closed_on__isnull=True)
TO_COUNT = OPEN & Q(count_on__isnull=False)
TO_VOID = OPEN & Q(void_on__isnull=False)


class OpenItem(models.Model):
    """What is still owed on an invoice. The ledger proves it: its receivable legs on the invoice add up to what the
    three columns hold together, and ``manage.py verify`` says so."""

    invoice = models.OneToOneField(Invoice, models.PROTECT, primary_key=True, related_name="item")
    vendor = VendorField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="open_items")
    due_on = models.DateField()
    principal_minor = models.BigIntegerField("still owed of the total, in minor units")
    interest_minor = models.BigIntegerField("interest still owed, in minor units", default=0)
    costs_minor = models.BigIntegerField("fees and costs still owed, in minor units", default=0)
    # What was charged so far, paid or not: the next count charges what the rule's answer has more.
    interest_charged_minor = models.BigIntegerField("interest charged so far, in minor units", default=0)
    costs_charged_minor = models.BigIntegerField("fees and costs charged so far, in minor units", default=0)
    count_on = models.DateField(
        null=True, blank=True, help_text="Next day for which late charges are counted; empty where there are none."
    )
    void_on = models.DateField(
        "void from", null=True, blank=True, help_text="First day on which it is void, if nothing of it is paid by then."
    )
    charges_count = models.PositiveIntegerField("times that late charges changed", default=0)
    rate_missing = models.BooleanField(
        default=False, help_text="No published rate is known for the first late day, so no interest is counted."
    )
    because = models.JSONField(default=list, blank=True, help_text="What the late charges rest on.")
    closed_on = models.DateField(null=True, blank=True, help_text="When nothing was owed any more.")

    class Meta:
        ordering = ("due_on", "invoice_id")
        verbose_name = "unpaid invoice"
        constraints = [
            models.CheckConstraint(
                condition=Q(principal_minor__gte=0, interest_minor__gte=0, costs_minor__gte=0), name="item_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(principal_minor=0, interest_minor=0, costs_minor=0),
                name="item_closed_when_paid",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "due_on", "invoice"), name="item_open", condition=OPEN),
            models.Index(fields=("vendor", "count_on", "invoice"), name="item_to_count", condition=TO_COUNT),
            models.Index(fields=("vendor", "void_on", "invoice"), name="item_to_void", condition=TO_VOID),
        ]

    @property
    def counted_on(self) -> date | None:
        """The last day for which late charges were counted; None where none was."""
        return None if self.count_on is None or self.count_on <= self.due_on else self.count_on - ONE_DAY

    @property
    def owed_minor(self) -> int:
        """All that is still owed, late charges included, in minor units."""
        return self.principal_minor + self.interest_minor + self.costs_minor

    @property
    def principal(self) -> Decimal:
        """What is still owed of the invoice's total."""
        return from_minor(self.principal_minor, self.invoice.currency)

    @property
    def owed(self) -> Decimal:
        """All that is still owed, late charges included."""
        return from_minor(self.owed_minor, self.invoice.currency)

    def __str__(self) -> str:
        return f"What is owed on invoice {self.invoice_id}"
