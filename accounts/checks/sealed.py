"""What is sealed can be read as long as it is kept, by its key alone, and not a day longer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.apps import apps

from accounts.disposal import as_bytes, content, opened_record
from accounts.models import IdentityDocument, SealedRecord
from backoffice.privacy import Neutral, holdings
from backoffice.sealed import NotOpened
from backoffice.verify import check

CHUNK = 500


@check("What an erasure has sealed opens by its key, or is destroyed with it")
def records(at: datetime) -> Iterator[str]:
    for record in _records():
        gone = record.key.destroyed_on is not None
        if gone and record.sealed:
            yield f"sealed record {record.pk}: its key is destroyed, and it is not"
        if not gone and _opened(record) is None:
            yield f"sealed record {record.pk}: it does not open by its key"


@check("What an erasure has sealed stands in the open no more")
def in_the_open(at: datetime) -> Iterator[str]:
    for model in SealedRecord.objects.order_by("model").values_list("model", flat=True).distinct():
        neutral, kept = _neutral(model), _records(model=model)
        while some := list(islice(kept, CHUNK)):
            rows = apps.get_model(model)._base_manager.in_bulk([record.row for record in some])
            for record in some:
                names = _still_said(rows.get(record.row), _opened(record) or {}, neutral)
                if names:
                    yield f"{model} {record.row}: its {', '.join(names)} is sealed and still stands in the open"


def _still_said(row: Any, sealed: dict[str, Any], neutral: dict[str, Neutral]) -> list[str]:
    """The columns in which a row says the very words that are sealed, where those are not the neutral ones."""
    said = {name: getattr(row, name) for name in sealed} if row is not None else {}
    kept = [name for name, value in said.items() if value != neutral[name](row)]
    return [name for name in kept if as_bytes({name: content(said[name])}) == as_bytes({name: sealed[name]})]


@check("Identity documents open and are as they were shown, or are gone")
def documents(at: datetime) -> Iterator[str]:
    for document in IdentityDocument.objects.exclude(file="").order_by("pk").iterator():
        try:
            shown = document.content()
        except FileNotFoundError:
            continue  # told by the check of files
        except NotOpened:
            yield f"identity document {document.pk}: it does not open by its key"
        else:
            if hashlib.sha256(shown).hexdigest() != document.sha256:
                yield f"identity document {document.pk}: it is not what was shown"


def _records(**which: Any) -> Iterator[SealedRecord]:
    rows = SealedRecord.objects.filter(**which).select_related("key").order_by("pk")
    yield from rows.iterator(chunk_size=CHUNK)


def _opened(record: SealedRecord) -> dict[str, Any] | None:
    try:
        return opened_record(record)
    except NotOpened:
        return None


def _neutral(model: str) -> dict[str, Neutral]:
    """What stands in each column of a kind of row once its person is erased."""
    return {name: says for one in holdings() if one.label == model for name, says in one.columns.items()}
