"""The staff's lists of prices and invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Invoice, Price
from tests import people
from tests.builders import NOON, make_price, make_subscription

pytestmark = pytest.mark.django_db


def make_invoice(price: Price) -> Invoice:
    subscription = make_subscription("secureflag")
    period = subscription.periods.get()
    return Invoice.objects.create(
        subscription=subscription, period_index=1, vendor="secureflag", sheet=subscription.sheet, plan="Team",
        quantity=2, price=price, currency="GBP", amount_minor=135_000, issued_on=date(2027, 2, 21),
        due_on=date(2027, 2, 28), period_start=date(2027, 3, 1), period_end=date(2028, 2, 28),
        because=period.because, created_at=NOON,
    )  # fmt: skip


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["invoice", "price"])
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(name: str) -> None:
    price = make_price("secureflag")
    make_invoice(price)
    client, address = people.clerk(), f"/admin/billing/{name}/"
    queries(client, address)
    few = queries(client, address)
    for number in range(10):
        make_invoice(make_price("secureflag", plan=f"Plan {number}"))
    assert queries(client, address) == few


def test_an_invoice_shows_its_amount_with_its_currency_and_its_why() -> None:
    invoice = make_invoice(make_price("secureflag"))
    client = people.clerk()
    assert '<span class="money">1,350.00 GBP</span>' in read(client, "/admin/billing/invoice/")
    text = read(client, f"/admin/billing/invoice/{invoice.pk}/change/")
    assert "1350.00 GBP for 1 March 2027 to 28 February 2028: 2 at 675.00 GBP each, due on 28 February 2027." in text
    assert "/admin/terms/secureflag/2024-01-01/#period." in text


def test_an_invoice_is_found_by_its_reference_and_by_its_subscription() -> None:
    invoice, other = (make_invoice(make_price("secureflag", plan=plan)) for plan in ("Gold", "Silver"))
    client = people.clerk()
    for term in (invoice.reference, str(invoice.subscription_id)):
        text = read(client, f"/admin/billing/invoice/?q={term}")
        assert f"/admin/billing/invoice/{invoice.pk}/change/" in text, term
        assert f"/admin/billing/invoice/{other.pk}/change/" not in text, term
    assert (
        "/change/" not in read(client, f"/admin/billing/invoice/?q={invoice.subscription_id}-7").partition("<tbody")[2]
    )


def test_nobody_changes_an_invoice() -> None:
    invoice = make_invoice(make_price("secureflag"))
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
