"""How the things that a day made are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

Item = tuple[str, str]


def rows_of(words: str, rows: QuerySet[Any], limit: int, tell: Callable[[Any], Item]) -> Iterator[Any]:
    if count := rows.count():
        yield words, count, [tell(row) for row in rows[:limit]]
