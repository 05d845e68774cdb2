"""The one way by which data of persons leaves the books, whatever the reason: erasure, retention, the end of a
contract, the age of a backup, the end of a key.

First a copy, encrypted, goes to whoever is registered to preserve such things; then the data is disposed of, and a row
says how much of what went, and why. The copy is made whether or not anybody is registered, and a preserver that fails
looks like a database that fails. So whether there is one changes nothing that anybody can see.
"""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import FileField, Model

from accounts.models import Disposal, PersonKey, SealedRecord, User
from backoffice import sealed
from backoffice.privacy import Holding

BATCH = 500


class DisposalFailed(Exception):
    """Nothing was disposed of; the same disposal may be tried again."""


class Copy(NamedTuple):
    """What is about to leave: the contents of one row's columns, sealed under a key that is wrapped by the house's.

    ``model`` and ``row`` say where they stood; what lies outside the books has the name of its kind and no contents.
    """

    model: str
    row: int
    house_key: str
    wrapped: bytes
    sealed: bytes
    place: str


class Part(NamedTuple):
    """Which columns of which person's rows, and the key under which something keeps them; None where nothing does."""

    holding: Holding
    person: Model
    key: PersonKey | None = None


class Found(NamedTuple):
    """A row that holds something, and what."""

    row: Any
    part: Part
    contents: dict[str, Any]


Preserver = Callable[[Sequence[Copy]], None]

_preservers: list[Preserver] = []


def register(preserver: Preserver) -> Preserver:
    """Lets a preserver see an encrypted copy of all that leaves, in the transaction in which it does."""
    _preservers.append(preserver)
    return preserver


def dispose(
    *,
    kind: Disposal.Kind,
    basis: str,
    on: date,
    at: datetime,
    parts: Iterable[Part] = (),
    keys: Sequence[PersonKey] = (),
    outside: Mapping[str, Sequence[int]] | None = None,
    because: Sequence[Mapping[str, Any]] = (),
    vendor: str = "",
    sheet: str = "",
) -> Disposal:
    """Disposes of data and says so, all or nothing; DisposalFailed where it could not.

    ``parts`` are what is held of persons, ``keys`` are destroyed with all that they seal. ``outside`` tells of what is
    kept outside the books (backups of a service), by its kind and the numbers of the rows that it is about.
    """
    try:
        with transaction.atomic():
            parts = list(parts)
            found = _each_once(each for part in parts for each in _found(part))
            records = _locked_records(keys)
            _hand_over(found, records, outside or {})
            _seal(found, at)
            counts = _clear_log(parts)
            counts += _clear(found)
            counts += _destroy(keys, records, on)
            counts.update({name: len(rows) for name, rows in (outside or {}).items()})
            return Disposal.objects.create(
                kind=kind,
                basis=basis,
                vendor=vendor,
                sheet=sheet,
                because=list(because),
                counts=dict(sorted(counts.items())),
                disposed_on=on,
                created_at=at,
            )
    except Exception:  # noqa: BLE001  # whatever it was, the caller hears of it
        # Not a word of what failed: it could be the preserver, of which nobody is to know.
        raise DisposalFailed("nothing could be disposed of; it may be tried again") from None


def _each_once(found: Iterable[Found]) -> list[Found]:
    """A row that hangs on several persons goes with the first of them."""
    first: dict[tuple[str, int, tuple[str, ...]], Found] = {}
    for each in found:
        first.setdefault((each.part.holding.label, each.row.pk, tuple(each.part.holding.columns)), each)
    return list(first.values())


def _found(part: Part) -> list[Found]:
    """The rows, locked, whose columns hold anything beyond their neutral words."""
    holding = part.holding
    rows = holding.model._base_manager.filter(holding.hangs[type(part.person)](part.person))
    found = []
    for row in rows.order_by("pk").select_for_update(of=("self",)):
        neutral = holding.neutral(row)
        contents = {name: getattr(row, name) for name in neutral if _plain(row, name) != neutral[name]}
        if contents:
            found.append(Found(row, part, {name: content(value) for name, value in contents.items()}))
    return found


def _plain(row: Any, name: str) -> Any:
    """The value as the column has it: of a file its name."""
    value = getattr(row, name)
    if isinstance(row._meta.get_field(name), FileField):
        return value.name or ""
    return bytes(value) if isinstance(value, memoryview) else value


def content(value: Any) -> Any:
    """A column's value for JSON: bytes and the contents of files in base 64; of a file that is lost its name only."""
    if hasattr(value, "storage"):
        try:
            with value.open("rb") as file:
                return {"file": value.name, "base64": base64.b64encode(file.read()).decode()}
        except FileNotFoundError:
            return {"file": value.name, "base64": None}
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return value


