"""The store of files and the rows that name them are the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.files import columns, unnamed
from backoffice.verify import check


@check("Every file that a row names is there")
def missing(at: datetime) -> Iterator[str]:
    for rows, column in columns():
        storage = rows.model._meta.get_field(column).storage
        for key, name in rows.order_by("pk").values_list("pk", column).iterator():
            if not storage.exists(name):
                yield f"{rows.model._meta.verbose_name} {key}: its file {name} is missing"


@check("Every file in the store is named by a row")
def orphaned(at: datetime) -> Iterator[str]:
    """Files that are younger than a day may have their row still to come."""
    for name in unnamed(at.date()):
        yield f"{name}: no row names this file"
