"""Every row of the contracts' obligations is shown by tests that exist, or says why it is not yet."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import backoffice.terms
from backoffice.terms.book import book
from backoffice.terms.sheet import parse_sheet
from tests.without import is_unique_key

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


@pytest.mark.parametrize("number", [number for number in DONE if number.isdigit()])
def test_what_a_row_rests_on_exists(number: str) -> None:
    assert DONE[number]["rests_on"]
    for named in DONE[number]["rests_on"]:
        place, _, name = named.partition(": ")
        if "/" in place:
            assert name in {one.key for one in book().sheet(place).places()}, named
        else:
            assert is_unique_key(place, name), named


RESTING = [(number, named) for number, entry in DONE.items() for named in entry.get("rests_on", ())]


@pytest.mark.long
@pytest.mark.parametrize(("number", "named"), RESTING)
def test_a_row_is_not_shown_without_what_it_rests_on(number: str, named: str, tmp_path: Path) -> None:
    """Each named test run in a process of its own, on a book or a database that lacks one thing: one of them fails."""
    must_fail(DONE[number]["tests"], named, tmp_path)


@pytest.mark.parametrize("named", ["secureflag/2024-01-01: deemed.email", "accounts.Notice: obligation"])
def test_the_test_above_notices_what_is_missing(named: str, tmp_path: Path) -> None:
    """Two of them at once, so that a change which blinds the long test is seen before it is run."""
    tests = ["tests/accounts/test_jobs.py::test_the_customer_is_told_on_the_day_and_not_before"]
    if "accounts." in named:
        tests = ["tests/accounts/test_models.py::test_what_the_database_refuses_of_a_notice"]
    must_fail(tests, named, tmp_path)


def must_fail(tests: list[str], without: str, folder: Path) -> None:
    place, _, name = without.partition(": ")
    lacking = {"TERM_SHEETS_DIR": str(sheet_without(place, name, folder))} if "/" in place else {"WITHOUT": without}
    plugin = [] if "/" in place else ["-p", "tests.without"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "--nomigrations",
        *plugin,
    ]
    database = {"DATABASE_URL": f"sqlite:///{folder}/without.sqlite3", "VAR_DIR": str(folder / "var")}
    environment = os.environ | database | lacking
    done = subprocess.run(
        [*command, *tests], cwd=ROOT.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr


def sheet_without(sheet: str, key: str, folder: Path) -> Path:
    """A folder with a copy of a sheet that lacks one value, which has to be one that a sheet may lack."""
    file = Path(backoffice.terms.__file__).parent / "sheets" / f"{sheet}.toml"
    section, _, name = key.rpartition(".")
    inside, lines = "", []
    for line in file.read_text().splitlines(keepends=True):
        if line.startswith("["):
            inside = line.strip().strip("[]")
        if not (inside == section and line.startswith(f"{name} =")):
            lines.append(line)
    parse_sheet(tomllib.loads("".join(lines)), str(file))
    copy = folder / "sheets" / f"{sheet}.toml"
    copy.parent.mkdir(parents=True)
    copy.write_text("".join(lines))
    assert len(lines) < len(file.read_text().splitlines()), f"{sheet} has no {key}"
    return folder / "sheets"
