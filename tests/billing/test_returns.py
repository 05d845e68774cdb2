"""A payment that goes back leaves the books as if it had never paid anything, and says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Subscription
from accounts.services import NotPossible
from backoffice import verify
from billing import ledger
from billing.models import STANDING, Allocation, Entry, OpenItem, Payment
from billing.services import return_payment
from billing.services.payments import paid_on
from tests.billing.test_credits import give, note
from tests.billing.test_payments import invoice_of, owed, pay
from tests.builders import NOON, make_customer, make_subscription

pytestmark = pytest.mark.django_db

BACK = date(2026, 5, 4)


def back(payment: Payment, key: str = "bank/9", **changes: Any) -> Any:
    return return_payment(payment=payment, key=key, **{"on": BACK, "at": NOON, **changes})


def sound() -> None:
    assert [one.told for one in verify.verify(at=NOON) if one.wrong] == []


def test_what_a_payment_paid_is_owed_again_and_the_contract_is_past_due() -> None:
    subscription = make_subscription("cryptopass")
    invoice = invoice_of(subscription, date(2026, 4, 1))
    payment = pay(subscription.customer, "130.00")
    returned = back(payment)
    assert (owed(invoice), returned.payment.left_minor, returned.payment.returned_minor) == (10000, 0, 13000)
    assert (OpenItem.objects.get().closed_on, paid_on(invoice)) == (None, 0)
    assert Allocation.objects.get().undone_on == BACK
    subscription.refresh_from_db()
    assert (subscription.state, subscription.overdue_since) == (Subscription.State.PAST_DUE, date(2026, 4, 2))
    assert ledger.Balance("bank", "EUR", 0) in ledger.balances()
    sound()


def test_the_same_return_again_changes_nothing() -> None:
    subscription = make_subscription("cryptopass")
    payment, other = pay(subscription.customer, "30.00"), pay(make_customer(), "30.00", "bank/2")
    assert back(payment).new
    again = back(payment)
    assert not again.new and again.payment.returned_minor == 3000
    assert Entry.objects.filter(kind=Entry.Kind.RETURN).count() == 1
    with pytest.raises(NotPossible, match="of another payment"):
        back(other)


def test_what_pays_nothing_goes_back_first() -> None:
    subscription = make_subscription("cryptopass")
    invoice = invoice_of(subscription)
    payment = pay(subscription.customer, "130.00")
    assert back(payment, minor=3000).payment.left_minor == 0
    assert owed(invoice) == 0
    sound()


def test_of_what_goes_back_in_part_the_rest_pays_again() -> None:
    subscription = make_subscription("cryptopass")
    first, second = invoice_of(subscription, date(2026, 4, 1)), invoice_of(subscription, date(2026, 4, 2))
    payment = pay(subscription.customer, "200.00")
    back(payment, minor=4000)
    assert (owed(first), owed(second)) == (0, 4000), "the newest was undone, and paid again with what was left"
    back(payment, "bank/10", minor=10000, invoice=first)
    assert (owed(first), owed(second)) == (10000, 4000)
    assert Allocation.objects.filter(STANDING).count() == 1
    sound()


def test_a_contract_whose_bill_is_not_due_yet_is_not_past_due() -> None:
    subscription = make_subscription("cryptopass")
    invoice_of(subscription, BACK)
    back(pay(subscription.customer, "100.00"))
    subscription.refresh_from_db()
    assert subscription.state == Subscription.State.ACTIVE


def test_not_more_goes_back_than_came_and_our_own_credit_never() -> None:
    subscription = make_subscription("cryptopass")
    payment = pay(subscription.customer, "30.00")
    for minor in (0, -1, 3001):
        with pytest.raises(NotPossible, match="not so much"):
            back(payment, minor=minor)
    back(payment)
    with pytest.raises(NotPossible, match="not so much"):
        back(payment, "bank/10")
    give(note(subscription))
    with pytest.raises(NotPossible, match="our own credit"):
        back(Payment.objects.get(method=Payment.Method.CREDIT), "bank/11")
