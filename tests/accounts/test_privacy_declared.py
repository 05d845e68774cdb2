"""Every column that could hold something of a person is declared, or listed with the reason why it holds nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import RequestFactory

from backoffice import discovery
from backoffice.privacy import NEVER_PERSONAL, holdings, never_personal
from tests import people

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
DISPOSAL = "accounts/disposal.py"


def columns() -> list[tuple[type[models.Model], Any]]:
    """Every column that could hold words, bytes or files, save where only words of a list can stand."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (*TEXTS, models.GenericIPAddressField)) and not field.choices
    ]


def declared() -> set[str]:
    return {f"{holding.label}.{column}" for holding in holdings() for column in holding.columns}


def test_every_column_is_declared_or_listed_as_holding_nothing_personal() -> None:
    known = declared() | set(never_personal())
    loose = [
        f"{model._meta.label_lower}.{field.name}"
        for model, field in columns()
        if f"{model._meta.label_lower}.{field.name}" not in known
        and field.name not in NEVER_PERSONAL
        and not field.name.endswith("_because")
    ]
    assert not loose, f"declare these in an exports module, or list them with the reason: {loose}"


def test_nothing_is_both_declared_and_listed_and_no_reason_is_empty() -> None:
    assert not declared() & set(never_personal())
    assert all(reason.strip() for reason in never_personal().values())


def test_what_is_listed_exists() -> None:
    there = {f"{model._meta.label_lower}.{field.name}" for model, field in columns()}
    assert not set(never_personal()) - there


def test_every_declared_column_exists() -> None:
    for holding in holdings():
        assert set(holding.columns) <= {field.name for field in holding.model._meta.get_fields()}


def files() -> list[Path]:
    rooms = [ROOT / app for app in discovery.house_apps()]
    return sorted(file for room in rooms for file in room.rglob("*.py") if "migrations" not in file.parts)


def test_nothing_is_deleted_but_by_the_one_function() -> None:
    """An overridden method may hand a deletion on to its parent: whoever calls it is found here too."""
    deletions = []
    for file in files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_parent = isinstance(node.func.value, ast.Call) and ast.unparse(node.func.value) == "super()"
                if node.func.attr in ("delete", "_raw_delete") and not of_parent:
                    deletions.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    elsewhere = [place for place in deletions if not place.startswith(DISPOSAL)]
    assert not elsewhere, "what leaves the books leaves by accounts.disposal.dispose"


@pytest.mark.django_db
def test_no_staff_page_deletes_a_row_that_holds_anything_of_a_person() -> None:
    request = RequestFactory().get("/")
    people.owner()
    request.user = people.who("owner")
    for model in {holding.model for holding in holdings() if holding.columns}:
        if admin.site.is_registered(model):
            assert not admin.site.get_model_admin(model).has_delete_permission(request), model
