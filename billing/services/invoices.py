"""How documents about money are issued: numbered without gaps, written with their lines, posted to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from accounts.models import Customer, Subscription
from backoffice.bulk import insert_all
from billing.ledger import Posting, Side, post_all
from billing.models import Account, Entry, Invoice, InvoiceLine, OpenItem, Price, Series
from billing.models.invoices import ONE_DAY

PREFIXES = {Invoice.Kind.INVOICE: "INV", Invoice.Kind.CREDIT_NOTE: "CN"}
# So that numbers sort as they count, for as long as a reseller is likely to live.
NUMBER_DIGITS = 6


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
    """A document before it is issued; ``key`` is what makes it due, and is issued once.

    A credit note may say which invoice it ``corrects``, and books what it gives back on ``against``. Where ``binds`` is
    false nothing is owed for lateness: what is ordered begins only once it is paid.
    """

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
    kind: Invoice.Kind = Invoice.Kind.INVOICE
    corrects: Invoice | None = None
    against: Account = Account.REVENUE
    binds: bool = True


@transaction.atomic
def issue(bills: Sequence[Bill], *, on: date, at: datetime) -> list[Invoice]:
    """Issues documents of one kind on a day, and returns those that were not issued before, in the order in which they
    were given.

    The rows that made them due are locked by the caller, so that nobody else issues the same ones meanwhile. Credit
    notes are issued by ``services.credits``, which lets the customer have what they give.
    """
    issued = Invoice.objects.filter(key__in=[bill.key for bill in bills]).values_list("key", flat=True)
    known = set(issued)
    due = [bill for bill in bills if bill.key not in known]
    if not due:
        return []
    kind = due[0].kind
    first = take_numbers(PREFIXES[kind], len(due))
    invoices = [_invoice(bill, number, on, at) for number, bill in enumerate(due, first)]
    insert_all(invoices)
    insert_all(
        [
            _line(invoice, position, line)
            for invoice, bill in zip(invoices, due, strict=True)
            for position, line in enumerate(bill.lines, 1)
        ]
    )
    if kind == Invoice.Kind.INVOICE:
        insert_all([_item(invoice, bill.binds, on) for invoice, bill in zip(invoices, due, strict=True)])
    post_all([_posting(invoice, bill.against) for invoice, bill in zip(invoices, due, strict=True)], at=at)
    return invoices


def _item(invoice: Invoice, binds: bool, on: date) -> OpenItem:
    """What is owed on an invoice; one over nothing is paid as it is issued."""
    return OpenItem(
        invoice=invoice,
        vendor=invoice.vendor,
        customer_id=invoice.customer_id,
        due_on=invoice.due_on,
        principal_minor=invoice.total_minor,
        count_on=invoice.due_on + ONE_DAY if binds else None,
        void_on=invoice.pay_by + ONE_DAY if invoice.pay_by else None,
        closed_on=None if invoice.total_minor else on,
    )


def take_numbers(prefix: str, count: int) -> int:
    """Takes the next numbers of a series and returns the first; their row stays locked until the transaction ends, so
    that a number whose document is not written is taken again by the next one."""
    Series.objects.get_or_create(prefix=prefix)
    Series.objects.filter(prefix=prefix).update(next_number=F("next_number") + count)
    return Series.objects.get(prefix=prefix).next_number - count


def _invoice(bill: Bill, number: int, on: date, at: datetime) -> Invoice:
    net = sum(line.net_minor for line in bill.lines)
    return Invoice(
        number=f"{PREFIXES[bill.kind]}-{number:0{NUMBER_DIGITS}d}",
        kind=bill.kind,
        key=bill.key,
        customer=bill.customer,
        subscription=bill.subscription,
        corrects=bill.corrects,
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


def _posting(document: Invoice, against: Account) -> Posting:
    """What a document does to the ledger: by an invoice the customer owes its total, by a credit note we owe the
    customer; the tax is the state's either way."""
    currency, vendor, customer = document.currency, document.vendor, document.customer_id
    if document.kind == Invoice.Kind.INVOICE:
        sign, ours = 1, Side(Account.RECEIVABLE, document.total_minor, currency, customer, vendor, document.pk)
    else:
        sign, ours = -1, Side(Account.CREDIT, -document.total_minor, currency, customer)
    return Posting(
        key=document.entry_key,
        kind=Entry.Kind(document.kind),
        on=document.issued_on,
        text=str(document),
        vendor=vendor,
        sheet=document.sheet,
        because=document.because,
        sides=(
            ours,
            Side(against, -sign * document.net_minor, currency, vendor=vendor),
            Side(Account.TAX, -sign * document.tax_minor, currency, vendor=vendor),
        ),
    )