def as_bytes(contents: Mapping[str, Any]) -> bytes:
    """What is sealed of a row."""
    return json.dumps(contents, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _locked_records(keys: Sequence[PersonKey]) -> list[SealedRecord]:
    rows = SealedRecord.objects.filter(key__in=[key.pk for key in keys]).select_related("key")
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def key_of(key: PersonKey) -> bytes:
    """A person's key, unwrapped; sealed.NotOpened once it is destroyed."""
    return sealed.unwrap_key(key.house_key, bytes(key.wrapped), key.place)


def opened_record(record: SealedRecord) -> dict[str, Any]:
    """What a sealed record holds; sealed.NotOpened once its key is destroyed."""
    contents: dict[str, Any] = json.loads(sealed.opened(bytes(record.sealed), key_of(record.key), record.place))
    return contents


def _hand_over(found: Iterable[Found], records: Iterable[SealedRecord], outside: Mapping[str, Sequence[int]]) -> None:
    """Makes the copy, and gives it to whoever is registered; made in any case, so that it takes as long either way."""
    key, bundle = sealed.new_key(), f"preserved copy/{uuid4()}"
    name, wrapped = sealed.wrap_key(key, bundle)

    def copy(model: str, row: int, contents: Mapping[str, Any]) -> Copy:
        place = f"{bundle}/{model}/{row}"
        return Copy(model, row, name, wrapped, sealed.seal(as_bytes(contents), key, place), place)

    copies = [copy(each.part.holding.label, each.row.pk, each.contents) for each in found]
    copies += [copy(record.model, record.row, opened_record(record)) for record in records]
    copies += [copy(kind, row, {}) for kind, rows in outside.items() for row in rows]
    for preserver in _preservers:
        preserver(copies)


def _seal(found: Iterable[Found], at: datetime) -> None:
    """Keeps under the person's key what something keeps: one sealed record for each key and row."""
    kept: dict[tuple[PersonKey, str, int], dict[str, Any]] = defaultdict(dict)
    for each in found:
        if each.part.key is not None:
            kept[each.part.key, each.part.holding.label, each.row.pk] |= each.contents
    plain_keys = {key: key_of(key) for key, _, _ in kept}
    records = [
        (SealedRecord(key=key, model=model, row=row, sealed_at=at), contents)
        for (key, model, row), contents in kept.items()
    ]
    for record, contents in records:
        record.sealed = sealed.seal(as_bytes(contents), plain_keys[record.key], record.place)
    SealedRecord.objects.bulk_create(
        [record for record, _ in records],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["key", "model", "row"],
        update_fields=["sealed", "sealed_at"],
    )


def _clear(found: Iterable[Found]) -> Counter[str]:
    """Puts the neutral words in place of what was held, and takes it out of the staff's log and from the disk."""
    by_holding: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    for each in found:
        by_holding[(each.part.holding.label, *each.part.holding.columns)].append(each)
    counts: Counter[str] = Counter()
    for (label, *columns), those in by_holding.items():
        rows = [each.row for each in those]
        for row, holding in ((each.row, each.part.holding) for each in those):
            _forget_files(row, columns)
            for name, value in holding.neutral(row).items():
                setattr(row, name, value)
        type(rows[0])._base_manager.bulk_update(rows, columns, batch_size=BATCH)
        counts[label] += len(rows)
        if isinstance(rows[0], User):
            _sign_out(rows)
    return counts


def _forget_files(row: Any, columns: Iterable[str]) -> None:
    """Deletes the row's files once it is certain that nothing refers to them any more."""
    for name in columns:
        value = getattr(row, name)
        if hasattr(value, "storage") and value.name:
            transaction.on_commit(partial(value.storage.delete, value.name))


def _clear_log(parts: Iterable[Part]) -> Counter[str]:
    """What the staff's log of changes says of the rows: that something changed stays, what and whose it was goes."""
    counts: Counter[str] = Counter()
    for holding, person, _ in parts:
        kind = ContentType.objects.get_for_model(holding.model)
        rows = holding.model._base_manager.filter(holding.hangs[type(person)](person)).values_list("pk", flat=True)
        said = f"Erased {kind.name}"
        for some in _batched(rows.iterator(), BATCH):
            entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in some])
            entries = entries.exclude(object_repr=said, change_message="")
            counts[LogEntry._meta.label_lower] += entries.update(object_repr=said, change_message="")
    return +counts


def _batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """The keys in lists of so many."""
    some = iter(keys)
    while found := list(islice(some, size)):
        yield found


def _sign_out(users: Sequence[Model]) -> None:
    """Ends every session of theirs; a session says whose it is only once it is read."""
    gone = {str(user.pk) for user in users}
    keys = [one.pk for one in Session.objects.iterator() if str(one.get_decoded().get(SESSION_KEY)) in gone]
    Session.objects.filter(pk__in=keys).delete()


def _destroy(keys: Sequence[PersonKey], records: Sequence[SealedRecord], on: date) -> Counter[str]:
    """Destroys keys, and blanks what they seal: neither the bytes nor the way to read them is left."""
    SealedRecord.objects.filter(pk__in=[record.pk for record in records]).update(sealed=b"")
    PersonKey.objects.filter(pk__in=[key.pk for key in keys]).update(wrapped=b"", destroyed_on=on)
    counts = Counter({PersonKey._meta.label_lower: len(keys), SealedRecord._meta.label_lower: len(records)})
    return +counts
