"""Disputes and charge-backs as staff, customers and timelines come upon them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import Subscription
from backoffice.pages.today import counted
from backoffice.rehearsal import story
from billing.models import Chargeback, Dispute, Invoice, OpenItem
from billing.staff import stuck
from tests import people
from tests.accounts.acts import ask, do
from tests.accounts.test_portal_pages import confirm, look
from tests.billing.test_payments import pay
from tests.billing.test_verbs import play
from tests.builders import make_administrator, make_invoice, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Noon of 20 March 2026; the bills below are due on 1 April."""
    with time_machine.travel(datetime(2026, 3, 20, 12, tzinfo=UTC), tick=False):
        yield


def bill(**changes: Any) -> Invoice:
    return make_invoice(make_subscription("securegroup", **changes))


def entries_stuck() -> dict[str, int]:
    people.owner()
    return {one.words: one.number for one in map(counted, stuck(people.who("owner")))}


def test_staff_note_a_dispute_answer_it_and_read_what_follows_first() -> None:
    owner, invoice = people.owner(), bill()
    given = {"form": "letter", "received_on": "2026-03-19", "facts": "Paid twice.", "amount": "40.00", "filed": "Box 3"}
    told = ask(owner, invoice, "dispute", **given)
    assert "A dispute has to be received by 27 March 2026. It was raised in time." in told and "TOS 7" in told
    assert not Dispute.objects.exists()
    do(owner, invoice, "dispute", **given)
    made = Dispute.objects.get()
    assert (made.raised_on, made.disputed_minor, made.notice.filed) == (date(2026, 3, 19), 4000, "Box 3")
    assert entries_stuck()["disputed bills to answer"] == 1
    assert "to be answered" in ask_list(owner)
    told = ask(owner, invoice, "answer", right="yes", amount="30.00")
    assert "It is credited on 1 April 2026." in told and "A letter leaves: <strong>Your dispute of bill" in told
    do(owner, invoice, "answer", right="yes", amount="30.00")
    made.refresh_from_db()
    assert (made.state, made.credit_minor) == ("upheld", 3000)
    assert "found right" in ask_list(owner, made.pk) and not entries_stuck()["disputed bills to answer"]
    for act in ("dispute", "answer"):
        assert owner.get(f"/admin/billing/invoice/{invoice.pk}/act/{act}/").status_code == 404


def ask_list(client: Any, key: int | None = None) -> str:
    address = f"/admin/billing/dispute/{key}/change/" if key else "/admin/billing/dispute/"
    answered = client.get(address)
    assert answered.status_code == 200
    return str(answered.content.decode())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": "100.01"}, "no more than all of it"),
        ({"amount": "1.005"}, "too many decimals"),
        ({"received_on": "2026-03-21"}, "cannot have come later"),
        ({"facts": ""}, "This field is required."),
    ],
)
def test_a_wrong_dispute_is_refused_with_what_to_change(changes: dict[str, str], reason: str) -> None:
    given = {"form": "email", "received_on": "2026-03-20", "facts": "Paid twice.", "amount": ""}
    assert reason in ask(people.owner(), bill(), "dispute", **{**given, **changes})
    assert not Dispute.objects.exists()


def test_staff_note_a_charge_back_of_one_of_the_payments_of_a_bill() -> None:
    owner, invoice = people.owner(), bill()
    address = f"/admin/billing/invoice/{invoice.pk}/act/chargeback/"
    assert owner.get(address).status_code == 404, "nothing was paid"
    payment = pay(invoice.customer, "100.00", currency="USD", method="card", received_on=date(2026, 3, 19))
    given = {"booking": "visa/7", "payment": str(payment.pk), "amount": ""}
    with time_machine.travel(datetime(2026, 4, 20, 12, tzinfo=UTC), tick=False):
        owner = people.owner()
        told = ask(owner, invoice, "chargeback", **given)
        assert "The charge-back costs 200.00." in told and "it costs 200.00 USD" in told
        do(owner, invoice, "chargeback", **given)
    assert Chargeback.objects.get().amount == 100 and OpenItem.objects.get(invoice=invoice).owed == 100


