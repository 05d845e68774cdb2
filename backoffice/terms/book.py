"""The book of terms: every version of every contract, checked as a whole before anything may use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from .sheet import Problem, Sheet, SheetError, read_sheet

SHEETS = Path(__file__).parent / "sheets"


class Book:
    """Sheets by vendor, oldest first; each day between a vendor's first and last has exactly one."""

    def __init__(self, sheets: Iterable[tuple[str, Sheet]]) -> None:
        shelves: dict[str, list[tuple[str, Sheet]]] = defaultdict(list)
        for file, sheet in sheets:
            shelves[sheet.vendor].append((file, sheet))
        problems: list[Problem] = []
        self._shelves: dict[str, list[Sheet]] = {}
        for vendor, shelf in sorted(shelves.items()):
            shelf.sort(key=lambda entry: entry[1].from_)
            problems += _breaks(shelf)
            self._shelves[vendor] = [sheet for _, sheet in shelf]
        if problems:
            raise SheetError(problems)
        self._by_id = {sheet.id: sheet for shelf in self._shelves.values() for sheet in shelf}

    @classmethod
    def load(cls, *folders: Path) -> Book:
        """The book of all ``<folder>/<vendor>/<from date>.toml``; SheetError names every file, key and reason.

        A file in a later folder takes the place of the one of the same vendor and date in an earlier folder: so an
        operator ends a version that the product ships, by a copy of it that says until when, and adds the next.
        """
        sheets: list[tuple[str, Sheet]] = []
        files: dict[tuple[str, str], Path] = {}
        problems: list[Problem] = []
        for folder in folders:
            if not folder.is_dir():
                problems.append(Problem(str(folder), "", "there is no such folder of term sheets"))
            files |= {(file.parent.name, file.name): file for file in sorted(folder.glob("*/*.toml"))}
        for file in files.values():
            try:
                sheets.append((str(file), read_sheet(file)))
            except SheetError as error:
                problems += error.problems
        if problems:
            raise SheetError(problems)
        return cls(sheets)

    def vendors(self) -> list[str]:
        return list(self._shelves)

    def __contains__(self, vendor: object) -> bool:
        return vendor in self._shelves

    def versions(self, vendor: str) -> list[Sheet]:
        """All versions of a vendor's sheet, oldest first; KeyError for an unknown vendor."""
        return self._shelves[vendor]

    def newest(self, vendor: str) -> Sheet:
        return self._shelves[vendor][-1]

    def sheet(self, sheet_id: str) -> Sheet:
        """The version named ``<vendor>/<from date>``; KeyError where there is none."""
        return self._by_id[sheet_id]

    def sheet_for(self, vendor: str, on: date) -> Sheet:
        """The version in force on a day; KeyError where there is none."""
        for sheet in self._shelves[vendor]:
            if sheet.in_force(on):
                return sheet
        raise KeyError(f"{vendor} has no sheet in force on {on}")

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._by_id.values())


def _breaks(shelf: list[tuple[str, Sheet]]) -> list[Problem]:
    """Where the versions of one vendor, sorted by date, overlap or leave a gap."""
    problems = []
    for (_, earlier), (file, later) in pairwise(shelf):
        if earlier.until is None or earlier.until >= later.from_:
            problems.append(Problem(file, "from", f"{earlier.id} is still in force on {later.from_}"))
        elif earlier.until + timedelta(days=1) != later.from_:
            problems.append(Problem(file, "from", f"no sheet is in force between {earlier.until} and {later.from_}"))
    return problems


_folders = [SHEETS]


def add_folder(folder: Path) -> None:
    """Adds a folder of an operator's own sheets to the book; SheetError at the next look into it if they are broken."""
    _folders.append(folder)
    book.cache_clear()


@cache
def book() -> Book:
    """The book in use: the product's own sheets and those of the folders that were added."""
    return Book.load(*_folders)
