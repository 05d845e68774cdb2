"""Fees beside the service as staff and timelines come upon them."""

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
from billing.models import FeeOrder, Invoice
from billing.staff import due
from tests import people
from tests.accounts.acts import ask, do
from tests.billing.test_verbs import play
from tests.builders import make_administrator, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Noon of 10 March 2026."""
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):
        yield


def quote(client: Any, subscription: Subscription, **changes: str) -> Any:
    known = {"subscription": str(subscription.pk), "kind": "restoration", "text": "Mails", "estimate": "2"}
    return client.post("/admin/billing/feeorder/add/", {**known, "unit_price": "", **changes})


def test_staff_quote_a_restoration_note_its_approval_and_charge_it() -> None:
    subscription, owner = make_subscription("securegroup"), people.owner()
    make_administrator(subscription)
    assert quote(owner, subscription).status_code == 302
    order = FeeOrder.objects.get()
    assert "it lacks an administrator" in ask(owner, order, "charge", units="1")
    assert "is no administrator" in ask(owner, order, "approve", administrator="eve@example.com")
    do(owner, order, "approve", administrator="ada@example.com")
    found = {
        one.words: one.number for one in map(counted, due(people.who("owner"), date(2026, 3, 10), date(2026, 3, 20)))
    }
    assert found["work that was approved, to be done"] == 1
    told = ask(owner, order, "charge", units="1.5")
    assert "It costs 225.00." in told and "SLA 3.4" in told
    do(owner, order, "charge", units="1.5")
    assert Invoice.objects.get().total == 225
    page = owner.get(f"/admin/billing/feeorder/{order.pk}/change/").content.decode()
    assert "ada@example.com" in page and "as the contract says" in page
    for act in ("approve", "charge"):
        assert owner.get(f"/admin/billing/feeorder/{order.pk}/act/{act}/").status_code == 404
    assert owner.post(f"/admin/billing/feeorder/{order.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "support"}, "one is to be set"),
        ({"kind": "licence"}, "charges nothing"),
        ({"kind": "support", "unit_price": "1.005"}, "Nothing was quoted"),
        ({"estimate": ""}, "This field is required."),
    ],
)
def test_a_wrong_quote_is_refused_with_what_to_change(changes: dict[str, str], reason: str) -> None:
    answered = quote(people.owner(), make_subscription("securegroup"), **changes)
    assert answered.status_code == 200 and reason in answered.content.decode()
    assert not FeeOrder.objects.exists()


def test_a_timeline_quotes_approves_and_charges_a_fee(tmp_path: Path) -> None:
    monthly = {"vendor": "securegroup", "plan": "Pack", "months": 1}
    events: list[dict[str, Any]] = [
        {"on": "2026-03-01", "do": "price", **monthly, "currency": "USD", "amount": "100.00"},
        {"on": "2026-03-01", "do": "customer", "ref": "c", "name": "Acme", "email": "a@acme.example", "country": "FR"},
        {"on": "2026-03-01", "do": "subscription", "ref": "a", "customer": "c", **monthly, "method": "card"},
        {
            "on": "2026-03-02", "do": "administrator", "ref": "ada", "customer": "c", "vendor": "securegroup",
            "name": "Ada", "email": "ada@acme.example",
        },
        {
            "on": "2026-03-03", "do": "fee quoted", "ref": "mails", "subscription": "a", "kind": "restoration",
            "text": "The mails of February.", "estimate": "2",
        },
        {"on": "2026-03-04", "do": "fee approved", "fee": "mails", "administrator": "ada@acme.example"},
        {"on": "2026-03-05", "do": "fee charged", "fee": "mails", "units": "1.5"},
    ]  # fmt: skip
    play(tmp_path, *events)
    told = [one for one in story(Subscription.objects.get().customer_id) if one.kind in ("fee quoted", "invoice")]
    assert [one.on.day for one in told if one.kind == "fee quoted"] == [3]
    assert "Restoring what was deleted: 225.00 USD" in " ".join(one.says for one in told)
