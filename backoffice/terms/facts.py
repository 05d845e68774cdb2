"""The kinds of facts a rule can ask for. Each reads JSON strictly, and takes the Python value itself from services."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

import pycountry
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY_AND_TIME = re.compile(r"[0-9W-]+T")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
AMOUNT = re.compile(r"[0-9]{1,15}(?:\.([0-9]+))?")
# Three digits before the point and twenty behind it hold every rate a bank publishes, and keep sums exact.
RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?")
EXCHANGE_RATE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,12})?")
# Beyond a thousand million nothing is a count of seats, months or people any more, but a slip of the keyboard.
MOST = 1_000_000_000

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
CURRENCIES = frozenset(currency.alpha_3 for currency in pycountry.currencies)


class FactKind(NamedTuple):
    """How a form asks for a fact."""

    name: str


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("wrong_fact", message)


def _date(value: Any) -> date:
    if type(value) is date:
        return value
    if type(value) is str and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _wrong("there is no such day") from None
    raise _wrong("a date is written YYYY-MM-DD")


def _moment(value: Any) -> datetime:
    # Python would take any letter between the day and the time; ISO 8601 has a T there.
    if type(value) is str and DAY_AND_TIME.match(value):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if type(value) is datetime and value.tzinfo is not None:
        return value
    raise _wrong("a moment is written in ISO 8601 with an offset, as 2026-04-08T11:00:00+01:00")


def _amount(value: Any, digits: int | None) -> Decimal:
    if type(value) is Decimal:
        return value
    found = AMOUNT.fullmatch(value) if type(value) is str else None
    if found is None:
        raise _wrong("an amount is written in digits, 0 or more, such as 675.00")
    if digits is not None and len(found[1] or "") != digits:
        raise _wrong(f"an amount in this currency is written with exactly {digits} decimals")
    return Decimal(value)


def _money(value: Any, info: ValidationInfo) -> Decimal:
    return _amount(value, info.context["decimals"] if info.context else None)


def _balance_money(value: Any, info: ValidationInfo) -> Decimal:
    return _amount(value, info.context["balance_decimals"] if info.context else None)


def _rate(value: Any) -> Decimal:
    if type(value) is Decimal:
        return value
    if type(value) is str and RATE.fullmatch(value):
        return Decimal(value)
    raise _wrong("a rate is written in digits, 0 or more, such as 0.0525")


def _exchange_rate(value: Any) -> Decimal:
    if type(value) is str and EXCHANGE_RATE.fullmatch(value):
        value = Decimal(value)
    if type(value) is Decimal and value > 0:
        return value
    raise _wrong("an exchange rate is written in digits, above 0, such as 1.36")


def _month(value: Any) -> str:
    if type(value) is str and MONTH.fullmatch(value) and not value.startswith("0000"):
        return value
    raise _wrong("a month is written YYYY-MM")


def _currency(value: Any) -> str:
    if type(value) is str and value in CURRENCIES:
        return value
    raise _wrong("a currency is its ISO 4217 code, such as EUR")


def _country(value: Any) -> str:
    if type(value) is str and value in COUNTRIES:
        return value
    raise _wrong("a country is its ISO 3166 code of two letters, such as FR")


def _tuple(value: Any) -> Any:
    return tuple(value) if type(value) is list else value


Date = Annotated[date, BeforeValidator(_date), FactKind("date")]
Moment = Annotated[datetime, BeforeValidator(_moment), FactKind("moment")]
Money = Annotated[Decimal, BeforeValidator(_money), FactKind("money")]
BalanceMoney = Annotated[Decimal, BeforeValidator(_balance_money), FactKind("money")]
"""An amount in the currency of partners' balances, whatever currency the question is asked in."""
Rate = Annotated[Decimal, BeforeValidator(_rate), FactKind("rate")]
ExchangeRate = Annotated[Decimal, BeforeValidator(_exchange_rate), FactKind("rate")]
Month = Annotated[str, BeforeValidator(_month), FactKind("month")]
Currency = Annotated[str, BeforeValidator(_currency), FactKind("currency")]
Country = Annotated[str, BeforeValidator(_country), FactKind("country")]
Count = Annotated[int, Field(ge=0, le=MOST), FactKind("count")]
Positive = Annotated[int, Field(ge=1, le=MOST), FactKind("count")]
Flag = Annotated[bool, FactKind("flag")]
Text = Annotated[str, Field(max_length=1000), FactKind("text")]
Listed = BeforeValidator(_tuple)
"""Marks a list: ``Annotated[tuple[Cost, ...], Listed]``."""

Method = Literal["card", "paypal", "bank_transfer", "bitcoin", "check"]
Party = Literal["customer", "vendor"]


class Facts(BaseModel):
    """The typed input of a rule: frozen, strict, and nothing in it that was not asked for."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )


def fact(label: str, *examples: Any, **kwargs: Any) -> Any:
    """A fact with the words a form asks for it by, and sensible examples of it; the first fills the form in."""
    return Field(title=label, examples=list(examples), **kwargs)
