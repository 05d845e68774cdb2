"""All rows of the books, made comparable: two databases are equal when these are."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, DateTimeField, Field, ForeignKey, Model, UniqueConstraint

from accounts.models import Disposal
from backoffice.discovery import house_apps
from billing.models import Invoice

Row = dict[str, str]
NUMBERS = "document numbers"
# What the books say of rows by their ids: PostgreSQL gives each once, also to who is killed before it is used.
BY_ID = re.compile(r"\b(Payment |allocation/|late/)\d+")


def all_rows() -> dict[str, list[Row]]:
    """Every row of every table of ours, by table and in an order of its own, but for surrogate ids and the moments and
    durations that a clock on the wall gave.

    Which document has which number is left to whoever comes first: a number is told by what it numbers, and all of them
    by themselves. What is encrypted never looks the same twice, and is told by its length.
    """
    kinds = [kind for kind in apps.get_models() if kind._meta.app_config and kind._meta.app_config.name in house_apps()]
    named: dict[tuple[type[Model], Any], str] = {}
    keys = dict(Invoice.objects.values_list("number", "key"))
    row = partial(_row, named, keys, re.compile("|".join(map(re.escape, keys)) or r"(?!)"))
    rows = {kind._meta.label: sorted(map(row, kind._base_manager.all()), key=str) for kind in kinds}
    return rows | {NUMBERS: [{"number": number} for number in sorted(keys)]}


def _row(named: dict[tuple[type[Model], Any], str], keys: dict[str, str], numbers: re.Pattern[str], one: Model) -> Row:
    row: Row = {}
    for field in one._meta.concrete_fields:
        if not field.primary_key and not isinstance(field, DateTimeField) and field.name != "seconds":
            value = numbers.sub(lambda number: keys[number.group()], _value(named, one, field))
            row[field.name] = BY_ID.sub(r"\1of some id", value)
    return row


def _value(named: dict[tuple[type[Model], Any], str], one: Model, field: Field[Any, Any]) -> str:
    value = field.value_from_object(one)
    if isinstance(field, BinaryField):
        return f"{len(value)} bytes"
    if isinstance(field, ForeignKey) and value is not None:
        return _name(named, field.related_model, value)  # type: ignore[arg-type]  # a class, once all apps are loaded
    return str(value)


def _name(named: dict[tuple[type[Model], Any], str], kind: type[Model], key: Any) -> str:
    """What tells a row from the others of its kind: what is unique of it, where that is not its id alone."""
    if (kind, key) not in named:
        own = [field for field in _own(kind) if field.name != "number"]
        one = kind._base_manager.get(pk=key) if own else None
        named[kind, key] = (
            f"{kind.__name__} " + " ".join(_value(named, one, field) for field in own) if one else str(key)
        )
    return named[kind, key]


def _own(kind: type[Model]) -> list[Field[Any, Any]]:
    """The columns of a model's first unique key that holds for all of its rows; of what a day makes and other rows then
    name, though nothing of it is unique, what it says."""
    if kind is Disposal:
        return [kind._meta.get_field(name) for name in ("kind", "basis", "counts", "disposed_on")]  # type: ignore[misc]
    fields: list[Field[Any, Any]] = [f for f in kind._meta.concrete_fields if f.unique and not f.primary_key]
    if fields:
        return fields
    keys = [one for one in kind._meta.constraints if isinstance(one, UniqueConstraint) and not one.condition]
    return [kind._meta.get_field(name) for name in keys[0].fields] if keys else []  # type: ignore[misc]
