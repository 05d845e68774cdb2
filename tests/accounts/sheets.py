"""Term sheets for cases that no vendor's contract has."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from backoffice.terms.book import SHEETS
from backoffice.terms.sheet import Sheet, parse_sheet


def changed(vendor: str, section: str, **values: Any) -> Sheet:
    """A vendor's sheet with other values in one section; None takes a term out."""
    file: Path = max((SHEETS / vendor).glob("*.toml"))
    raw = tomllib.loads(file.read_text())
    for key, value in values.items():
        if value is None:
            del raw[section][key]
        else:
            raw[section][key] = {"value": value, "clause": "X 1", "says": "Changed"}
    return parse_sheet(raw, "changed")
