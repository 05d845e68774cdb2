"""The staff's lists of prices and invoices."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from backoffice.pages.today import counted
from billing.models import Entry, Payment, Price
from billing.services import record_payment
from billing.staff import charts, stuck
from tests import people
from tests.builders import NOON, make_customer, make_invoice, make_price, make_subscription

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["invoice", "entry", "openitem", "price"])
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(name: str) -> None:
    make_price("secureflag")
    make_invoice(make_subscription("secureflag"))
    client, address = people.clerk(), f"/admin/billing/{name}/"
    queries(client, address)
    few = queries(client, address)
    for number in range(10):
        make_price("secureflag", plan=f"Plan {number}")
        make_invoice(make_subscription("secureflag"))
    assert queries(client, address) == few


def test_an_invoice_shows_its_lines_what_is_owed_and_its_why() -> None:
    invoice = make_invoice(make_subscription("secureflag"))
    client = people.clerk()
    assert '<span class="money">100.00 GBP</span>' in read(client, "/admin/billing/invoice/")
    text = read(client, f"/admin/billing/invoice/{invoice.pk}/change/")
    assert "Team: 100.00 GBP. 100.00 GBP are due on 1 April 2026." in text
    assert "/admin/terms/secureflag/2024-01-01/#currency" in text


def test_an_entry_of_the_ledger_shows_both_sides_and_its_why() -> None:
    invoice = make_invoice(make_subscription("secureflag"))
    entry = Entry.objects.get()
    text = read(people.clerk(), f"/admin/billing/entry/{entry.pk}/change/")
    assert f"Invoice {invoice.number}" in text and text.count('<span class="money">100.00 GBP</span>') == 2
    assert "/admin/terms/secureflag/2024-01-01/#currency" in text


def test_an_invoice_is_found_by_its_number_and_by_its_subscription() -> None:
    invoice, other = (make_invoice(make_subscription("secureflag")) for _ in range(2))
    client = people.clerk()
    for term in (invoice.number, str(invoice.subscription_id)):
        text = read(client, f"/admin/billing/invoice/?q={term}")
        assert f"/admin/billing/invoice/{invoice.pk}/change/" in text, term
        assert f"/admin/billing/invoice/{other.pk}/change/" not in text, term


def test_nobody_changes_an_invoice() -> None:
    invoice = make_invoice(make_subscription("secureflag"))
    owner = people.owner()
    assert owner.get("/admin/billing/invoice/add/").status_code == 403
    assert owner.post(f"/admin/billing/invoice/{invoice.pk}/change/", {}).status_code == 403
    assert owner.post(f"/admin/billing/invoice/{invoice.pk}/delete/", {"post": "yes"}).status_code == 403


PRICE = {"vendor": "secureflag", "plan": "Gold", "cycle_months": "12", "amount": "675.50", "from_on": "2026-05-01"}


def test_a_price_is_entered_as_people_write_it_in_the_contract_s_currency() -> None:
    owner = people.owner()
    assert owner.post("/admin/billing/price/add/", PRICE).status_code == 302
    price = Price.objects.get()
    assert (price.amount, price.currency, price.from_on) == (Decimal("675.50"), "GBP", date(2026, 5, 1))
    assert "675.50 GBP" in read(owner, "/admin/billing/price/?q=gol")
    assert "675.50 GBP" in read(owner, f"/admin/billing/price/{price.pk}/change/")
    assert owner.post(f"/admin/billing/price/{price.pk}/change/", PRICE).status_code == 403


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "1.005"}, "GBP has 2 decimals."),
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"amount": "lots"}, "Enter a number."),
        ({"from_on": "1999-01-01"}, "This contract has no terms in force on that day."),
        ({"vendor": "nobody"}, "is not one of the available choices"),
        ({"cycle_months": ""}, "This field is required."),
    ],
)
def test_a_wrong_price_is_refused_with_what_to_change(changes: dict[str, str], reason: str) -> None:
    answered = people.owner().post("/admin/billing/price/add/", PRICE | changes)
    assert answered.status_code == 200 and reason in unescape(answered.content.decode())
    assert Price.objects.count() == 0


def test_a_second_price_from_the_same_day_on_is_refused() -> None:
    owner = people.owner()
    owner.post("/admin/billing/price/add/", PRICE)
    assert "already exists" in owner.post("/admin/billing/price/add/", PRICE).content.decode()
    assert Price.objects.count() == 1


PAYMENT = {
    "method": "bank_transfer",
    "amount": "60.00",
    "currency": "EUR",
    "received_on": "2026-04-01",
    "key": "staff/1",
}


def test_staff_record_a_payment_once_and_see_what_it_paid() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    owner, wanted = people.owner(), PAYMENT | {"customer": str(invoice.customer_id), "invoice_number": invoice.number}
    for _ in range(2):
        answered = owner.post("/admin/billing/payment/add/", wanted | inlines())
        assert answered.status_code == 302, answered.context["adminform"].form.errors
    payment = Payment.objects.get()
    changed = owner.post("/admin/billing/payment/add/", wanted | inlines() | {"amount": "61.00"})
    assert "has recorded Payment" in changed.content.decode()
    text = read(owner, f"/admin/billing/payment/{payment.pk}/change/")
    assert invoice.number in text and "60.00 EUR" in text
    assert "40.00 EUR" in read(owner, f"/admin/billing/invoice/{invoice.pk}/change/")
    assert owner.post(f"/admin/billing/payment/{payment.pk}/change/", wanted).status_code == 403


def inlines() -> dict[str, str]:
    return {f"allocations-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "0"}, "A payment is more than nothing."),
        ({"amount": "1.005"}, "EUR has 2 decimals."),
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"currency": "XYZ"}, "is not one of the available choices"),
        ({"method": "credit"}, "is not one of the available choices"),
        ({"invoice_number": "INV-9"}, "There is no invoice of this number."),
        ({"currency": "USD", "invoice_number": "INV-000001"}, "in another currency."),
        ({"received_on": ""}, "This field is required."),
    ],
)
def test_a_wrong_payment_is_refused_with_what_to_change(changes: dict[str, str], reason: str) -> None:
    customer = make_invoice(make_subscription("cryptopass")).customer_id
    wanted = PAYMENT | {"customer": str(customer)} | changes | inlines()
    answered = people.owner().post("/admin/billing/payment/add/", wanted)
    assert answered.status_code == 200 and reason in unescape(answered.content.decode())
    assert not Payment.objects.exists()


def test_what_is_unpaid_stands_in_a_list_and_is_drawn_by_its_age() -> None:
    subscription = make_subscription("cryptopass")
    paid = make_invoice(subscription)
    customer = subscription.customer
    record_payment(
        customer=customer, key="p", method="card", amount=paid.total, currency="EUR", received_on=paid.issued_on,
        invoice=paid, at=NOON,
    )  # fmt: skip
    for number, days_late in enumerate((-5, 0, 1, 30, 31, 200)):
        make_invoice(subscription, key=f"made-late/{number}", due_on=date(2026, 7, 1) - timedelta(days=days_late))
    owner = people.owner()
    text = read(owner, "/admin/billing/openitem/")
    assert text.count("/admin/billing/invoice/") >= 6 and paid.number not in text
    user = User.objects.get(is_superuser=True)
    [drawn] = [each for each in charts(user, date(2026, 7, 1)) if each.title == "Unpaid in EUR, by days overdue"]
    assert [bar.words for bar in drawn.bars] == [
        "not overdue: 200.00 EUR",
        "1 to 30 days overdue: 200.00 EUR",
        "31 to 60 days overdue: 100.00 EUR",
        "61 to 90 days overdue: 0 EUR",
        "over 90 days overdue: 100.00 EUR",
    ]
    assert drawn.total == "600.00 EUR unpaid"


def test_money_that_is_left_over_is_told_to_staff() -> None:
    wanted = {"customer": str(make_customer().pk)} | PAYMENT | inlines()
    owner = people.owner()
    owner.post("/admin/billing/payment/add/", wanted)
    [told] = [one for one in map(counted, stuck(User.objects.get(is_superuser=True))) if one.number]
    assert (told.words, told.number) == ("payments with money left over", 1)
    assert "60.00 EUR" in read(owner, told.href)
