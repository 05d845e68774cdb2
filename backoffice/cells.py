"""Cells of files that somebody opens in a spreadsheet, which would take some texts for formulas."""

from __future__ import annotations

import unicodedata

# What a spreadsheet takes for the beginning of a formula, or skips before one.
BEGINS_FORMULA = frozenset("=+-@\t\r\n")


def plain_cell(text: str) -> str:
    """A text that stays a text: one that would begin a formula, in full-width letters too, gets an apostrophe."""
    first = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\ufeff"))[:1]
    return f"'{text}" if first in BEGINS_FORMULA and first else text
