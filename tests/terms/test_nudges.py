"""What changes an outcome is cited, what is cited can change an outcome, and nothing in a sheet is idle.

Each value of each sheet is moved a little, and questions made at random are asked again under the moved sheet.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from typing import Any

import pytest

from backoffice.terms import registry
from backoffice.terms.book import SHEETS, Book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import Sheet, parse_sheet

from .nudges import nudged
from .questions import Asker, worked_examples

FILES = sorted(SHEETS.glob("*/*.toml"))
MANY, FEW = 500, 25
"""Questions asked of a rule that cites the value, and of one that does not (and so may not change at all)."""

Asked = list[tuple[dict[str, Any], dict[str, Any]]]


def ask(sheet: Sheet) -> dict[str, Asked]:
    """Questions to each rule with the answers of this sheet; those that the sheet's silence answers are few."""
    book = Book([("", sheet)])
    asked: dict[str, Asked] = {}
    for rule in registry.rules().values():
        # Each rule has its own questions, so that a new rule changes those of no other.
        asker = Asker(sheet, f"nudges {rule.name}")
        questions = [row for row in worked_examples() if row["rule"] == rule.name and row["vendor"] == sheet.vendor]
        questions += [asker.question(rule) for _ in range(MANY)]
        asked[rule.name] = [(question, answer(book, question)) for question in questions]
    return asked


def matter(given: dict[str, Any]) -> Any:
    return given.get("outcome", given.get("error", {}).get("code"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_values_and_citations_agree(file: Any) -> None:
    raw = tomllib.loads(file.read_text())
    sheet = parse_sheet(raw, str(file))
    asked = ask(sheet)
    cited = {
        name: {item["clause"] for _, given in pairs for item in given.get("because", [])}
        for name, pairs in asked.items()
    }
    uncited: set[str] = set()
    idle: list[str] = []
    moving: dict[str, set[str]] = defaultdict(set)
    for place in sheet.places():
        clause = place.term.clause
        moved_any = False
        for other in nudged(raw, place):
            book = Book([("", other)])
            for name, pairs in asked.items():
                for question, given in pairs if clause in cited[name] else pairs[-FEW:]:
                    if matter(answer(book, question)) != matter(given):
                        moved_any = True
                        moving[name].add(clause)
                        covered = "because" in given and given["outcome"] != {"covered": False}
                        if covered and clause not in {item["clause"] for item in given["because"]}:
                            uncited.add(f"{name}: {place.key} ({clause}) changes {question}")
        if not moved_any and not place.term.display:
            idle.append(f"{place.key} ({clause})")
    unmoved = {name: clauses - moving[name] for name, clauses in cited.items() if clauses - moving[name]}
    assert not uncited, f"{len(uncited)} outcomes change with a value that they do not cite: {sorted(uncited)[:5]}"
    assert not unmoved, f"cited, but no nudge changes an answer: {unmoved}"
    assert not idle, f"values that no rule uses: {idle}"
