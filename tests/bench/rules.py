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
from backoffice.terms.interpreter import answer, read_facts  # noqa: E402
from tests.terms.questions import worked_examples  # noqa: E402

GOAL = 50_000


def figures() -> Iterator[Figure]:
    """The rules that runs over a million rows lean on, for every vendor that has them."""
    for name, plainly in (("term.period", _period_by_heart), ("late.charges", _interest_by_heart)):
        rule = registry.rules()[name]
        for vendor in book().vendors():
            sheet = book().newest(vendor)
            examples = [row for row in worked_examples() if row["rule"] == name and row["vendor"] == vendor]
            covered = [row["facts"] for row in examples if answer(book(), row).get("outcome", {}).get("covered", True)]
            facts = [
                read_facts(rule, sheet, raw)
                for raw in covered
                if "error" not in answer(book(), {**examples[0], "facts": raw})
            ]
            if not facts:
                continue
            found, floor = rates(
                _all(lambda one, decide=rule.decide, of=sheet: decide(of, one), facts), _all(plainly, facts)
            )
            yield Figure(f"{name}, {vendor}", found, "calls/s", floor=floor, least=GOAL)


def _all(call: Callable[[Any], Any], facts: list[Any]) -> Callable[[], int]:
    def work() -> int:
        for one in facts:
            call(one)
        return len(facts)

    return work


def _period_by_heart(facts: Any) -> tuple[date, date, date, date, date]:
    cycle = facts.cycle_months or 1
    start = months_after(facts.start, facts.index * cycle)
    renews = months_after(facts.start, (facts.index + 1) * cycle)
    return start, renews - timedelta(1), renews, renews - timedelta(7), renews - timedelta(11)


def _interest_by_heart(facts: Any) -> Decimal:
    days = max(0, (facts.as_of - facts.due_on).days)
    interest = facts.principal * Decimal("0.22") * days / 365
    return facts.principal + Decimal(interest).quantize(Decimal("0.01"), ROUND_HALF_UP)
