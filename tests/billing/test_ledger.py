"""The ledger: what adds up is written once and stays, and the database itself refuses everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing import ledger
from billing.ledger import Balance, Posting, Side, Unbalanced, post, post_all
from billing.models import Account, Entry, LedgerIsFinal, Leg
from tests.builders import NOON, make_customer, make_invoice, make_subscription

ON = date(2026, 4, 1)


def payment(key: str = "payment/1", *sides: Side, **changes: object) -> Posting:
    """100.00 euros that came to the bank and pay nothing yet."""
    legs = sides or (Side(Account.BANK, 10000, "EUR"), Side(Account.CREDIT, -10000, "EUR"))
    return Posting(key, Entry.Kind.PAYMENT, ON, "Payment 1", legs)._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_entry_is_posted_once() -> None:
    assert post(payment(), at=NOON) is True
    assert post(payment(), at=NOON) is False
    assert post_all([payment(), payment("payment/2")], at=NOON) == {"payment/2"}
    assert (Entry.objects.count(), Leg.objects.count()) == (2, 4)
    assert ledger.balances() == [Balance("bank", "EUR", 20000), Balance("credit", "EUR", -20000)]


@pytest.mark.django_db
def test_legs_of_nothing_are_left_out() -> None:
    tax = Side(Account.TAX, 0, "EUR")
    assert post(payment("a", *payment().sides, tax), at=NOON)
    assert not post(payment("b", tax, tax), at=NOON)
    assert Leg.objects.count() == 2


@pytest.mark.django_db
def test_what_does_not_add_up_in_each_currency_is_refused() -> None:
    odd = payment("odd", Side(Account.BANK, 10000, "EUR"), Side(Account.CREDIT, -10000, "USD"))
    with pytest.raises(Unbalanced, match="odd"):
        post_all([payment(), odd], at=NOON)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("currency", "minor", "words"), [("JPY", 500, "500"), ("KWD", 1250, "1.250")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, minor: int, words: str) -> None:
    post(payment("p", Side(Account.BANK, minor, currency), Side(Account.CREDIT, -minor, currency)), at=NOON)
    assert [str(balance.amount) for balance in ledger.balances()] == [words, f"-{words}"]


@pytest.mark.django_db
def test_many_at_once_are_as_one_by_one() -> None:
    postings = [payment(f"payment/{number}") for number in range(100)]
    assert post_all(postings, at=NOON) == {one.key for one in postings}
    assert Leg.objects.filter(entry__key="payment/57").count() == 2
    assert Entry.objects.filter(sides=2, created_at=NOON).count() == 100


@pytest.mark.django_db
def test_what_is_owed_is_the_sum_of_an_invoice_s_legs() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    assert ledger.owed_on([invoice.pk]) == {invoice.pk: 10000}
    whose = {"customer_id": invoice.customer_id, "invoice_id": invoice.pk}
    paid = (Side(Account.CREDIT, 4000, "EUR", invoice.customer_id), Side(Account.RECEIVABLE, -4000, "EUR", **whose))  # type: ignore[arg-type]
    post(
        payment("pay", Side(Account.BANK, 10000, "EUR"), Side(Account.CREDIT, -10000, "EUR", invoice.customer_id)),
        at=NOON,
    )
    post(payment("allocate", *paid), at=NOON)
    assert ledger.owed_on([invoice.pk]) == {invoice.pk: 6000}
    assert ledger.credit_of(invoice.customer_id, "EUR") == 6000
    assert ledger.credit_of(make_customer().pk, "EUR") == 0


@pytest.mark.django_db
def test_no_row_of_the_ledger_is_written_saved_or_deleted_by_hand() -> None:
    post(payment(), at=NOON)
    for row in (Entry.objects.get(), Leg.objects.first()):
        assert row is not None
        with pytest.raises(LedgerIsFinal):
            row.save()
        with pytest.raises(LedgerIsFinal):
            row.delete()


def change_a_leg() -> None:
    Leg.objects.filter(account=Account.BANK).update(minor=1)


def change_an_entry() -> None:
    Entry.objects.update(on=date(2020, 1, 1))


def delete_legs() -> None:
    Leg.objects.all()._raw_delete("default")


def delete_an_entry() -> None:
    Entry.objects.all()._raw_delete("default")


def add_legs_later() -> None:
    entry = Entry.objects.get()
    amounts = {Account.BANK: 5, Account.CREDIT: -5}
    Leg.objects.bulk_create(
        [Leg(entry=entry, account=account, currency="EUR", minor=minor) for account, minor in amounts.items()]
    )


def add_an_entry_without_legs() -> None:
    Entry.objects.bulk_create([Entry(key="alone", kind="payment", on=ON, text="Alone", sides=2, created_at=NOON)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act", [change_a_leg, change_an_entry, delete_legs, delete_an_entry, add_legs_later, add_an_entry_without_legs]
)
def test_the_database_refuses_whatever_would_change_the_books(act: Callable[[], None]) -> None:
    post(payment(), at=NOON)
    with pytest.raises(DatabaseError, match=r"never changes|add up to nothing"), transaction.atomic():
        act()
    assert ledger.balances() == [Balance("bank", "EUR", 10000), Balance("credit", "EUR", -10000)]


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_legs_that_do_not_add_up() -> None:
    leg = "INSERT INTO billing_leg (entry_id, account, currency, minor, vendor) VALUES (7, 'bank', 'EUR', %s, '')"
    entry = (
        'INSERT INTO billing_entry (id, key, kind, "on", text, vendor, sheet, because, sides, created_at) '
        "VALUES (7, 'odd', 'payment', '2026-04-01', 'Odd', '', '', '[]', 2, '2026-04-01T00:00:00+00:00')"
    )
    with (
        pytest.raises(DatabaseError, match="add up to nothing"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for minor in (5, -4):
            cursor.execute(leg, [minor])
        cursor.execute(entry)
    assert not Leg.objects.exists()


sides = st.lists(
    st.tuples(st.sampled_from(list(Account)), st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"])),
    min_size=1,
    max_size=6,
)


@pytest.mark.database
class AnyPosting(TestCase):
    @given(st.lists(sides, max_size=5))
    def test_balances_add_up_to_nothing_whatever_is_posted(self, drawn: list[list[tuple[Account, int, str]]]) -> None:
        """Each drawn leg is met by its counterpart, so every posting balances."""
        postings = [
            payment(
                f"drawn/{number}",
                *(Side(*leg) for leg in legs),
                *(Side(Account.BANK, -minor, code) for _, minor, code in legs),
            )
            for number, legs in enumerate(drawn)
        ]
        post_all(postings, at=NOON)
        for currency in ("EUR", "JPY", "KWD"):
            assert sum(one.minor for one in ledger.balances() if one.currency == currency) == 0
