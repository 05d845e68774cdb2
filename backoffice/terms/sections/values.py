"""The kinds of values a term can hold, as TOML writes them, and the words a page shows a term by."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import holidays
from pydantic import AfterValidator, BeforeValidator, Field

from ..calendar import time_zones
from ..facts import COUNTRIES, CURRENCIES

# As many digits as the facts of a question may have, so that sums of both stay exact.
DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?")


def label(words: str, **kwargs: Any) -> Any:
    """A term with the words that name it on a page; the unit stands in them."""
    return Field(title=words, **kwargs)


def optional(words: str) -> Any:
    """A term that a contract may be silent on."""
    return Field(title=words, default=None)


def _decimal(value: Any) -> Decimal:
    if type(value) is str and DECIMAL.fullmatch(value):
        return Decimal(value)
    raise ValueError('a decimal is written as a string of digits, such as "0.22"')


def _clock_time(value: Any) -> time:
    if type(value) is time:
        return value
    raise ValueError("a time of day is written as 09:00:00")


def _known_zone(value: str) -> str:
    if value not in time_zones():
        raise ValueError("no such time zone")
    ZoneInfo(value)
    return value


def _known_currency(value: str) -> str:
    if value not in CURRENCIES:
        raise ValueError("no such currency in ISO 4217")
    return value


def _known_country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError("no such country in ISO 3166")
    return value


def _known_holidays(value: str) -> str:
    country, _, part = value.partition("-")
    supported = holidays.list_supported_countries()
    if value and (country not in supported or (part and part not in supported[country])):
        raise ValueError("no public holidays are known for this country or part of one")
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
"""An amount, a share (0.22 is 22%) or a percentage, as a string of digits."""
Whole = Annotated[int, Field(ge=0, le=100_000)]
AtLeastOne = Annotated[int, Field(ge=1, le=100_000)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[str, AfterValidator(_known_zone)]
CurrencyCode = Annotated[str, AfterValidator(_known_currency)]
CountryCode = Annotated[str, AfterValidator(_known_country)]
HolidayCode = Annotated[str, AfterValidator(_known_holidays)]
Listed = BeforeValidator(lambda value: tuple(value) if type(value) is list else value)
"""TOML has arrays, a frozen sheet has tuples."""
