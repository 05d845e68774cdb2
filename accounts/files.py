"""Uploaded files: as they leave the house, and which of those in the store a row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, QuerySet
from django.http import FileResponse
from django.utils.text import slugify

from accounts.models import ContractDocument, LooseFile

# A file is in the store before the transaction ends that makes its row; none takes as long as this.
UNNAMED_FOR = timedelta(days=1)


def download(document: ContractDocument) -> FileResponse:
    """The file, to be saved and never to be shown: what was uploaded must not run as a page of this site."""
    name = slugify(f"{document.title} {document.version}") or "contract"
    return FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=name + Path(document.file.name).suffix,
        content_type="application/octet-stream",
    )


def columns() -> Iterator[tuple[QuerySet[Any], str]]:
    """Every column that names files, with the rows that name one."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and model is not LooseFile:
                yield model._base_manager.filter(**{f"{field.name}__gt": ""}), field.name


def is_named(name: str) -> bool:
    """Whether a row names a file."""
    return any(rows.filter(**{column: name}).exists() for rows, column in columns())


def unnamed(day: date) -> list[str]:
    """The names of files that no row names, and that were last changed long enough before a day began."""
    stored = list(_stored(""))
    if not stored:
        return []
    named = {name for rows, column in columns() for name in rows.values_list(column, flat=True).iterator()}
    before = datetime.combine(day, time.min, UTC) - UNNAMED_FOR
    return sorted(name for name in stored if name not in named and _lay_there(name, before))


def _lay_there(name: str, before: datetime) -> bool:
    """Whether a file was last changed before a moment; another process may have taken it away since it was listed."""
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        return False


def _stored(folder: str) -> Iterator[str]:
    """The names of all files in the store."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _stored(f"{folder}{name}/")
