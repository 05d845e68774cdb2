"""A broken sheet is refused at start, with its file, the key and the reason; nothing of it is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import backoffice.terms.book as shelves
from backoffice.terms.book import Book
from backoffice.terms.sheet import SheetError

GOOD = """\
vendor = "acme"
name = "Acme"
contract = "Acme's terms"
from = 2020-01-01

currency = { value = "EUR", clause = "1", says = "Fees are in euros" }
time_zone = { value = "Europe/Paris", clause = "2", says = "Days are those of Paris" }
public_holidays = { value = "FR", clause = "2", says = "Public holidays are those of France" }

[start]
begins = { value = "acceptance", clause = "3", says = "It begins with the order" }

[period]
default_months = { value = 12, clause = "4", says = "A year" }
anchor = { value = "start", clause = "4", says = "Counted from the start" }
due = { value = "renewal_day", clause = "5", says = "Due on the first day" }
charge_days_before = { value = 7, clause = "5", says = "Charged a week before" }
notice_days = { value = 15, clause = "6", says = "Fifteen days' notice" }

[support]
opens = { value = 09:00:00, clause = "8", says = "From nine" }

[support.priorities.P1]
measure = { value = "office_hours", clause = "8", says = "In hours" }
count = { value = 4, clause = "8", says = "Four" }

