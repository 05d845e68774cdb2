"""Questions made at random from what each rule asks for, gathered around the dates and amounts where answers change."""

from __future__ import annotations

import json
import random
import types
import typing
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from backoffice.terms.calendar import months_after
from backoffice.terms.facts import FactKind, Facts
from backoffice.terms.money import minor_digits
from backoffice.terms.registry import Rule
from backoffice.terms.sheet import Sheet

VECTORS = Path(__file__).parent / "vectors"
OFFSETS = (
    0,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    13,
    14,
    15,
    16,
    29,
    30,
    31,
    34,
    35,
    45,
    60,
    88,
    89,
    90,
    91,
    92,
    120,
    200,
    364,
    365,
    366,
)
CLOCKS = ("00:00:00", "08:30:00", "09:00:00", "11:15:00", "16:45:00", "17:00:00", "17:30:00", "18:00:00", "23:30:00")
ZONES = ("+00:00", "+01:00", "+02:00", "-05:00", "+09:00", "Z")
# What comes first in the life of a contract stands at the anchor, so that the rest falls around its deadlines.
EARLY = {
    "start", "accepted_on", "period_start", "effective_on", "enrolled_on", "click_at", "due_on", "qualified_on", "paid_on",
    "renewal_period_start", "funds_at",
}  # fmt: skip
# Days after the anchor within which some facts are more telling than at any distance.
WINDOWS = {
    "acknowledged_on": (0, 40),
    "upgraded_on": (0, 60),
    "received_on": (20, 90),
    "covered_until": (60, 400),
    "as_of": (0, 900),
}
# What usually holds, so that a question gets past the first hurdles of a rule to the later ones.
USUALLY = {
    "partner_active": True, "standard_rate": True, "new_customer": True, "litigation_pending": True, "billed_directly": True,
    "requested": True, "material": True, "related": False, "same_person": False, "plan_changed": False, "duplicate": False,
    "leaving": False, "in_breach": False, "emergency": False, "came_back": False,
}  # fmt: skip
AMOUNTS = (0, 3, 40, 60, 95, 105, 175, 250, 1000, 1200, 4000, 9500, 10500, 13000)
COUNTRIES = ("FR", "FR", "CA", "CA", "DE", "US", "IS")
PHONES = (
    "+33612345678",
    "+15145550100",
    "+442079460958",
    "+41446681800",
    "+3547101234",
    "+37760123456",
    "+376312345",
    "+3780549886377",
)
PLACES = ("Europe/Paris", "America/Toronto", "Asia/Tokyo")
VAT_NUMBERS = ("FR40303265045", "FR40303265046", "DE136695976", "nonsense")


@cache
def worked_examples() -> list[dict[str, Any]]:
    """Every worked example, with its outcome or error."""
    return [json.loads(line) for file in sorted(VECTORS.glob("*.jsonl")) for line in file.read_text().splitlines()]


class Asker:
    """Asks one sheet's rules; the same seed asks the same questions."""

    def __init__(self, sheet: Sheet, seed: int | str) -> None:
        self.sheet = sheet
        self.random = random.Random(f"{seed} {sheet.vendor}")

    def question(self, rule: Rule) -> dict[str, Any]:
        self.anchor = date(2024, 1, 1) + timedelta(days=self.random.randrange(1600))
        if self.random.random() < 0.3:
            self.anchor = months_after(date(2024, 1, 31), self.random.randrange(50))
        self.currency = self._currency(rule)
        facts = self.facts(rule.facts)
        return {"rule": rule.name, "vendor": self.sheet.vendor, "facts": facts}

    def facts(self, model: type[Facts]) -> dict[str, Any]:
        found = {}
        for name, field in model.model_fields.items():
            if field.is_required() or self.random.random() < 0.9:
                found[field.alias or name] = self.value(name, field.rebuild_annotation())
        return found

    def value(self, name: str, kind: Any) -> Any:
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            return None if self.random.random() < 0.25 else self.value(name, parts[0])
        if origin is typing.Annotated:
            marks = [mark for mark in parts[1:] if isinstance(mark, FactKind)]
            if marks:
                return getattr(self, f"a_{marks[0].name}")(name)
            return self.value(name, parts[0])
        if origin is tuple:
            choices = typing.get_args(parts[0]) if typing.get_origin(parts[0]) is typing.Literal else ()
            if choices and self.random.random() < 0.6:
                return list(choices)
            return [self.value(name, parts[0]) for _ in range(self.random.choice((0, 1, 1, 2, 3, 4)))]
        if origin is typing.Literal:
            return self.random.choice(parts)
        return self.facts(kind)

    def a_date(self, name: str) -> str:
        if name in EARLY:
            return (self.anchor - timedelta(days=self.random.choice((0, 0, 0, 1, 5)))).isoformat()
        if name in WINDOWS and self.random.random() < 0.7:
            return (self.anchor + timedelta(days=self.random.randint(*WINDOWS[name]))).isoformat()
        sign = self.random.choice((1, 1, 1, 1, 1, 1, -1))
        return (self.anchor + sign * timedelta(days=self.random.choice(OFFSETS))).isoformat()

    def a_moment(self, name: str) -> str:
        return f"{self.a_date(name)}T{self.random.choice(CLOCKS)}{self.random.choice(ZONES)}"

    def a_month(self, name: str) -> str:
        return self.anchor.isoformat()[:7]

    def a_money(self, name: str) -> str:
        amount = Decimal(self.random.choice(AMOUNTS)) + Decimal(self.random.randrange(1000)) / 10
        return f"{amount:.{minor_digits(self.currency)}f}"

    def a_rate(self, name: str) -> str:
        return (
            self.random.choice(("1", "1.36", "0.9"))
            if name == "usd_rate"
            else self.random.choice(("0.05", "0.1475", "0.02"))
        )

    def a_count(self, name: str) -> int:
        if "month" in name:
            return self.random.choice((1, 1, 3, 6, 12, 12, 2))
        return self.random.choice((1, 2, 3, 3, 4, 10, 30, 60))

    def a_flag(self, name: str) -> bool:
        return (
            self.random.random() < (0.9 if USUALLY[name] else 0.15) if name in USUALLY else self.random.random() < 0.5
        )

    def a_text(self, name: str) -> str:
        if name == "phone":
            return self.random.choice(PHONES)
        if name == "received_zone":
            return self.random.choice(PLACES)
        if name == "vat_number":
            return self.random.choice(VAT_NUMBERS)
        if name == "violation":
            listed = self.sheet.conduct.violations if self.sheet.conduct else {}
            return self.random.choice([*listed, "other"])
        priorities = self.sheet.support.priorities if self.sheet.support else {}
        return self.random.choice([*priorities, "other"])

    def a_currency(self, name: str) -> str:
        return self.currency

    def a_country(self, name: str) -> str:
        answered = self.sheet.requests.jurisdictions if self.sheet.requests else None
        if name == "jurisdiction" and answered and self.random.random() < 0.7:
            return self.random.choice(answered.value)
        return self.random.choice(COUNTRIES)

    def _currency(self, rule: Rule) -> str:
        if self.random.random() < 0.02:
            return "JPY"
        payout = self.sheet.payout if rule.name == "payout.net" else None
        return payout.balance_currency.value if payout else self.sheet.currency.value
