"""Statements of account and bills as customers and staff read them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Customer
from backoffice.cells import plain_cell
from billing import ledger
from billing.models import Payment
from billing.services import return_payment
from billing.statement import statement_file, statements
from tests import people
from tests.accounts.test_portal_pages import look
from tests.billing.test_payments import pay
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_invoice,
    make_reseller,
    make_subscription,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def told(customer: Customer) -> list[tuple[date, str, int, int]]:
    [statement] = statements(customer.pk)
    return [(one.on, one.text, one.moved, one.balance) for one in statement.lines]


def test_what_was_charged_paid_and_went_back_stands_with_its_balance_and_adds_up_to_the_ledger() -> None:
    subscription = make_subscription("cryptopass")
    customer = subscription.customer
    invoice = make_invoice(subscription)
    payment = pay(customer, "130.00")
    return_payment(payment=payment, key="back/1", on=date(2026, 5, 2), at=NOON, minor=5000)
    assert told(customer) == [
        (date(2026, 4, 1), f"Invoice {invoice.number}", 10000, 10000),
        (date(2026, 4, 1), str(payment), -13000, -3000),
        (date(2026, 5, 2), f"{payment} goes back", 5000, 2000),
    ]
    owed = ledger.owed_on([invoice.pk])[invoice.pk] - ledger.credit_of(customer.pk, "EUR")
    assert statements(customer.pk)[0].last.balance == owed
    assert [one.stands for one in statements(customer.pk)[0].lines] == [
        "100.00 EUR owed",
        "30.00 EUR in credit",
        "20.00 EUR owed",
    ]


def test_each_currency_is_a_statement_of_its_own() -> None:
    customer = make_customer()
    pay(customer, "10.00")
    pay(customer, "7.00", key="bank/2", currency="USD")
    assert [(one.currency, one.last.balance) for one in statements(customer.pk)] == [("EUR", -1000), ("USD", -700)]
    assert statements(make_customer().pk) == []


def test_the_file_holds_the_same() -> None:
    subscription = make_subscription("cryptopass")
    invoice = make_invoice(subscription)
    pay(subscription.customer, "130.00")
    assert list(csv.reader(StringIO(statement_file(subscription.customer_id)))) == [
        ["date", "what", "currency", "charged", "paid", "balance"],
        ["2026-04-01", f"Invoice {invoice.number}", "EUR", "100.00", "", "100.00"],
        ["2026-04-01", str(Payment.objects.get()), "EUR", "", "130.00", "-30.00"],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\u00a0=1"]
)
def test_no_text_of_a_file_is_taken_for_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Invoice INV-000001", "1-2", "a=b"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain_cell(text) == text


def reseller_and_bill() -> tuple[Client, Any]:
    reseller = make_reseller()
    subscription = make_subscription("cryptopass", customer=make_customer(reseller=reseller))
    return people.member("manager", reseller), make_invoice(subscription)


def test_a_reseller_reads_bills_with_their_why_and_the_account() -> None:
    client, invoice = reseller_and_bill()
    assert f"Invoice {invoice.number}" in look(client, "bills") and "100.00 EUR" in look(client, "bills")
    page = look(client, "bill", invoice.pk)
    assert "Team 100.00 EUR" in page and "are due on 1 April 2026" in page
    assert invoice.because[0]["clause"] in page
    assert "Dispute this bill" in page and "Statement of account" in page
    pay(invoice.customer, "100.00")
    assert "Still owed nothing" in look(client, "bill", invoice.pk)
    assert "In EUR: settled" in look(client, "statement", invoice.customer_id)
    answered = client.get(reverse("portal:statement_csv", args=(invoice.customer_id,)))
    assert answered.headers["Content-Disposition"] == f'attachment; filename="statement-{invoice.customer_id}.csv"'
    assert answered.content.decode() == statement_file(invoice.customer_id)


def test_who_sees_some_contracts_of_a_customer_sees_their_bills_and_no_account() -> None:
    customer = make_customer()
    seen, unseen = (
        make_subscription("cryptopass", customer=customer),
        make_subscription("secureflag", customer=customer),
    )
    make_administrator(seen, people.address("ada"))
    bills = make_invoice(seen), make_invoice(unseen)
    client = people.member("ada", customer)
    assert bills[0].number in look(client, "bills") and bills[1].number not in look(client, "bills")
    assert "Statement of account" not in look(client, "bill", bills[0].pk)
    pages = [("bill", bills[1].pk), ("statement", customer.pk), ("statement_csv", customer.pk)]
    for name, number in pages:
        assert client.get(reverse(f"portal:{name}", args=(number,))).status_code == 404


@pytest.mark.parametrize("name", ["bills", "statement"])
def test_a_longer_page_asks_no_more_queries(name: str) -> None:
    client, invoice = reseller_and_bill()
    address = reverse(f"portal:{name}", args=(invoice.customer_id,) if name == "statement" else ())
    one = people.queries(client, address)
    for number in range(5):
        make_invoice(invoice.subscription)
        pay(invoice.customer, "1.00", key=f"bank/{number}")
    assert people.queries(client, address) == one


def test_staff_read_the_account_of_a_customer() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    address = f"/admin/billing/invoice/account/{invoice.customer_id}/"
    clerk = people.clerk()
    assert address in clerk.get(f"/admin/billing/invoice/{invoice.pk}/change/").content.decode()
    assert "In EUR: 100.00 EUR owed" in clerk.get(address).content.decode()
    file = f"/admin/billing/invoice/account/{invoice.customer_id}.csv"
    assert clerk.get(file).content.decode() == statement_file(invoice.customer_id)
    assert clerk.get("/admin/billing/invoice/account/999999/").status_code == 404
    assert people.newcomer().get(address).status_code == 403
    assert people.outsider().get(address).status_code == 302
