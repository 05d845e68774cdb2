"""What `manage.py verify` asks of money: the books as the product leaves them pass, and each lie is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer
from backoffice import timeline, verify
from billing.ledger import Posting, Side, post
from billing.models import Account, Allocation, Entry, Invoice, InvoiceLine, Leg, OpenItem, Payment, Series
from billing.services import answer_dispute, raise_dispute, record_payment
from billing.services.disputes import credit_disputes
from tests.backoffice.mutations import UNTIL, VALID
from tests.backoffice.test_rehearse import entries
from tests.builders import NOON, make_invoice, make_subscription

pytestmark = pytest.mark.django_db

BALANCED = "Every entry of the ledger adds up to nothing in each currency"
COMPLETE = "Every entry of the ledger has the legs that it was posted with"
EXPLAINED = "Every document is explained by one entry of its total"
ADDED_UP = "Every document is the sum of its lines and its tax"
NUMBERED = "The numbers of documents have no gap, up to the counter of their series"
OWED = "What is still owed on an invoice is what its legs add up to"
CREDIT = "What customers have paid and pays nothing yet is their credit in the ledger"
SPENT = "Every payment is what it pays, what of it pays nothing yet, and what went back"
CREDITED = "Every bill that was rightly disputed is credited with what was found"
ALL = (BALANCED, COMPLETE, EXPLAINED, ADDED_UP, NUMBERED, OWED, CREDIT, SPENT, CREDITED)


def found() -> dict[str, list[str]]:
    """What each check says that finds anything."""
    return {one.name: one.told for one in verify.verify(at=NOON, names=ALL) if one.wrong}


@contextmanager
def unguarded() -> Iterator[None]:
    """Lets books be broken that the database guards: its triggers are off meanwhile."""
    tables = ("billing_entry", "billing_leg", "billing_invoice", "billing_invoiceline")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'billing_%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture
def books() -> list[Invoice]:
    """Three invoices of 100.00 of one customer, of whom 160.00 came: the second is paid in part."""
    subscription = make_subscription("cryptopass")
    invoices = [make_invoice(subscription) for _ in range(3)]
    pay(subscription.customer, "160.00")
    return invoices


def pay(customer: Customer, amount: str) -> None:
    known: dict[str, Any] = {"method": "bank_transfer", "currency": "EUR", "received_on": date(2026, 4, 1)}
    record_payment(customer=customer, key=f"paid/{amount}", amount=Decimal(amount), at=NOON, **known)


def test_books_as_the_product_leaves_them_are_right(books: list[Invoice]) -> None:
    pay(books[0].customer, "200.00")
    for _ in timeline.play(entries(*VALID), UNTIL):
        pass
    assert Payment.objects.filter(left_minor=6000).exists()
    assert found() == {}


def test_no_books_are_right() -> None:
    assert found() == {}


def entry_of(invoice: Invoice) -> Entry:
    return Entry.objects.get(key=invoice.entry_key)


def change_a_leg(invoice: Invoice) -> dict[str, str]:
    Leg.objects.filter(entry=entry_of(invoice), account=Account.REVENUE).update(minor=-9999)
    return {BALANCED: f"ledger entry {entry_of(invoice).pk}: its legs in EUR do not add up to nothing"}


def change_a_currency(invoice: Invoice) -> dict[str, str]:
    Leg.objects.filter(entry=entry_of(invoice), account=Account.REVENUE).update(currency="USD")
    return {BALANCED: f"ledger entry {entry_of(invoice).pk}: its legs in EUR do not add up to nothing"}


def add_legs(invoice: Invoice) -> dict[str, str]:
    sides = {Account.BANK: 5, Account.CARD: -5}
    entry = entry_of(invoice)
    Leg.objects.bulk_create(
        [Leg(entry=entry, account=one, currency="EUR", minor=minor) for one, minor in sides.items()]
    )
    return {COMPLETE: f"ledger entry {entry.pk}: it was posted with 2 legs, and has 4"}


def book_another_total(invoice: Invoice) -> dict[str, str]:
    entry = entry_of(invoice)
    Leg.objects.filter(entry=entry, account=Account.RECEIVABLE).update(minor=9000)
    Leg.objects.filter(entry=entry, account=Account.REVENUE).update(minor=-9000)
    return {
        EXPLAINED: f"{invoice.number}: its entry is of another total",
        OWED: f"{invoice.number}: what is still owed on it is not what its legs add up to",
    }


def book_to_another_customer(invoice: Invoice) -> dict[str, str]:
    other = make_subscription("cryptopass").customer
    leg = Leg.objects.get(entry=entry_of(invoice), account=Account.RECEIVABLE)
    Leg.objects.filter(pk=leg.pk).update(customer=other)
    return {
        EXPLAINED: f"{invoice.number}: its entry is of another total",
        OWED: f"{invoice.number}: what is still owed on it is not what its legs add up to",
    }


def lose_the_entry(invoice: Invoice) -> dict[str, str]:
    entry = entry_of(invoice)
    Entry.objects.filter(pk=entry.pk).update(key="invoice/other")
    return {EXPLAINED: f"{invoice.number}: no entry explains it"}


def change_a_line(invoice: Invoice) -> dict[str, str]:
    InvoiceLine.objects.filter(invoice=invoice).update(net_minor=9999)
    return {ADDED_UP: f"{invoice.number}: its lines and its tax do not add up to its total"}


def skip_a_number(invoice: Invoice) -> dict[str, str]:
    Invoice.objects.filter(pk=invoice.pk).update(number="INV-000009")
    return {NUMBERED: "INV: number 2 is missing"}


def write_a_strange_number(invoice: Invoice) -> dict[str, str]:
    Invoice.objects.filter(pk=invoice.pk).update(number="INV-2b")
    return {NUMBERED: f"invoice {invoice.pk}: its number is none of the series INV"}


def pass_an_invoice_off_as_a_credit_note(invoice: Invoice) -> dict[str, str]:
    Invoice.objects.filter(pk=invoice.pk).update(kind=Invoice.Kind.CREDIT_NOTE)
    return {
        EXPLAINED: f"{invoice.number}: no entry explains it",
        NUMBERED: "INV: number 2 is missing",
    }


def turn_the_counter_back(invoice: Invoice) -> dict[str, str]:
    Series.objects.update(next_number=3)
    return {NUMBERED: "INV: the next number would be 3, and the last one there is 3"}


def forgive(invoice: Invoice) -> dict[str, str]:
    OpenItem.objects.filter(pk=invoice.pk).update(principal_minor=0, closed_on=date(2026, 5, 1))
    return {OWED: f"{invoice.number}: what is still owed on it is not what its legs add up to"}


def lose_the_item(invoice: Invoice) -> dict[str, str]:
    OpenItem.objects.filter(pk=invoice.pk).delete()
    return {OWED: f"{invoice.number}: nothing says what is still owed on it"}


def owe_on_nothing(invoice: Invoice) -> dict[str, str]:
    sides = (Side(Account.RECEIVABLE, 5, "EUR", invoice.customer_id), Side(Account.FEES, -5, "EUR"))
    post(Posting("odd", Entry.Kind.FEE, date(2026, 5, 1), "A fee", sides), at=NOON)
    leg = Leg.objects.get(account=Account.RECEIVABLE, invoice=None)
    return {OWED: f"ledger leg {leg.pk}: it is about no invoice of its customer on which something can be owed"}


def spend_credit_twice(invoice: Invoice) -> dict[str, str]:
    Payment.objects.update(left_minor=500, amount_minor=16500)
    return {CREDIT: f"customer {invoice.customer_id}: the credit in EUR is not what its payments have left"}


def have_a_payment_undone(invoice: Invoice) -> dict[str, str]:
    Allocation.objects.filter(invoice=invoice).update(undone_on=date(2026, 5, 1))
    return {SPENT: f"payment {Payment.objects.get().pk}: what it pays, has left and gave back is not what it was"}


def credit_nobody(invoice: Invoice) -> dict[str, str]:
    sides = (Side(Account.BANK, 5, "EUR"), Side(Account.CREDIT, -5, "EUR"))
    post(Posting("odd", Entry.Kind.PAYMENT, date(2026, 5, 1), "Payment", sides), at=NOON)
    return {
        CREDIT: f"ledger leg {Leg.objects.get(account=Account.CREDIT, customer=None).pk}: it is the credit of no customer"
    }


LIES = [
    change_a_leg, change_a_currency, add_legs, book_another_total, book_to_another_customer, lose_the_entry, change_a_line,
    skip_a_number, write_a_strange_number, pass_an_invoice_off_as_a_credit_note, turn_the_counter_back, forgive,
    lose_the_item, owe_on_nothing, spend_credit_twice, have_a_payment_undone, credit_nobody,
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_named_first_by_its_check_and_no_other_sees_one(
    books: list[Invoice], lie: Callable[[Invoice], dict[str, str]]
) -> None:
    with unguarded():
        told = lie(books[1])
    assert {name: sentences[0] for name, sentences in found().items()} == told


def test_a_dispute_credited_with_something_else_is_named(books: list[Invoice]) -> None:
    invoice, at = books[0], datetime(2026, 4, 20, 12, tzinfo=UTC)
    made = raise_dispute(invoice=invoice, form="email", facts="x", minor=300, received_at=at, at=at).dispute
    assert made is not None
    answer_dispute(dispute=made, right=True, answer="", on=at.date(), at=at)
    credit_disputes("cryptopass", at.date(), 1, at=at)
    assert found() == {}
    type(made).objects.update(credit_minor=200)
    assert found() == {CREDITED: [f"{invoice.number}: what it was credited with is not what was found"]}


def test_a_wrong_book_fails_the_command(books: list[Invoice]) -> None:
    with unguarded():
        change_a_leg(books[1])
    with pytest.raises(CommandError, match="found something wrong"):
        call_command("verify", "--only", BALANCED)


def test_an_entry_of_no_document_is_named(books: list[Invoice]) -> None:
    with unguarded():
        lose_the_entry(books[1])
    entry = Entry.objects.get(key="invoice/other")
    assert found()[EXPLAINED][1:] == [f"ledger entry {entry.pk}: there is no document that it explains"]


def test_the_checks_ask_the_database_as_often_for_many_rows_as_for_few(books: list[Invoice]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert found() == {}
        return len(captured)

    few = queries()
    for number in range(10):
        subscription = make_subscription("cryptopass")
        make_invoice(subscription)
        pay(subscription.customer, f"10{number}.00")
    assert queries() == few
