"""What a day does with the store of files: it finds what no row names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.services.files import loose_files, note_loose_files
from backoffice import days


def files_to_note(days_: Mapping[str, date]) -> dict[str, int]:
    """The store is no vendor's: of the days that run together, one looks at it."""
    vendor = min(days_)
    found = len(loose_files(days_[vendor]))
    return {vendor: found} if found else {}


@days.job("Files that no row names are found", left=files_to_note)
def note_files(vendor: str, day: date, at: datetime) -> int:
    """Takes note of files that were left by something that failed; they go some days later."""
    return note_loose_files(loose_files(day)[: days.CHUNK], vendor=vendor, day=day, at=at)
