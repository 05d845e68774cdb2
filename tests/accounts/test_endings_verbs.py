"""Ends of contracts as events of a timeline, and what a rehearsal tells of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import Subscription
from accounts.reports import TELLERS
from backoffice.timeline import TimelineError, World, play, read_lines

pytestmark = pytest.mark.django_db

START: list[dict[str, Any]] = [
    {"on": "2026-03-02", "do": "customer", "ref": "acme", "name": "Acme", "email": "a@acme.example", "country": "FR"},
    *(
        {
            "on": "2026-03-02",
            "do": "subscription",
            "ref": ref,
            "customer": "acme",
            "vendor": vendor,
            "plan": "Team",
            "method": "card",
            "agreed_start": "2026-03-02",
            "payment_confirmed_on": "2026-03-02",
        }
        for ref, vendor in (("group", "securegroup"), ("mail", "ethicmail"), ("flag", "secureflag"))
    ),
]


def told(*events: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What happened to the contracts, save for orders, periods and letters."""
    world = World()
    for _ in play(read_lines([json.dumps(event).encode() for event in [*START, *events]]), world=world):
        pass
    kinds = ("breach", "notice taken back", "end asked for", "succession", "data", "end", "change of state")
    happened = [one for teller in TELLERS for one in teller(world) if one.kind in kinds]
    return [(one.name, one.kind, one.says) for one in happened]


def at(on: str, do: str, subscription: str = "", **fields: Any) -> dict[str, Any]:
    return {"on": on, "do": do, **({"subscription": subscription} if subscription else {}), **fields}


def test_a_breach_is_told_put_right_and_ends_another_contract() -> None:
    kind = {"kind": "material", "detail": "Sold on."}
    happened = told(
        at("2026-03-03", "breach", "flag", ref="b1", **kind),
        at("2026-03-03", "breach", "mail", ref="b2", **kind),
        at("2026-03-04", "suspend over breach", breach="b2"),
        at("2026-03-05", "breach put right", breach="b1"),
        at("2026-03-18", "end over breach", breach="b2"),
    )
    assert (
        "mail",
        "change of state",
        "It is suspended, because a breach of the contract was not put right.",
    ) in happened
    says = "17 March 2026 was the last day of service, because a breach of the contract was not put right."
    assert ("mail", "end", says.replace("17", "18")) in happened
    customer = "The customer was told of a breach (a material breach)"
    assert [says for _, kind, says in happened if kind == "breach"] == [
        f"{customer}, until 2 April 2026; put right.",
        f"{customer}, until 17 March 2026; the contract was ended.",
    ]


def test_a_stop_a_withdrawal_and_what_becomes_of_data() -> None:
    happened = told(
        at("2026-03-03", "notice to stop", "flag"),
        at("2026-03-04", "notice taken back", "flag"),
        at("2026-03-04", "backup exclusion", "mail"),
        at("2026-03-05", "stop without notice", "group", ground="conduct", since="2026-03-05", how="end"),
    )
    taken = "The notice of 3 March 2026 was taken back: it renews after 1 March 2027."
    assert ("flag", "notice taken back", taken) in happened
    assert ("mail", "data", "The space is left out of the backups (to be instructed).") in happened
    assert ("group", "data", "The data is deleted (to come).") in happened


def test_ends_asked_for_mergers_and_what_is_overdue() -> None:
    happened = told(
        at("2026-03-03", "overdue", "flag", since="2026-03-02"),
        at("2026-03-03", "overdue notice", "flag"),
        at("2026-03-03", "succession", "mail", event="merger"),
        at("2026-03-04", "end asked for", "mail"),
        at("2026-03-05", "end told complete", "mail"),
        at("2026-03-07", "overdue paid", "flag"),
    )
    assert ("mail", "succession", "We were told of a merger: the vendor may end the contract.") in happened
    assert ("mail", "end asked for", "An end was asked for; it was complete on 5 March 2026.") in happened
    assert ("flag", "change of state", "It is active, because what was owed was paid.") in happened


def test_a_merger_may_end_the_contract() -> None:
    told(at("2026-03-03", "succession", "mail", event="merger"), at("2026-03-04", "end after merger", "mail"))
    assert Subscription.objects.get(vendor="ethicmail").ends_reason == "merger"


def test_a_suspension_is_lifted_and_a_contract_ended_at_once() -> None:
    happened = told(
        at("2026-03-03", "suspend", "mail", reason="authority", until="2026-03-20"),
        at("2026-03-04", "resume", "mail"),
        at("2026-03-05", "end at once", "mail", reason="service_end"),
    )
    lines = [says for name, kind, says in happened if name == "mail" and kind == "change of state"]
    assert lines == [
        "It is suspended, because an authority or a court ordered it.",
        "It is active, because what it was suspended for is over.",
    ]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (at("2026-03-03", "end told complete", "mail"), "no end was asked for"),
        (at("2026-03-03", "end after merger", "mail"), "no merger is open"),
        (at("2026-03-03", "breach", "group", ref="b", kind="material", detail=""), "does not count"),
    ],
)
def test_what_the_books_do_not_allow_names_its_line(event: dict[str, Any], reason: str) -> None:
    with pytest.raises(TimelineError, match=f"line 5: .*{reason}"):
        told(event)