def test_an_administrator_disputes_a_bill_in_the_portal_and_sees_its_last_day() -> None:
    invoice = bill()
    assert invoice.subscription is not None
    make_administrator(invoice.subscription, people.address("ada"))
    client = people.member("ada", invoice.customer)
    assert "Last day to dispute the bill" in look(client, "home")
    told = confirm(client, "dispute", invoice.pk, facts="Paid twice.", amount="40.00")
    assert "We have your dispute" in told and "Last day to dispute the bill" not in told
    made = Dispute.objects.get()
    assert (made.facts, made.disputed_minor, made.state) == ("Paid twice.", 4000, "open")
    late = make_invoice(invoice.subscription, due_on=date(2026, 3, 22))
    assert "It came too late to change the bill" in confirm_words(client, late)
    assert "decimals" in confirm_words(client, make_invoice(invoice.subscription), amount="1.005")


def confirm_words(client: Any, invoice: Invoice, amount: str = "") -> str:
    answered = client.post(f"/portal/bills/{invoice.pk}/dispute/", {"facts": "Paid twice.", "amount": amount})
    assert answered.status_code == 200
    return str(answered.content.decode())


def test_nobody_disputes_the_bill_of_another() -> None:
    mine, theirs = bill(), bill()
    assert mine.subscription is not None
    make_administrator(mine.subscription, people.address("ada"))
    client = people.member("ada", mine.customer)
    assert client.get(f"/portal/bills/{theirs.pk}/dispute/").status_code == 404


MONTHLY = {"vendor": "securegroup", "plan": "Pack", "months": 1}
BOOKS: list[dict[str, Any]] = [
    {"on": "2026-03-01", "do": "price", **MONTHLY, "currency": "USD", "amount": "100.00"},
    {"on": "2026-03-01", "do": "customer", "ref": "acme", "name": "Acme", "email": "a@acme.example", "country": "FR"},
    {"on": "2026-03-01", "do": "subscription", "ref": "a", "customer": "acme", **MONTHLY, "method": "card"},
]  # fmt: skip


def test_a_timeline_disputes_answers_and_charges_back_and_its_story_tells_all(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {"on": "2026-03-02", "do": "payment", "subscription": "a", "key": "card 0", "method": "card"},
        {"on": "2026-03-26", "do": "dispute", "subscription": "a", "facts": "Paid twice.", "amount": "40.00"},
        {"on": "2026-03-26", "do": "payment", "subscription": "a", "key": "card 1", "method": "card"},
        {"on": "2026-03-27", "do": "dispute answer", "subscription": "a", "right": True, "amount": "30.00"},
        {"on": "2026-04-20", "do": "chargeback", "subscription": "a", "key": "visa 7"},
    ]
    play(tmp_path, *BOOKS, *events)
    told = {one.kind: one for one in story(Subscription.objects.get().customer_id)}
    assert told["dispute"].says == "40.00 USD of INV-000002 are disputed."
    assert told["dispute answer"].figures["credit"] == "30.00"
    assert told["chargeback"].says == "Charged back: 100.00 USD for INV-000002 on 20 April 2026."
    assert told["return"].on == date(2026, 4, 20)
    assert Chargeback.objects.get().fee is None, "a dispute was raised on a day before"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "dispute", "facts": "x"}, "no bill was issued"),
        ({"do": "dispute answer", "right": False}, "no dispute of a waits"),
        ({"do": "chargeback", "key": "x"}, "no payment pays anything of a"),
    ],
)
def test_a_line_about_nothing_is_named(event: dict[str, Any], reason: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=reason):
        play(tmp_path, *BOOKS, {"on": "2026-03-01", "subscription": "a", **event})
