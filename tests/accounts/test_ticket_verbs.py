"""Tickets in a timeline: told of in the lines of a file, rung over by the same look as in real life."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Reclassification, Ticket
from backoffice import timeline
from backoffice.timeline import TimelineError

pytestmark = pytest.mark.django_db

CUSTOMER = {
    "on": "2026-03-02",
    "do": "customer",
    "ref": "c",
    "name": "Acme",
    "email": "c@acme.example",
    "country": "FR",
    "phone": "+33612345678",
}
PHONES = {
    "on": "2026-03-02", "do": "subscription", "ref": "phones", "customer": "c", "vendor": "securegroup_devices", "plan": "Phone",
    "method": "card",
}  # fmt: skip
SEATS = {**PHONES, "ref": "seats", "vendor": "cryptopass", "plan": "Essential"}
ADA = {
    "on": "2026-03-02", "do": "administrator", "ref": "ada", "customer": "c", "vendor": "cryptopass", "name": "Ada",
    "email": "Ada@acme.example",
}  # fmt: skip
ASKED = {"reporter_email": "ada@acme.example"}


def play(folder: Path, *events: dict[str, Any]) -> None:
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in (CUSTOMER, PHONES, SEATS, ADA, *events)))
    for _ in timeline.play(timeline.read(file)):
        pass


def test_a_request_is_asked_reclassified_answered_and_closed(tmp_path: Path) -> None:
    ticket = {
        "do": "ticket",
        "ref": "t",
        "subscription": "phones",
        "subject": "It crashes",
        "priority": "critical",
        **ASKED,
    }
    play(
        tmp_path,
        {"on": "2026-03-03", **ticket},
        {"on": "2026-03-04", "do": "ticket reclassified", "ticket": "t", "priority": "key"},
        {"on": "2026-03-05", "do": "ticket answered", "ticket": "t"},
        {"on": "2026-03-06", "do": "ticket closed", "ticket": "t"},
    )
    made = Ticket.objects.get()
    stamps = (made.reported_at, made.due_at, made.answered_at, made.closed_at)
    assert [str(stamp)[:13] for stamp in stamps] == ["2026-03-03 12", "2026-03-03 18", "2026-03-05 12", "2026-03-06 12"]
    assert made.state == "closed"
    assert list(made.alarms.values_list("percent", flat=True)) == [80, 100]
    assert Reclassification.objects.get().by == "customer"


def test_a_request_is_completed(tmp_path: Path) -> None:
    ticket = {
        "do": "ticket",
        "ref": "t",
        "subscription": "seats",
        "subject": "No access",
        "priority": "ticket",
        **ASKED,
    }
    rest = {"issuer": "Ada", "reason": "No access", "severity": "high", "type": "fault", "description": "Since today."}
    play(
        tmp_path, {"on": "2026-03-03", **ticket}, {"on": "2026-03-05", "do": "ticket completed", "ticket": "t", **rest}
    )
    made = Ticket.objects.get()
    assert (made.state, str(made.clock_from)[:13], made.reporter_name) == ("open", "2026-03-05 12", "Ada")


def test_what_cannot_be_done_with_a_ticket_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="line 5: ticket: no earlier line has made the ticket 't'"):
        play(tmp_path, {"on": "2026-03-03", "do": "ticket answered", "ticket": "t"})
