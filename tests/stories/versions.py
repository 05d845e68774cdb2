"""A second version of a contract, to see what happens to those that were made under the first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import backoffice.terms.book as shelves


def second_version(
    folder: Path, monkeypatch: pytest.MonkeyPatch, vendor: str, from_on: date, changes: Mapping[str, Any]
) -> tuple[str, str]:
    """Adds a version of a vendor's contract in which some values (by their dotted place) are others; None takes a term
    away. Returns the names of the version before and of the new one."""
    folders = list(shelves._folders)
    # An operator's own copy of a sheet stands in a later folder, and takes the place of the product's.
    old = [file for place in folders for file in sorted(place.glob(f"{vendor}/*.toml"))][-1]
    text = old.read_text(encoding="utf-8")
    first = tomllib.loads(text)["from"]
    home = folder / vendor
    home.mkdir(parents=True, exist_ok=True)
    (home / old.name).write_text(
        text.replace(f"from = {first}", f"from = {first}\nuntil = {from_on - timedelta(days=1)}")
    )
    new = text.replace(f"from = {first}", f"from = {from_on}")
    for place, value in changes.items():
        new = _with(new, place, value)
    (home / f"{from_on}.toml").write_text(new)
    monkeypatch.setattr(shelves, "_folders", [*folders, folder])
    shelves.book.cache_clear()
    return f"{vendor}/{first}", f"{vendor}/{from_on}"


def _with(text: str, place: str, value: Any) -> str:
    """A sheet's text with another value at one place, line by line, as TOML has them."""
    section, _, name = place.rpartition(".")
    lines, inside, found = text.splitlines(), section == "", False
    for number, line in enumerate(lines):
        if line.startswith("["):
            inside = line.strip() == f"[{section}]"
        elif inside and line.startswith(f"{name} = "):
            before = tomllib.loads(line)[name]["value"]
            lines[number] = (
                "" if value is None else line.replace(f"value = {_toml(before)}", f"value = {_toml(value)}", 1)
            )
            found = True
    assert found, place
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
