"""Every row of the contracts' obligations is shown by tests that exist, or says why it is not yet."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from backoffice.terms.book import book

ROOT = Path(__file__).resolve().parent
FILE = tomllib.loads((ROOT / "obligations.toml").read_text())
ENTRIES = {**FILE["rows"], **FILE["traps"]}
DONE = {number: entry for number, entry in ENTRIES.items() if "tests" in entry}


def test_every_row_and_every_trap_is_there_once() -> None:
    assert list(FILE["rows"]) == [str(number) for number in range(1, 126)]
    assert list(FILE["traps"]) == [f"T{number}" for number in range(1, 11)]


@pytest.mark.parametrize("number", ENTRIES)
def test_a_row_is_shown_by_tests_or_says_why_not_yet(number: str) -> None:
    entry = ENTRIES[number]
    assert ("not_yet" in entry) != ("tests" in entry)
    assert entry.get("not_yet", "why").strip()
    assert entry.get("tests", ["some"])


@pytest.mark.parametrize("number", DONE)
def test_the_named_tests_exist(number: str) -> None:
    for named in DONE[number]["tests"]:
        file, _, function = named.partition("::")
        tree = ast.parse((ROOT.parent / file).read_text())
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, named


@pytest.mark.parametrize("number", [number for number in DONE if not number.startswith("T")])
def test_what_a_row_rests_on_exists(number: str) -> None:
    assert DONE[number]["rests_on"]
    for named in DONE[number]["rests_on"]:
        place, _, name = named.partition(": ")
        if "/" in place:
            assert name in {".".join(one.path) for one in book().sheet(place).places()}, named
        else:
            assert name in _unique_keys(apps.get_model(place)), named


def _unique_keys(model: Any) -> set[str]:
    fields = {field.name for field in model._meta.get_fields() if getattr(field, "unique", False)}
    return fields | {constraint.name for constraint in model._meta.constraints}
