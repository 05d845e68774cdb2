"""What an erasure would do, before anybody asks for it: what goes, what stays sealed until when, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from accounts.policy.erasure import Erasable, decide_erasure
from accounts.services.erasure import Kept, customer_of, people_of, what_keeps
from backoffice.privacy import bars, holdings


class Foreseen(NamedTuple):
    """``answer`` is what stands in the way, if anything; ``goes`` what would go at once, each with its number of rows,
    and ``stays`` what would stay sealed."""

    answer: Erasable
    goes: Counter[str]
    stays: dict[str, Kept]


def foresee(rows: Iterable[Any], on: date) -> Foreseen:
    """What would become of all that is held of some rows that are one person, if it were erased on a day."""
    rows = list(rows)
    answer = decide_erasure([bar for one in rows for bar in bars(one, on)])
    persons = {one._meta.label_lower + str(one.pk): one for row in rows for one in (*people_of(row), row)}
    goes: Counter[str] = Counter()
    stays: dict[str, Kept] = {}
    for holding in holdings():
        for person in persons.values():
            hangs = holding.hangs.get(type(person))
            count = holding.model._base_manager.filter(hangs(person)).count() if hangs and holding.columns else 0
            kept = what_keeps(customer_of(person), holding.retention, on) if count else None
            if kept is not None:
                stays[holding.says] = max(kept, stays.get(holding.says, kept), key=lambda one: one.until)
            elif count:
                goes[holding.says] += count
    return Foreseen(answer, goes, stays)
