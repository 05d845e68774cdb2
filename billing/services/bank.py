"""What is done with bank statements: each line is booked once, as the payment of whoever it surely came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import Customer
from accounts.services import NotPossible
from backoffice.terms.money import from_minor
from billing.ledger import Posting, Side, post_all
from billing.models import OPEN, Account, BankLine, Entry, Invoice, OpenItem, Payment
from billing.policy.matching import Named, numbers_in, payer
from billing.services.invoices import NUMBER_DIGITS, PREFIXES
from billing.services.payments import record_payment
from billing.statements import Booking

# What a payer's words are kept to on a payment.
REFERENCE = 140


class Imported(NamedTuple):
    """How many lines of a statement were booked as payments, wait for a person, and were there before."""

    booked: int
    waiting: int
    known: int


@transaction.atomic
def import_statement(bookings: Sequence[Booking], *, at: datetime) -> Imported:
    """Books the lines of a statement that were not booked before, all or none.

    Money that names invoices of one customer, and is just what is owed on them, is that customer's payment. Other money
    that came is posted as money of nobody known; it waits for a person, and so does all that went.

    NotPossible for a line whose reference stood for another booking before.
    """
    new = booked = 0
    for one in bookings:
        wanted = {"booked_on": one.booked_on, "currency": one.currency, "minor": one.minor}
        line, is_new = BankLine.objects.get_or_create(
            key=one.key, defaults={**wanted, "text": one.text, "created_at": at}
        )
        if any(getattr(line, name) != value for name, value in wanted.items()):
            raise NotPossible(f"the reference {one.key} stood for another booking on an earlier statement")
        if not is_new:
            continue
        new += 1
        if line.minor < 0:
            continue
        if (customer := _payer(line)) is not None:
            _book(line, customer, Account.BANK, at=at)
            booked += 1
        else:
            sides = (Side(Account.BANK, one.minor, one.currency), Side(Account.UNMATCHED, -one.minor, one.currency))
            came = Posting(f"unmatched/{one.key}", Entry.Kind.PAYMENT, one.booked_on, "Money of nobody known", sides)
            post_all([came], at=at)
    return Imported(booked, new - booked, len(bookings) - new)


@transaction.atomic
def assign_line(*, line: BankLine, customer: Customer, at: datetime) -> Payment:
    """Books money that waited as a customer's payment, which pays what it owes.

    NotPossible where it does not wait any more, or went.
    """
    found = BankLine.objects.select_for_update().get(pk=line.pk)
    if found.state != BankLine.State.WAITING or found.minor < 0:
        raise NotPossible(f"{found} is no money that waits for its owner")
    return _book(found, customer, Account.UNMATCHED, at=at)


@transaction.atomic
def set_line_aside(*, line: BankLine) -> None:
    """Notes that somebody dealt with money that went (a payment that was returned, the bank's own fees) elsewhere.

    NotPossible for money that came, which is always somebody's, and for what does not wait any more.
    """
    found = BankLine.objects.select_for_update().get(pk=line.pk)
    if found.state != BankLine.State.WAITING or found.minor > 0:
        raise NotPossible(f"{found} is no booking that can be put aside")
    found.state = BankLine.State.SEEN
    found.save(update_fields=["state"])


def _numbers(line: BankLine) -> list[str]:
    """The invoices that the payer named."""
    prefix = PREFIXES[Invoice.Kind.INVOICE]
    return [f"{prefix}-{number:0{NUMBER_DIGITS}d}" for number in numbers_in(line.text, prefix)]


def _payer(line: BankLine) -> Customer | None:
    items = OpenItem.objects.filter(OPEN, invoice__number__in=_numbers(line)).select_related("invoice", "customer")
    named = [Named(one.customer_id, one.invoice.currency, one.owed_minor) for one in items]
    found = payer(line.minor, line.currency, named)
    return next((one.customer for one in items if one.customer_id == found), None)


def _book(line: BankLine, customer: Customer, stands_in: Account, *, at: datetime) -> Payment:
    recorded = record_payment(
        customer=customer,
        key=line.key,
        method=Payment.Method.BANK_TRANSFER,
        amount=from_minor(line.minor, line.currency),
        currency=line.currency,
        received_on=line.booked_on,
        reference=line.text[:REFERENCE],
        invoice=_named(line, customer),
        stands_in=stands_in,
        at=at,
    )
    if not recorded.new:
        raise NotPossible(f"{line} was recorded as a payment already")
    line.state, line.payment = BankLine.State.BOOKED, recorded.payment
    line.save(update_fields=["state", "payment"])
    return recorded.payment


def _named(line: BankLine, customer: Customer) -> Invoice | None:
    """The first invoice of a customer's that the payer named, in the currency of the money."""
    rows = Invoice.objects.filter(number__in=_numbers(line), customer=customer, currency=line.currency)
    return rows.filter(kind=Invoice.Kind.INVOICE).order_by("number").first()
