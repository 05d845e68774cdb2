"""People and seats in a timeline: what happens on a day, through the same verbs and days as real life."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Administrator, Customer, EndUser, SeatChange, Subscription
from backoffice import timeline
from backoffice.timeline import TimelineError

pytestmark = pytest.mark.django_db

ADA = "ada@acme.example"
CUSTOMER = {
    "on": "2026-03-02", "do": "customer", "ref": "c", "name": "Acme", "email": "c@acme.example", "country": "FR",
    "vat_id": "FR40303265045", "business_attested_on": "2026-03-01", "time_zone": "Europe/Paris", "city": "Lyon",
}  # fmt: skip
ORDER = {
    "on": "2026-03-02", "do": "subscription", "ref": "s", "customer": "c", "vendor": "cryptopass", "plan": "Essential",
    "quantity": 3, "method": "card",
}  # fmt: skip
NAMED = {
    "on": "2026-03-03", "do": "administrator", "ref": "a", "customer": "c", "vendor": "cryptopass", "name": "Ada", "email": ADA,
}  # fmt: skip
ASKED = {"subscription": "s", "asked_by": ADA}
PRICE = {
    "on": "2026-03-02", "do": "price", "vendor": "cryptopass", "plan": "Essential", "months": 1, "currency": "EUR", "amount": "31.00",
}  # fmt: skip
TEXTS = [
    line
    for kind in ("eula", "privacy", "terms_of_use")
    for line in (
        {
            "on": "2026-03-05", "do": "contract text", "ref": kind, "vendor": "cryptopass", "kind": kind, "title": kind,
            "version": "1", "text": kind,
        },
        {"on": "2026-03-05", "do": "text accepted", "ref": f"u-{kind}", "text": kind, "user": "u"},
    )
]  # fmt: skip
STORY: list[dict[str, Any]] = [
    CUSTOMER,
    PRICE,
    {"on": "2026-03-02", "do": "verification", "customer": "c", "state": "asked"},
    ORDER,
    NAMED,
    {"on": "2026-03-03", "do": "end user", "ref": "u", "customer": "c", "username": "ben", "device_type": "iPhone"},
    {"on": "2026-03-03", "do": "end user", "ref": "v", "customer": "c", "username": "cleo"},
    {"on": "2026-03-03", "do": "licence", "number": 1, "user": "u", **ASKED},
    {"on": "2026-03-04", "do": "add seats", "seats": 2, "unit_price": "31.00", **ASKED},
    {"on": "2026-03-04", "do": "end user was seen", "user": "u"},
    *TEXTS,
    {"on": "2026-03-05", "do": "end user was seen", "user": "u"},
    {"on": "2026-03-06", "do": "give up seats", "numbers": [2, 3], **ASKED},
    {"on": "2026-03-07", "do": "end user leaves", "user": "u"},
    {"on": "2026-03-08", "do": "reassign a licence", "number": 1, "user": "v", **ASKED},
    {"on": "2026-03-09", "do": "administrator goes", "administrator": "a"},
    {"on": "2026-03-10", "do": "add seats", "seats": 5, "unit_price": "31.00", **ASKED},
]


def play(folder: Path, events: list[dict[str, Any]], until: date | None = None) -> None:
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    for _ in timeline.play(timeline.read(file), until):
        pass


def test_people_come_and_go_and_seats_with_them(tmp_path: Path) -> None:
    play(tmp_path, STORY, until=date(2026, 4, 1))
    customer, subscription = Customer.objects.get(), Subscription.objects.get()
    assert (customer.vat_id, customer.verification, customer.city) == ("FR40303265045", "asked", "Lyon")
    # 3 at first, 2 added, 2 given up on the 6th and gone on 1 April; of who is no administrator any more, none.
    assert subscription.quantity == 3
    added, given_up = SeatChange.objects.order_by("id")
    assert (added.charge_minor, added.days_charged, added.days_in_period) == (5600, 28, 31)
    assert (given_up.effective_on, given_up.done_on) == (date(2026, 4, 1), date(2026, 4, 1))
    left, holder = EndUser.objects.order_by("id")
    assert (left.last_used_on, left.left_on) == (date(2026, 3, 5), date(2026, 3, 7))
    assert subscription.licences.get(number=1).holder == holder
    assert Administrator.objects.get().removed_on == date(2026, 3, 9)


def test_a_fifth_administrator_in_a_timeline_is_an_event_without_effect(tmp_path: Path) -> None:
    order = {**ORDER, "vendor": "securegroup"}
    five = [
        {**NAMED, "ref": f"a{number}", "vendor": "securegroup", "email": f"a{number}@acme.example"}
        for number in range(5)
    ]
    play(tmp_path, [CUSTOMER, order, *five])
    assert Administrator.objects.count() == 4


def test_an_event_about_nobody_is_named(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="no earlier line has made the end user 'w'") as refused:
        play(tmp_path, [*STORY[:5], {"on": "2026-03-03", "do": "end user leaves", "user": "w"}])
    assert refused.value.line == 6
