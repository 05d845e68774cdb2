"""Lists for programs, page by page: each page begins after the last row of the one before, and nothing is counted."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
ON_A_PAGE, MOST_ON_A_PAGE = 50, 200


class KeysetPage(NamedTuple):
    """The rows of a page, and the key after which the next one begins; None on the last."""

    rows: list[Any]
    after: int | None


def keyset_page(rows: QuerySet[Row], *, after: int, limit: int) -> KeysetPage:
    """So many rows after a primary key, in its order."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    listed = found[:limit]
    return KeysetPage(listed, listed[-1].pk if len(found) > limit else None)
