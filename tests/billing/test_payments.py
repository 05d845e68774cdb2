"""Money that comes in is recorded once, pays what the contract says first, and what is left stays the customer's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Customer, Subscription
from accounts.services import NotPossible, note_overdue
from billing import ledger
from billing.models import Account, Allocation, Entry, Invoice, OpenItem, Payment
from billing.services import record_payment, spend
from tests.builders import NOON, make_customer, make_invoice, make_subscription

pytestmark = pytest.mark.django_db

ON = date(2026, 4, 1)


def pay(customer: Customer, amount: str, key: str = "bank/1", **changes: Any) -> Payment:
    known: dict[str, Any] = {"method": "bank_transfer", "currency": "EUR", "received_on": ON, "at": NOON}
    return record_payment(customer=customer, key=key, amount=Decimal(amount), **{**known, **changes}).payment


def invoice_of(subscription: Subscription, due_on: date = date(2026, 4, 1)) -> Invoice:
    return make_invoice(subscription, due_on=due_on)


def owed(invoice: Invoice) -> int:
    """What is owed on an invoice, which its open item and the ledger tell alike."""
    item = OpenItem.objects.get(invoice=invoice)
    assert ledger.owed_on([invoice.pk])[invoice.pk] == item.owed_minor
    return item.owed_minor


def test_a_payment_pays_what_was_due_first() -> None:
    subscription = make_subscription("cryptopass")
    later, first = invoice_of(subscription, date(2026, 5, 1)), invoice_of(subscription, date(2026, 4, 1))
    payment = pay(subscription.customer, "150.00")
    assert (owed(first), owed(later), payment.left_minor) == (0, 5000, 0)
    assert [one.invoice for one in Allocation.objects.all()] == [first, later]
    assert OpenItem.objects.get(invoice=first).closed_on == ON
    assert ledger.balances() == [
        ledger.Balance("bank", "EUR", 15000),
        ledger.Balance("credit", "EUR", 0),
        ledger.Balance("receivable", "EUR", 5000),
        ledger.Balance("revenue", "EUR", -20000),
    ]


def test_a_payment_that_names_an_invoice_pays_that_one_first() -> None:
    subscription = make_subscription("cryptopass")
    older, named = invoice_of(subscription, date(2026, 4, 1)), invoice_of(subscription, date(2026, 5, 1))
    pay(subscription.customer, "130.00", invoice=named)
    assert (owed(named), owed(older)) == (0, 7000)


def test_what_is_left_over_stays_and_pays_the_next_invoice() -> None:
    subscription = make_subscription("cryptopass")
    invoice_of(subscription)
    payment = pay(subscription.customer, "130.00")
    assert (payment.left_minor, ledger.credit_of(subscription.customer_id, "EUR")) == (3000, 3000)
    following = invoice_of(subscription)
    spend(subscription.customer, "EUR", at=NOON)
    assert (owed(following), ledger.credit_of(subscription.customer_id, "EUR")) == (7000, 0)


def test_the_same_payment_again_changes_nothing() -> None:
    subscription = make_subscription("cryptopass")
    invoice_of(subscription)
    first = pay(subscription.customer, "60.00")
    again = record_payment(
        customer=subscription.customer, key="bank/1", method="bank_transfer", amount=Decimal("60.00"), currency="EUR",
        received_on=ON, at=NOON,
    )  # fmt: skip
    assert (again.payment, again.new, Payment.objects.count()) == (first, False, 1)
    with pytest.raises(NotPossible, match="stands for another payment"):
        pay(subscription.customer, "61.00")
    with pytest.raises(NotPossible, match="stands for another payment"):
        pay(make_customer(), "60.00")


def test_a_payment_for_somebody_else_s_invoice_is_refused_and_changes_nothing() -> None:
    theirs = invoice_of(make_subscription("cryptopass"))
    with pytest.raises(NotPossible, match="not this customer's"):
        pay(make_customer(), "60.00", invoice=theirs)
    with pytest.raises(NotPossible, match="not in USD"):
        pay(theirs.customer, "60.00", currency="USD", invoice=theirs)
    assert not Payment.objects.exists() and owed(theirs) == 10000


def test_money_of_one_currency_pays_nothing_in_another() -> None:
    subscription = make_subscription("cryptopass")
    invoice = invoice_of(subscription)
    assert pay(subscription.customer, "100.00", currency="USD").left_minor == 10000
    assert owed(invoice) == 10000


# DEV 6.4: costs, then interest, then the debt. Elsewhere what was owed first.
@pytest.mark.parametrize(
    ("vendor", "left", "clauses"),
    [
        pytest.param("securegroup_devices", (0, 0, 6000), {"DEV 6.4"}, id="DEV 6.4"),
        pytest.param("cryptopass", (4000, 2000, 0), set(), id="silent"),
    ],
)
def test_the_contract_says_what_a_payment_pays_first(
    vendor: str, left: tuple[int, int, int], clauses: set[str]
) -> None:
    subscription = make_subscription(vendor)
    invoice = invoice_of(subscription)
    OpenItem.objects.update(costs_minor=4000, interest_minor=2000)
    sides = (
        ledger.Side(Account.RECEIVABLE, 6000, "EUR", invoice.customer_id, vendor, invoice.pk),
        ledger.Side(Account.LATE_CHARGES, -6000, "EUR"),
    )
    ledger.post(ledger.Posting("late/1", Entry.Kind.LATE_CHARGE, ON, "Late", sides), at=NOON)
    pay(subscription.customer, "100.00")
    item = OpenItem.objects.get()
    assert (item.costs_minor, item.interest_minor, item.principal_minor) == left
    assert {one["clause"] for one in Allocation.objects.get().because} == clauses
    assert owed(invoice) == 6000


def test_paying_what_is_overdue_makes_a_contract_active_again() -> None:
    subscription, late = make_subscription("securepacket"), {"currency": "USD", "received_on": date(2026, 4, 20)}
    invoice_of(subscription, date(2026, 4, 1))
    invoice_of(subscription, date(2026, 4, 10))
    note_overdue(subscription=subscription, since=date(2026, 4, 2), on=date(2026, 4, 2), at=NOON)
    pay(subscription.customer, "100.00", "one", **late)
    subscription.refresh_from_db()
    assert subscription.state == Subscription.State.PAST_DUE, "the second invoice is overdue still"
    pay(subscription.customer, "100.00", "two", **late)
    subscription.refresh_from_db()
    assert subscription.state == Subscription.State.ACTIVE


# 2.2.1: the contract begins when its payment is confirmed.
def test_the_first_payment_begins_a_contract_that_waits_for_it() -> None:
    subscription = make_subscription("ethicmail", payment_confirmed_on=None)
    invoice_of(subscription)
    pay(subscription.customer, "40.00", "one", currency="USD", method="card")
    subscription.refresh_from_db()
    assert subscription.state == Subscription.State.PENDING
    pay(subscription.customer, "60.00", "two", currency="USD", method="card")
    subscription.refresh_from_db()
    assert (subscription.state, subscription.start) == (Subscription.State.ACTIVE, ON)


def test_the_database_refuses_more_than_was_paid() -> None:
    payment = pay(make_customer(), "10.00")
    for change in ({"left_minor": 1001}, {"left_minor": -1}, {"returned_minor": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
