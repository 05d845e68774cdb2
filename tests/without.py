"""A pytest plugin that takes one unique key away from the database before it is made: what rests on it has to fail.

`WITHOUT="accounts.Notice: obligation" pytest -p tests.without --nomigrations …`
"""

from __future__ import annotations

import os

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    place, _, name = os.environ["WITHOUT"].partition(": ")
    model = apps.get_model(place)
    kept = [one for one in model._meta.constraints if one.name != name]
    if len(kept) < len(model._meta.constraints):
        model._meta.constraints = kept
        return
    field = model._meta.get_field(name)
    if not getattr(field, "unique", False):
        raise pytest.UsageError(f"{place} has no unique key {name}")
    field._unique = False
    field.__dict__.pop("unique", None)  # which may have been asked for, and kept, already


def is_unique_key(place: str, name: str) -> bool:
    """Whether a model has a unique field or a constraint of this name."""
    meta = apps.get_model(place)._meta
    fields = {field.name for field in meta.get_fields() if getattr(field, "unique", False)}
    return name in fields | {one.name for one in meta.constraints if isinstance(one, UniqueConstraint)}
