"""Plain words for days, amounts and lists, as they stand in sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

# How the product writes a code: "at_period_end" and "excessive-use" are such, "Europe/Paris" and "P0" are not.
CODE = re.compile(r"[a-z][a-z0-9_-]*")


def day_words(day: date) -> str:
    """``28 February 2026``."""
    return f"{day.day} {day:%B %Y}"


def moment_words(moment: datetime) -> str:
    """``8 April 2026 at 11:00 (UTC+01:00)``."""
    return f"{day_words(moment.date())} at {moment:%H:%M} ({moment.tzname()})"


def percent_words(share: Decimal) -> str:
    """A share of 0.075 as ``7.5%``."""
    return f"{(share * 100).normalize():f}%"


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 seat``, ``2 seats``; ``many`` where it is not ``one`` with an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def spoken(code: str) -> str:
    """A code of the interface or of a contract's list as words: ``late_claim`` is ``late claim``."""
    return code.replace("_", " ").replace("-", " ")


def value_words(value: Any, label: str) -> str:
    """The value of a term for people; ``label`` are the words that name it, which say whether it is a share."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return listed([value_words(item, label) for item in value]) if value else "none"
    if isinstance(value, Decimal):
        return percent_words(value) if "share" in label.lower() else f"{value:f}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return spoken(value) if isinstance(value, str) and CODE.fullmatch(value) else str(value)
