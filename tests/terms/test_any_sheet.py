"""A new vendor is a sheet and no code: sheets mixed at random from those of all vendors answer every rule."""

from __future__ import annotations

import copy
import json
import random
import tomllib
from typing import Any

import pytest

from backoffice.terms import registry
from backoffice.terms.book import SHEETS, Book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import SheetError, parse_sheet

from .questions import Asker

RAW = [tomllib.loads(file.read_text()) for file in sorted(SHEETS.glob("*/*.toml"))]
CODES = {
    "currency_mismatch", "cycle_not_offered", "date_order", "missing_fact", "rate_missing", "fee_missing", "hold_too_long",
    "bad_type",
}  # fmt: skip
HEADER = ("vendor", "name", "contract", "from", "until", "undated")


def mixed(seed: int) -> dict[str, Any]:
    """A sheet whose every section comes from one vendor's and whose values come from any vendor's same section."""
    chance = random.Random(seed)
    sheet: dict[str, Any] = {
        "vendor": "mixed",
        "name": "Mixed",
        "contract": "Mixed",
        "from": chance.choice(RAW)["from"],
    }
    for section in sorted({key for raw in RAW for key in raw} - set(HEADER)):
        having = [raw[section] for raw in RAW if section in raw]
        if section == "currency" or chance.random() < 0.85:
            sheet[section] = copy.deepcopy(chance.choice(having))
            for other in having:
                _stir(sheet[section], other, chance)
    return sheet


def _stir(part: dict[str, Any], other: dict[str, Any], chance: random.Random) -> None:
    """Takes some values of another sheet's same section, and leaves some of its own out."""
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(part.get(key), dict) and "clause" not in value:
            _stir(part[key], value, chance)
        elif isinstance(value, dict) and chance.random() < 0.3:
            part[key] = copy.deepcopy(value)
    for key in [key for key in part if key != "clause"]:
        if isinstance(part[key], dict) and "clause" in part[key] and chance.random() < 0.05:
            kept = part.pop(key)
            if not _accepted(part):
                part[key] = kept


def _accepted(part: dict[str, Any]) -> bool:
    return bool(part)


def readable(raw: dict[str, Any]) -> Any:
    """The mixed sheet, with what it lacks taken from the vendors that have it, until the schema is content."""
    while True:
        try:
            return parse_sheet(raw, "mixed")
        except SheetError as error:
            for problem in error.problems:
                _mend(raw, problem.key.split("."))


def _mend(raw: dict[str, Any], path: list[str]) -> None:
    for donor in RAW:
        source: Any = donor
        for step in path:
            source = source.get(step) if isinstance(source, dict) else None
        if source is not None:
            part = raw
            for step in path[:-1]:
                part = part[step]
            part[path[-1]] = copy.deepcopy(source)
            return
    raise AssertionError(f"no sheet has {path}")


@pytest.mark.parametrize("seed", range(200))
def test_a_mixed_sheet_answers_every_rule(seed: int) -> None:
    sheet = readable(mixed(seed))
    book, asker = Book([("mixed", sheet)]), Asker(sheet, seed)
    for rule in registry.rules().values():
        for _ in range(6):
            question = asker.question(rule)
            given = answer(book, question)
            if "error" in given:
                assert given["error"]["code"] in CODES, (question, given)
            else:
                assert given["outcome"] == {"covered": False} or given["because"], question
                assert json.loads(json.dumps(given)) == given
            assert answer(book, question) == given
