"""Files that no row names, left by something that failed: a day finds them, and a later one disposes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from accounts.files import unnamed
from accounts.models import KeptRecord, LooseFile
from accounts.services.strays import keep


def loose_files(day: date) -> list[str]:
    """The names of files that no row names, of which no day has taken note yet."""
    found = unnamed(day)
    noted = set(LooseFile.objects.filter(file__in=found).values_list("file", flat=True)) if found else set()
    return [name for name in found if name not in noted]


def note_loose_files(names: Iterable[str], *, vendor: str, day: date, at: datetime) -> int:
    """Takes note of files that no row names, and sets the day on which each goes; returns how many are new."""
    new = 0
    for name in names:
        loose, is_new = LooseFile.objects.get_or_create(file=name, defaults={"seen_on": day})
        keep(loose, retention=KeptRecord.Retention.FILE, came_on=day, at=at, vendor=vendor)
        new += is_new
    return new
