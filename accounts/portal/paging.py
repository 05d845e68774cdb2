"""Long lists page by page: each page begins after the last row of the one before, so none costs more than the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
ON_A_PAGE = 50
# A key is a bigint; a longer number is no row's.
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page; ``next`` is what the next one begins after, and ``first`` tells that none stands before it."""

    rows: list[Row]
    next: int | None
    first: bool

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: QuerySet[Row], column: str = "", *, newest_first: bool = False) -> Page[Row]:
    """The page that the request asks for, in the order of a column, if one is named, and then of the key.

    Whoever asks for what comes after a row that is not theirs, or not there, begins at the beginning.
    """
    asked = request.GET.get("after", "")
    known = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER
    last = rows.filter(pk=int(asked)).first() if known else None
    if last is not None:
        rows = rows.filter(_beyond(last, column, "lt" if newest_first else "gt"))
    sign = "-" if newest_first else ""
    order = [f"{sign}{name}" for name in (column, "pk") if name]
    found = list(rows.order_by(*order)[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    return Page(shown, shown[-1].pk if len(found) > ON_A_PAGE else None, last is None)


def _beyond(last: Model, column: str, step: str) -> Q:
    if not column:
        return Q(**{f"pk__{step}": last.pk})
    value = getattr(last, column)
    after = Q(**{f"{column}__{step}": value}) | Q(**{column: value, f"pk__{step}": last.pk})
    # Says nothing that the rest does not; by it the database begins at the right place.
    return Q(**{f"{column}__{step}e": value}) & after
