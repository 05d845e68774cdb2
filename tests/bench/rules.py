"""How many decisions a second one process makes; the floor does the same dates or interest with no sheet and no clause.

The floors know one vendor's figures by heart and nothing else: they show what knowing the contract costs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import django

from tests.bench.figures import Figure, rates

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
django.setup()

from backoffice.terms import registry  # noqa: E402
from backoffice.terms.book import book  # noqa: E402
from backoffice.terms.calendar import months_after  # noqa: E402
from backoffice.terms.decision import NOT_COVERED  # noqa: E402
from backoffice.terms.facts import Facts  # noqa: E402
from backoffice.terms.interpreter import read_facts  # noqa: E402
from backoffice.terms.sheet import Sheet  # noqa: E402
from tests.terms.questions import worked_examples  # noqa: E402

GOAL = 50_000
Call = tuple[Sheet, Facts]


def figures() -> Iterator[Figure]:
    """The rules that runs over a million rows lean on: each over all worked examples, and vendor by vendor."""
    for name, plainly in (("term.period", _period_by_heart), ("late.charges", _interest_by_heart)):
        rule = registry.rules()[name]
        asked = {vendor: _covered(name, vendor) for vendor in book().vendors()}
        works = {f"{name}, {vendor}": _all(rule.decide, calls) for vendor, calls in asked.items() if calls}
        together = [call for calls in asked.values() for call in calls]
        floor, total, *each = rates(_all(plainly, together), _all(rule.decide, together), *works.values())
        yield Figure(name, total, "calls/s", floor=floor, least=GOAL)
        for title, rate in zip(works, each, strict=True):
            yield Figure(title, rate, "calls/s")


def _covered(name: str, vendor: str) -> list[Call]:
    """A vendor's sheet with the facts of each worked example that it answers."""
    sheet, rule = book().newest(vendor), registry.rules()[name]
    examples = [row for row in worked_examples() if row["rule"] == name and row["vendor"] == vendor]
    answered = [row for row in examples if row.get("outcome", NOT_COVERED) != NOT_COVERED]
    return [(sheet, read_facts(rule, sheet, row["facts"])) for row in answered]


def _all(call: Callable[[Sheet, Any], Any], calls: list[Call]) -> Callable[[], int]:
    def work() -> int:
        for sheet, facts in calls:
            call(sheet, facts)
        return len(calls)

    return work


def _period_by_heart(sheet: Sheet, facts: Any) -> tuple[date, date, date, date, date]:
    cycle = facts.cycle_months or 1
    start = months_after(facts.start, facts.index * cycle)
    renews = months_after(facts.start, (facts.index + 1) * cycle)
    return start, renews - timedelta(1), renews, renews - timedelta(7), renews - timedelta(11)


def _interest_by_heart(sheet: Sheet, facts: Any) -> Decimal:
    days = max(0, (facts.as_of - facts.due_on).days)
    interest = facts.principal * Decimal("0.22") * days / 365
    return Decimal(facts.principal + interest).quantize(Decimal("0.01"), ROUND_HALF_UP)
