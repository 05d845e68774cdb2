"""Money over HTTP: lists page by page, and payments that are recorded once however often they are sent."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.keys import make_key
from accounts.models import Customer
from billing.models import OpenItem, Payment
from tests import people
from tests.billing.test_payments import pay
from tests.builders import NOON, make_customer, make_invoice, make_subscription
from tests.together import all_at_once

pytestmark = pytest.mark.django_db

LISTS = ("invoices", "open-items", "payments")


def key(*scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {make_key(name='Test', scopes=scopes, at=NOON)[1]}"}


def body(customer: Customer, **changes: Any) -> dict[str, Any]:
    known = {"method": "bank_transfer", "amount": "150.00", "currency": "EUR", "received_on": "2026-04-01"}
    return {"customer": customer.pk, **known, **changes}


def send(asked: Any, name: str = "one", **headers: str) -> tuple[int, Any]:
    raw = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    sent = {"idempotency-key": name, **headers}
    answered = Client().post("/api/v1/payments/", raw, content_type="application/json", headers=sent)
    return answered.status_code, answered.json()


def ask(address: str, headers: dict[str, str], number: int = 200) -> Any:
    answered = Client().get(f"/api/v1/{address}", headers=headers)
    assert answered.status_code == number, answered.content
    return answered.json()


def test_a_payment_is_recorded_and_pays_the_invoice_that_it_names_first() -> None:
    subscription = make_subscription("cryptopass")
    older = make_invoice(subscription)
    named = make_invoice(subscription, due_on=date(2026, 5, 1))
    number, told = send(body(subscription.customer, invoice=named.number, reference="Thanks"), **key("payments"))
    assert (number, told["amount"], told["reference"]) == (201, "150.00", "Thanks")
    assert told["payment"] == Payment.objects.get().pk
    owed = {item.invoice_id: item.owed_minor for item in OpenItem.objects.all()}
    assert owed == {older.pk: 5000, named.pk: 0}


def test_the_same_request_again_has_the_same_answer_and_records_nothing() -> None:
    customer, shop = make_customer(), key("payments")
    first = send(body(customer), **shop)
    # In another order, and with what was left out written down: it is the same all the same.
    again = {"invoice": "", **dict(reversed(body(customer).items()))}
    assert [send(body(customer), **shop), send(again, **shop)] == [first, first]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"amount": "151.00"}, {"received_on": "2026-04-21"}, {"reference": "x"}, {"method": "card"}]
)
def test_the_same_key_with_another_body_is_told_so(change: dict[str, Any]) -> None:
    customer, shop = make_customer(), key("payments")
    send(body(customer), **shop)
    number, told = send(body(customer, **change), **shop)
    assert (number, told["error"]["code"], told["error"]["field"]) == (422, "key_used", "Idempotency-Key")
    assert Payment.objects.get().amount_minor == 15000


def test_another_customer_s_payment_with_the_same_key_is_told_so() -> None:
    shop = key("payments")
    send(body(make_customer()), **shop)
    assert send(body(make_customer()), **shop)[0] == 422


def test_two_callers_may_choose_the_same_key() -> None:
    customer = make_customer()
    assert send(body(customer), **key("payments"))[0] == 201
    assert send(body(customer), **key("payments"))[0] == 201
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 150}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "\u0661"}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"method": "credit"}, "method"),
        ({"received_on": "20 April"}, "received_on"),
        ({"received_on": 0}, "received_on"),
        ({"reference": "a\x00b"}, "reference"),
        ({"reference": "\ud800"}, None),
        ({"customer": True}, "customer"),
        ({"customer": 2**63}, "customer"),
        ({"customer": 999_999}, "customer"),
        ({"invoice": "INV-999999"}, "invoice"),
        ({"currenzy": "EUR"}, "currenzy"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_recorded(change: dict[str, Any], field: str | None) -> None:
    number, told = send({**body(make_customer()), **change}, **key("payments"))
    assert (number, told["error"]["field"]) == (400, field) and told["error"]["message"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b"[" * 100_000])
def test_a_body_that_is_no_payment_is_refused(raw: bytes) -> None:
    assert send(raw, **key("payments"))[0] == 400


@pytest.mark.parametrize("name", ["", "with space", "x" * 65, "ü"])
def test_a_request_without_a_usable_key_is_refused(name: str) -> None:
    shown = {"idempotency-key": name.encode().decode("latin-1")}
    number, told = send(body(make_customer()), **key("payments") | shown)
    assert (number, told["error"]["code"]) == (400, "missing_key")


def test_somebody_else_s_invoice_is_refused() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    number, told = send(body(make_customer(), invoice=invoice.number), **key("payments"))
    assert (number, told["error"]["code"]) == (409, "not_possible")


def test_a_document_tells_its_lines_and_why() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    told = ask(f"invoices/{invoice.number}/", key("money"))
    assert (told["number"], told["total"], told["owed"]) == (invoice.number, "100.00", "100.00")
    assert told["because"] == invoice.because and told["because"]
    assert [(line["text"], line["net"]) for line in told["lines"]] == [("Team", "100.00")]
    for absent in ("INV-999999", "%00"):
        assert ask(f"invoices/{absent}/", key("money"), 404)["error"]["code"] == "unknown"


def test_payments_tell_what_they_pay_and_paid_invoices_are_open_no_more() -> None:
    subscription = make_subscription("cryptopass")
    first, second = make_invoice(subscription), make_invoice(subscription)
    pay(subscription.customer, "130.00")
    [told] = ask("payments/", key("money"))["results"]
    assert [(one["invoice"], one["amount"]) for one in told["pays"]] == [
        (first.number, "100.00"),
        (second.number, "30.00"),
    ]
    [item] = ask("open-items/", key("money"))["results"]
    assert (item["invoice"], item["principal"], item["owed"]) == (second.number, "70.00", "70.00")


@pytest.mark.parametrize("of", LISTS)
def test_a_list_gives_every_row_once_page_by_page(of: str) -> None:
    subscription, reads = make_subscription("cryptopass"), key("money")
    for number in range(7):
        make_invoice(subscription)
        pay(subscription.customer, "1.00", key=f"bank/{number}")
    told: list[Any] = []
    address, pages = f"{of}/?limit=3", 0
    while address:
        page = ask(address.removeprefix("/api/v1/"), reads)
        told, address, pages = told + page["results"], page["next"], pages + 1
    names = [one.get("payment") or one.get("number") or one.get("invoice") for one in told]
    assert (len(set(names)), len(names), pages) == (7, 7, 3)
    assert names == sorted(names)
    mine = ask(f"{of}/?customer={subscription.customer_id}", reads)["results"]
    assert mine == told
    assert not ask(f"{of}/?customer={make_customer().pk}", reads)["results"]


@pytest.mark.parametrize("of", LISTS)
@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=-1", f"after={2**63}", "page=2"])
def test_a_list_names_what_it_does_not_know(of: str, query: str) -> None:
    assert ask(f"{of}/?{query}", key("money"), 400)["error"]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("of", LISTS)
def test_a_longer_list_asks_no_more_queries_and_counts_nothing(of: str) -> None:
    subscription, clerk = make_subscription("cryptopass"), people.clerk()
    asked = []
    for round_ in range(2):
        for number in range(1 + 8 * round_):
            make_invoice(subscription)
            pay(subscription.customer, "1.00", key=f"bank/{round_}/{number}")
        with CaptureQueriesContext(connection) as captured:
            assert len(clerk.get(f"/api/v1/{of}/?limit=9").json()["results"]) == 1 + 8 * round_
        asked.append(len(captured))
        assert not [one["sql"] for one in captured if "COUNT(" in one["sql"].upper()]
    assert asked[0] == asked[1] <= 6


def test_who_may_read_and_who_may_record() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    addresses = [f"/api/v1/{one}/" for one in LISTS] + [f"/api/v1/invoices/{invoice.number}/"]
    readers = {"key": (Client(), key("money"), 200), "other key": (Client(), key("payments", "decisions"), 403)}
    readers |= {"clerk": (people.clerk(), {}, 200), "newcomer": (people.newcomer(), {}, 403)}
    readers |= {"outsider": (people.outsider(), {}, 403), "nobody": (Client(), {}, 401)}
    for client, headers, number in readers.values():
        assert {client.get(address, headers=headers).status_code for address in addresses} == {number}
    made = body(make_customer())
    assert send(made, **key("money"))[0] == 403 and send(made)[0] == 401
    for client, number in ((people.clerk(), 403), (people.newcomer(), 403), (people.owner(), 201)):
        headers = {"idempotency-key": "one"}
        answered = client.post("/api/v1/payments/", made, content_type="application/json", headers=headers)
        assert answered.status_code == number
    assert Payment.objects.get().key == f"api/user-{people.who('owner').pk}/one"


@pytest.mark.django_db(transaction=True)
def test_six_who_send_the_same_at_once_record_one_payment() -> None:
    asked, shop = body(make_customer()), key("payments")
    answers = all_at_once([lambda: send(asked, **shop)] * 6)
    assert answers == [answers[0]] * 6 and answers[0][0] == 201
    assert Payment.objects.count() == 1
