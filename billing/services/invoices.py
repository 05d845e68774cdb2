"""How documents about money are issued: numbered without gaps, written with their lines, posted to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from accounts.models import Customer, Subscription
from backoffice.bulk import insert_all
from billing.ledger import Posting, Side, post_all
from billing.models import Account, Entry, Invoice, InvoiceLine, OpenItem, Price, Series

PREFIXES = {Invoice.Kind.INVOICE: "INV", Invoice.Kind.CREDIT_NOTE: "CN"}
# So that numbers sort as they count, for as long as a reseller is likely to live.
NUMBER_DIGITS = 6
ONE_DAY = timedelta(days=1)


class Line(NamedTuple):
    """One line before it is issued; amounts in minor units of the document's currency."""

    kind: InvoiceLine.Kind
    text: str
    quantity: int
    unit_minor: int
    net_minor: int
    price: Price | None = None
    period: tuple[date, date] | None = None
    because: Sequence[dict[str, Any]] = ()


class Bill(NamedTuple):
    """An invoice before it is issued; ``key`` is what makes it due, and is invoiced once."""

    key: str
    customer: Customer
    subscription: Subscription | None
    vendor: str
    sheet: str
    currency: str
    due_on: date
    lines: Sequence[Line]
    because: list[dict[str, Any]]
    pay_by: date | None = None
    leave_by: date | None = None


@transaction.atomic
def issue(bills: Sequence[Bill], *, on: date, at: datetime) -> list[Invoice]:
    """Issues invoices on a day, and returns those that were not issued before, in the order in which they were given.

    The rows that made them due are locked by the caller, so that nobody else issues the same ones meanwhile.
    """
    issued = Invoice.objects.filter(key__in=[bill.key for bill in bills]).values_list("key", flat=True)
    known = set(issued)
    due = [bill for bill in bills if bill.key not in known]
    if not due:
        return []
    first = take_numbers(PREFIXES[Invoice.Kind.INVOICE], len(due))
    invoices = [_invoice(bill, number, on, at) for number, bill in enumerate(due, first)]
    insert_all(invoices)
    insert_all(
        [
            _line(invoice, position, line)
            for invoice, bill in zip(invoices, due, strict=True)
            for position, line in enumerate(bill.lines, 1)
        ]
    )
    insert_all(
        [
            OpenItem(
                invoice=invoice,
                vendor=invoice.vendor,
                customer_id=invoice.customer_id,
                due_on=invoice.due_on,
                principal_minor=invoice.total_minor,
                count_on=invoice.due_on + ONE_DAY,
                closed_on=None if invoice.total_minor else on,
            )
            for invoice in invoices
        ]
    )
    post_all([_posting(invoice) for invoice in invoices], at=at)
    return invoices


def take_numbers(prefix: str, count: int) -> int:
    """Takes the next numbers of a series and returns the first; their row stays locked until the transaction ends, so
    that a number whose document is not written is taken again by the next one."""
    Series.objects.get_or_create(prefix=prefix)
    Series.objects.filter(prefix=prefix).update(next_number=F("next_number") + count)
    return Series.objects.get(prefix=prefix).next_number - count


def _invoice(bill: Bill, number: int, on: date, at: datetime) -> Invoice:
    net = sum(line.net_minor for line in bill.lines)
    return Invoice(
        number=f"{PREFIXES[Invoice.Kind.INVOICE]}-{number:0{NUMBER_DIGITS}d}",
        kind=Invoice.Kind.INVOICE,
        key=bill.key,
        customer=bill.customer,
        subscription=bill.subscription,
        vendor=bill.vendor,
        sheet=bill.sheet,
        currency=bill.currency,
        net_minor=net,
        tax_minor=0,
        total_minor=net,
        issued_on=on,
        due_on=bill.due_on,
        pay_by=bill.pay_by,
        leave_by=bill.leave_by,
        because=bill.because,
        created_at=at,
    )


def _line(invoice: Invoice, position: int, line: Line) -> InvoiceLine:
    first, last = line.period or (None, None)
    return InvoiceLine(
        invoice=invoice,
        position=position,
        kind=line.kind,
        text=line.text,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        net_minor=line.net_minor,
        price=line.price,
        period_start=first,
        period_end=last,
        because=list(line.because),
    )


def _posting(invoice: Invoice) -> Posting:
    """What an invoice does to the ledger: the customer owes its total, of which the tax is not ours."""
    currency, vendor = invoice.currency, invoice.vendor
    return Posting(
        key=invoice.entry_key,
        kind=Entry.Kind.INVOICE,
        on=invoice.issued_on,
        text=str(invoice),
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        because=invoice.because,
        sides=(
            Side(Account.RECEIVABLE, invoice.total_minor, currency, invoice.customer_id, vendor, invoice.pk),
            Side(Account.REVENUE, -invoice.net_minor, currency, vendor=vendor),
            Side(Account.TAX, -invoice.tax_minor, currency, vendor=vendor),
        ),
    )
