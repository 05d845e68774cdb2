"""Prints the book of terms, compares two versions of a contract, and checks a new sheet before it is put in force."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backoffice.commands import ExampleCommand
from backoffice.terms.book import Book, book
from backoffice.terms.difference import Change, difference
from backoffice.terms.sheet import Place, Problem, Sheet, SheetError, read_sheet, sections
from backoffice.terms.term import Term
from backoffice.terms.words import day_words, value_words

EXAMPLE = """\
examples:
  python manage.py terms list                     every version of every contract
  python manage.py terms show VENDOR              the newest sheet of a vendor
  python manage.py terms show VENDOR/2026-01-01   the version that began on that day
  python manage.py terms on 2026-03-31            the sheets in force on a day
  python manage.py terms difference VENDOR/2026-01-01 VENDOR/2027-01-01
  python manage.py terms check new/VENDOR/2027-01-01.toml

Every one takes --json. `check` reads files as if they already stood in the book, and takes the place of a version
that is there: give the old version, with its new last day, and the new one together.
"""


class Command(ExampleCommand):
    help = "Show, compare and check the sheets of the book of terms."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def examples(self) -> str:
        return EXAMPLE

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

        def verb(name: str, words: str, do: Callable[..., None]) -> CommandParser:
            added: CommandParser = verbs.add_parser(name, help=words, description=words)
            added.add_argument("--json", action="store_true", help="one JSON document for a program to read")
            added.set_defaults(do=do)
            return added

        verb("list", "every version of every contract", self.list_sheets)
        verb("show", "print a sheet", self.show_sheet).add_argument(
            "sheet", help="VENDOR, or VENDOR/DATE for one version"
        )
        on = verb("on", "print the sheets in force on a day", self.show_day)
        on.add_argument("day", type=date.fromisoformat, help="YYYY-MM-DD")
        on.add_argument("--vendor", help="only this vendor's sheet")
        compared = verb("difference", "what one version changed in another, clause by clause", self.compare)
        compared.add_argument("old", help="VENDOR/DATE")
        compared.add_argument("new", help="VENDOR/DATE")
        checked = verb("check", "check sheets before they are put in force", self.check_files)
        checked.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            options["do"](**options)
        except SheetError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            sys.exit(1)
        except BrokenPipeError:
            # Whoever read us, such as `head`, has seen enough; what is left in the buffer goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def list_sheets(self, *, json: bool, **_options: Any) -> None:
        if json:
            return self.print_json([head_json(sheet) for sheet in book()])
        for sheet in book():
            self.stdout.write(f"{sheet.id}  {force_words(sheet)}  {sheet.name}: {sheet.contract}")
        return None

    def show_sheet(self, *, sheet: str, json: bool, **_options: Any) -> None:
        found = find_sheet(book(), sheet)
        if json:
            return self.print_json(sheet_json(found))
        return self.print_sheet(found)

    def show_day(self, *, day: date, vendor: str | None, json: bool, **_options: Any) -> None:
        if vendor is not None and vendor not in book().vendors():
            raise CommandError(f"there is no vendor {vendor}; there are {', '.join(book().vendors())}")
        found = [sheet for sheet in book() if sheet.in_force(day) and vendor in (None, sheet.vendor)]
        if json:
            return self.print_json([sheet_json(sheet) for sheet in found])
        for sheet in found:
            self.print_sheet(sheet)
        if not found:
            raise CommandError(f"no sheet is in force on {day_words(day)}")
        return None

    def compare(self, *, old: str, new: str, json: bool, **_options: Any) -> None:
        before, after = find_sheet(book(), old), find_sheet(book(), new)
        changes = difference(before, after)
        if json:
            found = [change_json(change) for change in changes]
            return self.print_json({"old": before.id, "new": after.id, "changes": found})
        self.stdout.write(f"From {before.id} to {after.id}: {count_words(changes)}")
        for change in changes:
            self.stdout.write(f"\n{change.kind}  {': '.join(change.labels)}  ({change.key})")
            if change.old is not None:
                self.stdout.write(f"  was  {term_words(change.old, change.labels[-1])}")
            if change.new is not None:
                self.stdout.write(f"  now  {term_words(change.new, change.labels[-1])}")
        return None

    def check_files(self, *, files: list[Path], json: bool, **_options: Any) -> None:
        sheets, problems = examine(files)
        if json:
            self.print_json([problem._asdict() for problem in problems])
            if problems:
                sys.exit(1)
        elif problems:
            raise SheetError(problems)
        else:
            for file, sheet in sheets:
                self.stdout.write(f"{file}: sound; {sheet.id}, {len(list(sheet.places()))} terms")

    def print_json(self, found: Any) -> None:
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))

    def print_sheet(self, sheet: Sheet) -> None:
        self.stdout.write(f"{sheet.id}  {sheet.name}: {sheet.contract}\nIn force {force_words(sheet)}.")
        if sheet.undated:
            self.stdout.write(sheet.undated)
        for section, places in groupby(sheet.places(), key=lambda place: place.labels[:-1]):
            self.stdout.write(f"\n{': '.join(section) or 'The contract'}")
            for place in places:
                self.stdout.write(f"  {place.labels[-1]}: {term_words(place.term, place.labels[-1])}")
        silent = [words for key, words in sections().items() if key not in sheet.sections]
        self.stdout.write(f"\nSilent on: {', '.join(silent) or 'nothing'}\n")


def examine(files: list[Path]) -> tuple[list[tuple[str, Sheet]], list[Problem]]:
    """The sheets in the files and what is wrong with them: each must be sound, and fit in with the vendor's others."""
    sheets: list[tuple[str, Sheet]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            sheets.append((str(file), read_sheet(file)))
        except FileNotFoundError:
            raise CommandError(f"{file}: there is no such file") from None
        except SheetError as error:
            problems += error.problems
    if problems:
        return sheets, problems
    brought = {sheet.id for _, sheet in sheets}
    try:
        Book([*((other.id, other) for other in book() if other.id not in brought), *sheets])
    except SheetError as error:
        return sheets, error.problems
    return sheets, []


def find_sheet(shelf: Book, name: str) -> Sheet:
    """The sheet that VENDOR or VENDOR/DATE names; CommandError says which there are."""
    if name in shelf.vendors():
        return shelf.newest(name)
    try:
        return shelf.sheet(name)
    except KeyError:
        known = ", ".join(sheet.id for sheet in shelf)
        raise CommandError(f"there is no sheet {name}; there are {known}") from None


def force_words(sheet: Sheet) -> str:
    until = f"until {day_words(sheet.until)}" if sheet.until else "without end"
    return f"from {day_words(sheet.from_)} {until}"


def term_words(term: Term[Any], label: str) -> str:
    marks = [term.clause, *(["our reading"] if term.reading else []), *(["display only"] if term.display else [])]
    return f"{value_words(term.value, label)}  [{', '.join(marks)}]  {term.says}"


def count_words(changes: list[Change]) -> str:
    if not changes:
        return "nothing differs"
    kinds = [change.kind for change in changes]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def head_json(sheet: Sheet) -> dict[str, Any]:
    until = sheet.until.isoformat() if sheet.until else None
    return {
        "sheet": sheet.id,
        "name": sheet.name,
        "contract": sheet.contract,
        "from": sheet.from_.isoformat(),
        "until": until,
        "undated": sheet.undated,
    }


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    return {**head_json(sheet), "terms": [place_json(place) for place in sheet.places()]}


def place_json(place: Place) -> dict[str, Any]:
    return {"key": place.key, "label": ": ".join(place.labels), **term_json(place.term)}


def term_json(term: Term[Any]) -> dict[str, Any]:
    return term.model_dump(mode="json")


def change_json(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "label": ": ".join(change.labels),
        "kind": change.kind,
        "old": term_json(change.old) if change.old else None,
        "new": term_json(change.new) if change.new else None,
    }
