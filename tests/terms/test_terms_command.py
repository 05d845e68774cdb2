"""`manage.py terms`: printing, comparing and checking sheets."""

import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backoffice.management.commands import terms
from backoffice.terms.book import Book
from backoffice.terms.difference import difference
from backoffice.terms.words import value_words
from tests.terms.two_versions import FIRST, SECOND, write

Run = Callable[..., str]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write(tmp_path, FIRST, "2020-01-01")
    write(tmp_path, SECOND, "2026-01-01")
    return tmp_path


@pytest.fixture
def run(shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on the book of the two sheets above and return what it printed."""
    monkeypatch.setattr(terms, "book", lambda: Book.load(shelf))

    def call(*arguments: str) -> str:
        call_command("terms", *arguments)
        return capsys.readouterr().out

    return call


def test_lists_every_version_oldest_first(run: Run) -> None:
    assert run("list").splitlines() == [
        "acme/2020-01-01  from 1 January 2020 until 31 December 2025  Acme: General terms",
        "acme/2026-01-01  from 1 January 2026 without end  Acme: General terms",
    ]


def test_shows_values_clauses_marks_and_silence(run: Run) -> None:
    shown = run("show", "acme/2020-01-01")
    assert "What begins the term: acceptance  [2, our reading]  It begins when accepted" in shown
    assert "What a payment pays, in order: costs, interest and principal  [3, display only]" in shown
    assert "That it begins on this day is our reading." in shown
    assert "Silent on: " in shown and "Retention of data" in shown.partition("Silent on: ")[2]


def test_a_vendor_alone_means_its_newest_sheet(run: Run) -> None:
    assert run("show", "acme").startswith("acme/2026-01-01 ")


def test_shows_a_sheet_as_json(run: Run) -> None:
    found = json.loads(run("show", "acme/2020-01-01", "--json"))
    assert (found["sheet"], found["from"], found["until"]) == ("acme/2020-01-01", "2020-01-01", "2025-12-31")
    assert found["terms"][0] == {
        "key": "currency",
        "label": "Currency",
        "value": "EUR",
        "clause": "1",
        "says": "Prices are in euros",
        "reading": False,
        "display": False,
    }


@pytest.mark.parametrize(("day", "sheet"), [("2025-12-31", "acme/2020-01-01"), ("2026-01-01", "acme/2026-01-01")])
def test_finds_the_sheet_in_force_on_a_day(run: Run, day: str, sheet: str) -> None:
    assert run("on", day, "--vendor", "acme").startswith(sheet)
    assert [found["sheet"] for found in json.loads(run("on", day, "--json"))] == [sheet]


def test_says_when_no_sheet_is_in_force(run: Run) -> None:
    with pytest.raises(CommandError, match="no sheet is in force on 31 December 2019"):
        run("on", "2019-12-31")


def test_names_what_there_is_when_asked_for_something_else(run: Run) -> None:
    with pytest.raises(CommandError, match="there is no sheet zebra; there are acme/2020-01-01, acme/2026-01-01"):
        run("show", "zebra")
    with pytest.raises(CommandError, match="there is no vendor zebra; there are acme"):
        run("on", "2026-01-01", "--vendor", "zebra")


def test_compares_two_versions_clause_by_clause(run: Run) -> None:
    shown = run("difference", "acme/2020-01-01", "acme/2026-01-01")
    assert "1 changed, 1 reworded, 1 added, 1 removed" in shown
    assert "changed  Currency  (currency)\n  was  EUR  [1]  Prices are in euros\n  now  USD  [1]" in shown
    assert "added  Retention of data: Backups: Days  (retention.backup.days)\n  now  30  [9]" in shown


def test_compares_as_json(run: Run) -> None:
    found = json.loads(run("difference", "acme/2020-01-01", "acme/2026-01-01", "--json"))
    kinds = {change["key"]: change["kind"] for change in found["changes"]}
    assert kinds == {
        "currency": "changed",
        "start.begins": "reworded",
        "retention.backup.days": "added",
        "allocation.order": "removed",
    }
    assert found["changes"][-1]["new"] is None


def test_a_sheet_differs_from_itself_in_nothing(run: Run, shelf: Path) -> None:
    assert "nothing differs" in run("difference", "acme", "acme")
    sheet = Book.load(shelf).newest("acme")
    assert difference(sheet, sheet) == []


def test_check_passes_a_sound_sheet(run: Run, shelf: Path) -> None:
    assert "sound; acme/2026-01-01, 3 terms" in run("check", str(shelf / "acme" / "2026-01-01.toml"))


def test_check_names_file_key_and_reason(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "new", SECOND.replace('clause = "9", ', "", 1) + "colour = 3\n", "2026-01-01")
    with pytest.raises(SystemExit) as ended:
        run("check", str(file))
    assert ended.value.code == 1
    errors = capsys.readouterr().err
    assert f"{file}: retention.backup.days.clause: the key is missing" in errors
    assert f"{file}: retention.backup.colour: the key is not known" in errors


def test_check_refuses_a_version_that_overlaps(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "new", SECOND.replace("2026-01-01", "2027-01-01"), "2027-01-01")
    with pytest.raises(SystemExit):
        run("check", str(file), "--json")


def test_check_takes_an_old_version_with_its_new_last_day(run: Run, tmp_path: Path) -> None:
    ended = SECOND.replace("from = 2026-01-01", "from = 2026-01-01\nuntil = 2026-12-31")
    old = write(tmp_path / "new", ended, "2026-01-01")
    new = write(tmp_path / "new", SECOND.replace("2026-01-01", "2027-01-01"), "2027-01-01")
    assert json.loads(run("check", str(old), str(new), "--json")) == []


def test_check_says_that_a_file_is_missing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file"):
        run("check", str(tmp_path / "nowhere.toml"))


@pytest.mark.parametrize(
    ("value", "label", "words"),
    [
        (True, "Barred", "yes"),
        (False, "Barred", "no"),
        ((), "Kinds", "none"),
        (("costs", "bank_transfer"), "Kinds", "costs and bank transfer"),
        (Decimal("0.075"), "Fee, as a share", "7.5%"),
        (Decimal("40.00"), "Fee", "40.00"),
        (time(9, 0), "Opens", "09:00"),
        ("at_period_end", "Ends", "at period end"),
        ("Europe/Paris", "Zone", "Europe/Paris"),
        (date(2026, 1, 1), "Day", "2026-01-01"),
        (12, "Months", "12"),
    ],
)
def test_values_read_as_words(value: Any, label: str, words: str) -> None:
    assert value_words(value, label) == words
