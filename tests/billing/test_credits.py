"""Credit notes: issued once, numbered by themselves, and what they give pays what the customer owes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Subscription
from backoffice import days
from billing import ledger
from billing.models import Account, Invoice, InvoiceLine, OpenItem, Payment, Series
from billing.services import Bill, Line
from billing.services.credits import credit_to_spend, give_credit
from tests.billing.test_payments import owed, pay
from tests.builders import NOON, make_invoice, make_subscription

pytestmark = pytest.mark.django_db

ON = date(2026, 4, 1)


def note(subscription: Subscription, minor: int = 3000, **changes: Any) -> Bill:
    known: dict[str, Any] = {
        "key": "outage/1",
        "customer": subscription.customer,
        "subscription": subscription,
        "vendor": subscription.vendor,
        "sheet": subscription.sheet,
        "currency": subscription.terms.currency.value,
        "due_on": ON,
        "lines": [Line(InvoiceLine.Kind.SERVICE, "An outage", 1, minor, minor)],
        "because": [subscription.terms.currency.citation],
    }
    return Bill(**{**known, **changes})


def give(*notes: Bill) -> list[Invoice]:
    return give_credit(notes, on=ON, at=NOON)


def test_a_credit_note_pays_what_it_corrects_before_what_is_older() -> None:
    subscription = make_subscription("cryptopass")
    older, corrected = make_invoice(subscription), make_invoice(subscription, due_on=date(2026, 5, 1))
    [issued] = give(note(subscription, corrects=corrected, against=Account.SERVICE_CREDITS))
    assert (issued.number, issued.kind, issued.corrects) == ("CN-000001", "credit_note", corrected)
    assert (owed(older), owed(corrected)) == (10000, 7000)
    assert ledger.Balance("service_credits", "EUR", 3000) in ledger.balances()
    assert not OpenItem.objects.filter(invoice=issued).exists()


def test_a_credit_note_is_issued_once() -> None:
    subscription = make_subscription("cryptopass")
    assert len(give(note(subscription))) == 1
    assert give(note(subscription)) == []
    assert Payment.objects.get().left_minor == 3000
    assert Series.objects.get(prefix="CN").next_number == 2


def test_a_credit_note_over_nothing_gives_nothing() -> None:
    assert len(give(note(make_subscription("cryptopass"), minor=0))) == 1
    assert not Payment.objects.exists()


def test_credit_pays_what_is_invoiced_later() -> None:
    subscription = make_subscription("cryptopass")
    other = make_subscription("ethicmail", customer=subscription.customer)
    pay(subscription.customer, "130.00")
    invoice, foreign = make_invoice(subscription), make_invoice(other)
    assert credit_to_spend(["cryptopass", "ethicmail"]) == {"cryptopass": 1}
    job = next(job for job in days.jobs() if job.name == "Customers' credit pays what they owe")
    assert job.work("cryptopass", ON, NOON) == 1
    assert (owed(invoice), owed(foreign)) == (0, 10000)
    assert ledger.credit_of(subscription.customer_id, "EUR") == 3000
    assert job.work("cryptopass", ON, NOON) == 0
