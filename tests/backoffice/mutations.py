"""Timelines that somebody has spoilt: a valid one, changed here and there in a way that a number decides."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

VALID: list[dict[str, Any]] = [
    {"on": "2026-03-24", "do": "customer", "ref": "acme", "name": "Acme", "email": "acme@acme.example", "country": "FR", "phone": "+33612345678"},
    {"on": "2026-03-24", "do": "customer", "ref": "zest", "name": "Zest", "email": "zest@zest.example", "country": "GB"},
    {"on": "2026-03-24", "do": "price", "vendor": "cryptopass", "plan": "Essential", "months": 1, "currency": "EUR", "amount": "9.90"},
    {"on": "2026-03-24", "do": "price", "vendor": "ethicmail", "plan": "STANDARD", "months": 1, "currency": "USD", "amount": "24.00"},
    {"on": "2026-03-25", "do": "subscription", "ref": "acme-1", "customer": "acme", "vendor": "cryptopass", "plan": "Essential", "quantity": 3, "months": None, "commitment": False, "method": "card"},
    {"on": "2026-03-25", "do": "subscription", "ref": "zest-1", "customer": "zest", "vendor": "ethicmail", "plan": "STANDARD", "months": 1, "method": "bank_transfer"},
    {"on": "2026-03-26", "do": "subscription", "ref": "zest-2", "customer": "zest", "vendor": "secureflag", "plan": "Team", "months": 12, "method": "card", "agreed_start": "2026-03-27"},
    {"on": "2026-03-27", "do": "first payment", "subscription": "zest-1"},
    {"on": "2026-03-28", "do": "notice to stop", "subscription": "acme-1"},
    {"on": "2026-03-29", "do": "notice to stop", "subscription": "zest-1", "by": "vendor"},
]  # fmt: skip
UNTIL = date(2026, 4, 2)

VALUES: list[Any] = [
    None, True, -1, 0, 1, 2, 13, 10**6, 10**30, 1.5, "", " ", "acme", "zest-1", "\u0000", "é" * 300, "vendor", "card", "EUR",
    "-0.01", "1e400", "9.999", "2026-03-25", "2026-02-29", "0001-01-01", "9999-12-31", "2026-03-09T12:00:00Z", [], ["acme"], {}, {"on": 1},
]  # fmt: skip
BYTES = [b"", b"{", b"}", b'"', b"\xff", b"\xc3", b"\x00", b"\n", b"NaN", b"1e999", b"\\ud800", b"[" * 5000, b"null"]


def spoilt(number: int) -> bytes:
    """The text of the valid timeline with one to three changes; the same number gives the same text."""
    chance = Random(number)
    events = [dict(event) for event in VALID]
    for _ in range(chance.randint(1, 3)):
        chance.choice([_change_value, _change_value, _change_day, _lose_field, _rename_field, _move, _lose, _repeat])(
            chance, events
        )
    text = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    return _damage(chance, text) if chance.random() < 0.2 else text


def _change_value(chance: Random, events: list[dict[str, Any]]) -> None:
    event = chance.choice(events)
    event[chance.choice([*event, "extra", "quantity", "agreed_start"])] = chance.choice(VALUES)


def _change_day(chance: Random, events: list[dict[str, Any]]) -> None:
    chance.choice(events)["on"] = (date(2026, 3, 24) + timedelta(chance.randint(-3, 14))).isoformat()


def _lose_field(chance: Random, events: list[dict[str, Any]]) -> None:
    event = chance.choice(events)
    event.pop(chance.choice([*event, "ref"]), None)


def _rename_field(chance: Random, events: list[dict[str, Any]]) -> None:
    event = chance.choice(events)
    if event:
        event[chance.choice(["nickname", "ref", "on", "do"])] = event.pop(chance.choice(list(event)))


def _move(chance: Random, events: list[dict[str, Any]]) -> None:
    events.insert(chance.randrange(len(events)), events.pop(chance.randrange(len(events))))


def _lose(chance: Random, events: list[dict[str, Any]]) -> None:
    events.pop(chance.randrange(len(events)))


def _repeat(chance: Random, events: list[dict[str, Any]]) -> None:
    events.insert(chance.randrange(len(events)), dict(chance.choice(events)))


def _damage(chance: Random, text: bytes) -> bytes:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(BYTES) + text[at + chance.randint(0, 3) :]
