"""All rows of the books, made comparable: two databases are equal when these are."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Model

from backoffice.discovery import house_apps


def all_rows() -> dict[str, list[dict[str, str]]]:
    """Every row of every table of ours, by table and in an order of its own, but for surrogate ids and the moments and
    durations that a clock on the wall gave."""
    kinds = [kind for kind in apps.get_models() if kind._meta.app_config and kind._meta.app_config.name in house_apps()]
    return {kind._meta.label: sorted((_row(one) for one in kind._default_manager.all()), key=str) for kind in kinds}


def _row(one: Model) -> dict[str, str]:
    row: dict[str, Any] = {}
    for field in one._meta.concrete_fields:
        if not field.primary_key and not isinstance(field, DateTimeField) and field.name != "seconds":
            row[field.name] = str(field.value_from_object(one))
    return row
