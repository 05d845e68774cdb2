"""What changes an outcome is cited, what is cited can change an outcome, and nothing in a sheet is idle.

Each value of each sheet is moved a little, and questions made at random are asked again under the moved sheet. It is
watched which values are looked at for a first answer. No other value can change it, so a question is asked again only
where one of those moves; a few are drawn all the same, so that the watching itself is watched.
"""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from backoffice.terms import registry
from backoffice.terms.book import SHEETS, Book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import Sheet, parse_sheet
from backoffice.terms.term import Term

from .nudges import nudged
from .questions import Asker, worked_examples

FILES = sorted(SHEETS.glob("*/*.toml"))
MANY, DRAWN = 500, 5
"""Questions asked of each rule, and those drawn from all for each move though they looked at another value."""


class Asked(NamedTuple):
    """A question with its answer under the sheet as it is, the terms whose values were looked at, and the clauses."""

    rule: str
    question: dict[str, Any]
    given: dict[str, Any]
    looked_at: frozenset[int]
    clauses: frozenset[str]

    def changes(self, book: Book) -> bool:
        return bool(matter(answer(book, self.question)) != matter(self.given))

    @property
    def covered(self) -> bool:
        return "because" in self.given and self.given["outcome"] != {"covered": False}


def matter(given: dict[str, Any]) -> Any:
    return given.get("outcome", given.get("error", {}).get("code"))


def ask(sheet: Sheet) -> Iterator[Asked]:
    """Questions to each rule with the answers of this sheet."""
    with watched() as looked_at:
        for rule in registry.rules().values():
            # Each rule has its own questions, so that a new rule changes those of no other.
            asker = Asker(sheet, f"nudges {rule.name}")
            questions = [row for row in worked_examples() if row["rule"] == rule.name and row["vendor"] == sheet.vendor]
            for question in (*questions, *(asker.question(rule) for _ in range(MANY))):
                looked_at.clear()
                # The copy has the same terms, and nothing that another question had it work out and keep.
                given = answer(Book([("", sheet.model_copy())]), question)
                clauses = frozenset(item["clause"] for item in given.get("because", []))
                yield Asked(rule.name, question, given, frozenset(looked_at), clauses)


@contextmanager
def watched() -> Iterator[set[int]]:
    """Yields the identities of the terms whose values are looked at meanwhile."""
    looked_at: set[int] = set()

    def look(term: Term[Any], name: str) -> Any:
        if name == "value":
            looked_at.add(id(term))
        return object.__getattribute__(term, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Term, "__getattribute__", look)
        yield looked_at


@pytest.mark.uncovered
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_values_and_citations_agree(file: Any) -> None:
    raw = tomllib.loads(file.read_text())
    sheet = parse_sheet(raw, str(file))
    asked = list(ask(sheet))
    lookers: dict[int, list[Asked]] = defaultdict(list)
    cited: dict[str, set[str]] = defaultdict(set)
    for one in asked:
        cited[one.rule] |= one.clauses
        for term in one.looked_at:
            lookers[term].append(one)
    chance = random.Random(sheet.vendor)
    uncited: set[str] = set()
    idle: list[str] = []
    moving: dict[str, set[str]] = defaultdict(set)
    for place in sheet.places():
        clause = place.term.clause
        moved_any = False
        for other in nudged(raw, place):
            book = Book([("", other)])
            for one in lookers[id(place.term)]:
                # One answer that moves shows that a citation matters; one that does not cite may never move.
                shown = moved_any and clause in moving[one.rule]
                if (clause in one.clauses and shown) or not one.changes(book):
                    continue
                moved_any = True
                moving[one.rule].add(clause)
                if one.covered and clause not in one.clauses:
                    uncited.add(f"{one.rule}: {place.key} ({clause}) changes {one.question}")
            for one in chance.sample(asked, DRAWN):
                seen = id(place.term) in one.looked_at
                assert seen or not one.changes(book), f"{place.key} changes unseen {one.question}"
        if not moved_any and not place.term.display:
            idle.append(f"{place.key} ({clause})")
    unmoved = {name: clauses - moving[name] for name, clauses in cited.items() if clauses - moving[name]}
    assert not uncited, f"{len(uncited)} outcomes change with a value that they do not cite: {sorted(uncited)[:5]}"
    assert not unmoved, f"cited, but no nudge changes an answer: {unmoved}"
    assert not idle, f"values that no rule uses: {idle}"
