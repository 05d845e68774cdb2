"""Resellers and who comes into the portal, in a timeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from accounts.models import Customer, Membership
from backoffice import timeline
from backoffice.timeline import TimelineError

pytestmark = pytest.mark.django_db

SOLD: list[dict[str, Any]] = [
    {"on": "2026-03-02", "do": "reseller", "ref": "r", "name": "Quay", "email": "q@quay.example", "country": "FR"},
    {"on": "2026-03-02", "do": "portal member", "reseller": "r", "email": "Rose@quay.example", "role": "owner"},
    {
        "on": "2026-03-02", "do": "customer", "ref": "c", "name": "Acme", "email": "c@acme.example", "country": "FR", "phone": "+33612345678",
        "reseller": "r", "billed_by": "reseller",
    },
    {
        "on": "2026-03-02", "do": "permission to resell", "ref": "p", "vendor": "cryptopass", "reference": "letter", "reseller": "r",
    },
    {
        "on": "2026-03-02", "do": "order for resale", "ref": "s", "customer": "c", "vendor": "cryptopass", "plan": "Essential",
        "method": "card", "title_retained": False,
    },
    {
        "on": "2026-03-03", "do": "administrator", "ref": "a", "customer": "c", "vendor": "cryptopass", "name": "Ada",
        "email": "ada@acme.example",
    },
    {"on": "2026-03-03", "do": "portal administrator", "administrator": "a", "role": "viewer"},
]  # fmt: skip


def play(folder: Path, events: list[dict[str, Any]]) -> None:
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    for _ in timeline.play(timeline.read(file)):
        pass


def test_a_reseller_its_customer_and_their_people_come_into_the_books(tmp_path: Path) -> None:
    play(tmp_path, SOLD)
    customer = Customer.objects.get()
    assert (str(customer.reseller), customer.billed_by) == ("Quay", "reseller")
    members = Membership.objects.order_by("pk").values_list("user__email", "reseller__name", "customer__name", "role")
    assert list(members) == [
        ("rose@quay.example", "Quay", None, "owner"),
        ("ada@acme.example", None, "Acme", "viewer"),
    ]
    assert not [one for one in mail.outbox if "invited" in one.subject], "a timeline writes no invitation"


def test_a_reseller_that_no_line_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="line 1: reseller"):
        play(tmp_path, SOLD[2:])


def test_a_role_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="line 2"):
        play(tmp_path, [SOLD[0], {**SOLD[1], "role": "king"}])
