"""All data on a person as one archive: a file for each kind of thing, the letters and texts, and what each file is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField

from accounts.models import EndUser, PersonKey, Subscription
from accounts.services.persons import rows_of
from backoffice.privacy import Holding, holdings
from backoffice.terms.words import day_words, listed

INDEX = "index.txt"
OUTSIDE = (
    "Not in this archive: mail that has left the house lies with the mail servers that carried it; "
    "what the services themselves hold (mailboxes, backups) lies with their vendors."
)


def export_person(*, subject: Any, at: datetime) -> bytes:
    """The archive, a ZIP file, of all that is held of a person, whichever rows that is known by."""
    return export_rows(rows=rows_of(subject), at=at)


def export_rows(*, rows: Sequence[Any], at: datetime) -> bytes:
    """One archive of all that hangs on some rows that are one person."""
    buffer = BytesIO()
    lines = []
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for label, parts in _by_model(rows).items():
            found: dict[int, dict[str, Any]] = {}
            says = dict.fromkeys(holding.says for holding, _ in parts)
            for holding, subject in parts:
                for row in holding.model._base_manager.filter(holding.hangs[type(subject)](subject)).order_by("pk"):
                    found[row.pk] = {**_plain(row, holding.withheld), **found.get(row.pk, {})}
                    _add_files(archive, holding, row)
            if found:
                name = f"{label}.json"
                told = [found[key] for key in sorted(found)]
                archive.writestr(name, json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
                lines.append(f"{name} ({len(told)}): {' '.join(says)}")
        lines += [line for subject in rows for line in _sealed(subject)]
        archive.writestr(INDEX, _index(rows, lines, at))
    return buffer.getvalue()


def export_users(*, subscription: Subscription, at: datetime) -> bytes:
    """The archives of all users whom licences of a contract named, in one: what a customer is given back at the end."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        users = EndUser.objects.filter(assignments__licence__subscription=subscription).distinct()
        for user in users.order_by("pk").iterator():
            archive.writestr(f"user-{user.pk}.zip", export_person(subject=user, at=at))
    return buffer.getvalue()


def _by_model(rows: Iterable[Any]) -> dict[str, list[tuple[Holding, Any]]]:
    """What is declared of these kinds of persons, by the kind of row, each with whom it hangs on."""
    found: dict[str, list[tuple[Holding, Any]]] = {}
    for holding in holdings():
        for subject in rows:
            if type(subject) in holding.hangs:
                found.setdefault(holding.label, []).append((holding, subject))
    return found


def _plain(row: Any, withheld: Collection[str]) -> dict[str, Any]:
    """A row as its columns have it; files lie beside it in the archive, and what is somebody else's stays here."""
    return {
        field.attname: _file_name(row, field) if isinstance(field, FileField) else getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.get_internal_type() != "BinaryField" and field.name not in withheld
    }


def _file_name(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    return value.name or ""


def _add_files(archive: ZipFile, holding: Holding, row: Any) -> None:
    known = set(archive.namelist())
    for name, content in holding.documents(row) if holding.documents else ():
        path = f"{holding.label}/{name}"
        if path not in known:
            archive.writestr(path, content)
    for name in holding.columns:
        value = getattr(row, name)
        if hasattr(value, "storage") and value.name:
            with value.open("rb") as file:
                archive.writestr(f"{holding.label}/{row.pk}/{name}/{value.name.rpartition('/')[2]}", file.read())


def _sealed(subject: Any) -> list[str]:
    """What stays sealed after an erasure: until when and why, not what it says."""
    keys = PersonKey.objects.filter(subject=subject._meta.label_lower, subject_id=subject.pk, destroyed_on=None)
    return [f"Sealed until {day_words(key.keep_until)} ({key.basis}): {key.records.count()} rows." for key in keys]


def _index(rows: Sequence[Any], lines: list[str], at: datetime) -> str:
    who = listed([f"{one._meta.verbose_name} {one.pk}" for one in rows])
    head = f"What {settings.OPERATOR_NAME} holds of {who}, at {at:%Y-%m-%d %H:%M %Z}."
    body = lines or ["Nothing."]
    folders = "Letters, texts and uploads lie in the folder named like the file that lists them."
    return "\n\n".join([head, *body, folders, OUTSIDE]) + "\n"