[late_charges]
interest = { value = "yearly", clause = "9", says = "Interest by the year" }
rate = { value = "0.12", clause = "9", says = "Twelve percent" }
days_in_year = { value = 365, clause = "9", says = "By the day" }
"""


def swap(old: str, new: str) -> Callable[[str], str]:
    assert old in GOOD, old
    return lambda text: text.replace(old, new, 1)


BROKEN = {
    "not TOML": (swap("[start]", "[start"), "", "not TOML"),
    "a value twice": (swap("[start]", 'name = "again"\n[start]'), "", "not TOML"),
    "no vendor": (swap('vendor = "acme"\n', ""), "vendor", "missing"),
    "a vendor with spaces": (swap('"acme"', '"Ac me"'), "vendor", "match"),
    "no name": (swap('name = "Acme"\n', ""), "name", "missing"),
    "an empty name": (swap('name = "Acme"', 'name = ""'), "name", "at least 1"),
    "no date": (swap("from = 2020-01-01\n", ""), "from", "missing"),
    "a date in words": (swap("from = 2020-01-01", 'from = "New Year"'), "from", "date"),
    "it ends before it begins": (swap("from = 2020-01-01", "from = 2020-01-01\nuntil = 2019-12-31"), "until", "before it begins"),
    "an unknown key at the top": (swap("currency =", 'colour = "red"\ncurrency ='), "colour", "not known"),
    "an unknown section": (swap("[start]", "[begin]"), "begin", "not known"),
    "an unknown key in a section": (swap("notice_days", "notice_weeks"), "period.notice_weeks", "not known"),
    "a key of a section missing": (swap("anchor =", "# anchor ="), "period.anchor", "missing"),
    "an unknown key in a term": (swap('clause = "3",', 'clause = "3", page = 9,'), "start.begins.page", "not known"),
    "no clause": (swap('clause = "3", ', ""), "start.begins.clause", "missing"),
    "an empty clause": (swap('clause = "3"', 'clause = ""'), "start.begins.clause", "at least 1"),
    "no paraphrase": (swap(', says = "A year"', ""), "period.default_months.says", "missing"),
    "a clause that is a number": (swap('clause = "4", says = "A year"', 'clause = 4, says = "A year"'), "period.default_months.clause", "string"),
    "a bare value": (swap('default_months = { value = 12, clause = "4", says = "A year" }', "default_months = 12"), "period.default_months", ""),
    "a word for a number": (swap("value = 12", 'value = "twelve"'), "period.default_months.value", "integer"),
    "a number with a fraction": (swap("value = 12", "value = 12.5"), "period.default_months.value", "integer"),
    "a period of no months": (swap("value = 12", "value = 0"), "period.default_months.value", "greater than or equal to 1"),
    "a negative number": (swap("value = 7", "value = -7"), "period.charge_days_before.value", "greater than or equal to 0"),
    "a truth value for a number": (swap("value = 7", "value = true"), "period.charge_days_before.value", "integer"),
    "an alternative that is none": (swap('"renewal_day"', '"some_day"'), "period.due.value", "renewal_day"),
    "an unknown currency": (swap('"EUR"', '"EUX"'), "currency.value", "ISO 4217"),
    "an unknown time zone": (swap('"Europe/Paris"', '"Europe/Lutetia"'), "time_zone.value", "no such time zone"),
    "public holidays of nowhere": (swap('"FR"', '"XX"'), "public_holidays.value", "no public holidays"),
    "a rate as a float": (swap('"0.12"', "0.12"), "late_charges.rate.value", "string of digits"),
    "a rate below zero": (swap('"0.12"', '"-0.12"'), "late_charges.rate.value", "string of digits"),
    "a time of day in words": (swap("09:00:00", '"nine"'), "support.opens.value", "time of day"),
    "a reading that is no truth value": (swap('clause = "3",', 'clause = "3", reading = "yes",'), "start.begins.reading", "boolean"),
    "a country that is none": (swap("[start]", '[user_data]\nprocessed_in = { value = "XX", clause = "7", says = "It is processed there" }\n[start]'), "user_data.processed_in.value", "ISO 3166"),
    "half a priority": (swap('count = { value = 4, clause = "8", says = "Four" }\n', ""), "support.priorities.P1.count", "missing"),
}  # fmt: skip


def shelve(folder: Path, text: str, name: str = "acme/2020-01-01.toml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return folder


def test_the_sheet_they_are_made_from_is_good(tmp_path: Path) -> None:
    assert Book.load(shelve(tmp_path, GOOD)).newest("acme").id == "acme/2020-01-01"


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_sheet_is_refused_with_file_key_and_reason(tmp_path: Path, fault: str) -> None:
    change, key, reason = BROKEN[fault]
    with pytest.raises(SheetError) as refused:
        Book.load(shelve(tmp_path, change(GOOD)))
    found = [problem for problem in refused.value.problems if problem.key == key]
    assert found, refused.value
    assert "acme/2020-01-01.toml" in found[0].file
    assert reason in found[0].reason


def test_every_fault_is_named_not_just_the_first(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as refused:
        Book.load(shelve(tmp_path, swap("value = 12", "value = 0")(swap('"EUR"', '"EUX"')(GOOD))))
    assert [problem.key for problem in refused.value.problems] == ["currency.value", "period.default_months.value"]
    assert str(refused.value).count("\n") == 1


def version(start: str, until: str | None) -> str:
    return GOOD.replace("from = 2020-01-01", f"from = {start}" + (f"\nuntil = {until}" if until else ""))


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (version("2020-01-01", None), version("2021-01-01", None), "still in force on 2021-01-01"),
        (version("2020-01-01", "2021-01-01"), version("2021-01-01", None), "still in force on 2021-01-01"),
        (version("2020-01-01", "2020-12-30"), version("2021-01-01", None), "no sheet is in force between 2020-12-30 and 2021-01-01"),
    ],
)  # fmt: skip
def test_two_sheets_for_a_day_and_a_day_without_one_are_refused(
    tmp_path: Path, first: str, second: str, reason: str
) -> None:
    shelve(tmp_path, second, "acme/2021-01-01.toml")
    with pytest.raises(SheetError, match=reason):
        Book.load(shelve(tmp_path, first))


def test_versions_that_follow_each_other_tile_the_years(tmp_path: Path) -> None:
    shelve(tmp_path, version("2021-01-01", None), "acme/2021-01-01.toml")
    book = Book.load(shelve(tmp_path, version("2020-01-01", "2020-12-31")))
    assert book.sheet_for("acme", date(2020, 12, 31)).id == "acme/2020-01-01"
    assert book.sheet_for("acme", date(2021, 1, 1)).id == book.newest("acme").id == "acme/2021-01-01"
    assert [sheet.id for sheet in book.versions("acme")] == ["acme/2020-01-01", "acme/2021-01-01"]
    assert book.sheet("acme/2020-01-01").until == date(2020, 12, 31)
    with pytest.raises(KeyError, match="no sheet in force on 2019-12-31"):
        book.sheet_for("acme", date(2019, 12, 31))


def test_a_file_bears_the_name_of_its_vendor_and_date(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"must be named acme/2020-01-01\.toml"):
        Book.load(shelve(tmp_path, GOOD, "acme/2020-02-01.toml"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    shelve(tmp_path, GOOD)
    (tmp_path / "acme/2020-01-01.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SheetError, match="not TOML"):
        Book.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no such folder"):
        Book.load(tmp_path / "nowhere")


def test_an_operators_copy_takes_the_place_of_the_products_own(tmp_path: Path) -> None:
    """So a version that the product ships without end can be ended, and the next one added."""
    ours = shelve(tmp_path / "ours", version("2020-01-01", None))
    theirs = shelve(tmp_path / "theirs", version("2020-01-01", "2026-12-31"))
    shelve(theirs, version("2027-01-01", None), "acme/2027-01-01.toml")
    book = Book.load(ours, theirs)
    assert [(sheet.id, sheet.until) for sheet in book] == [
        ("acme/2020-01-01", date(2026, 12, 31)),
        ("acme/2027-01-01", None),
    ]
    (theirs / "acme/2020-01-01.toml").unlink()
    with pytest.raises(SheetError, match="still in force on 2027-01-01"):
        Book.load(ours, theirs)


def test_the_book_in_use_has_the_sheets_of_the_folders_that_were_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_folders", list(shelves._folders))
    before = shelves.book().vendors()
    shelves.add_folder(shelve(tmp_path, GOOD))
    try:
        assert set(shelves.book().vendors()) == {*before, "acme"}
    finally:
        shelves.book.cache_clear()
