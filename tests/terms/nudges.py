"""Each value of a sheet moved a little: up, down, flipped, replaced by an alternative, shortened by an element."""

from __future__ import annotations

import copy
import typing
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from backoffice.terms.sheet import Place, Sheet, SheetError, parse_sheet

OTHERS = {
    # With the same two decimals, so that a question's amounts are as well written as before.
    "currency": ("CHF",),
    "balance_currency": ("CHF",),
    "time_zone": ("Asia/Tokyo", "America/Los_Angeles"),
    "public_holidays": ("", "JP"),
    "vendor_email": ("other@example.com",),
    "vendor_post": ("Elsewhere",),
    "processed_in": ("FR",),
    "law": ("Japan",),
    "courts": ("Courts of Tokyo",),
    **dict.fromkeys(
        ("officer", "servers", "access", "transfers", "processors", "audits", "processing"), ("As agreed",)
    ),
}


def nudged(raw: dict[str, Any], place: Place) -> Iterator[Sheet]:
    """The sheets that differ from ``raw`` (a parsed TOML document) in nothing but the value at one place."""
    for value in _values(_at(raw, place.path)["value"], place):
        moved = copy.deepcopy(raw)
        _at(moved, place.path)["value"] = value
        try:
            yield parse_sheet(moved, "nudged")
        except SheetError:
            continue  # the sheet itself refuses this value, so no rule can meet it


def _at(raw: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        raw = raw[step]
    return raw


def _values(value: Any, place: Place) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, value + 30, max(value - 5, 0), value * 2)
    elif isinstance(value, time):
        moment = datetime.combine(datetime.min, value)
        yield from ((moment + timedelta(hours=step)).time() for step in (1, -1 if value.hour else 2))
    elif isinstance(value, list):
        yield from (value[:index] + value[index + 1 :] for index in range(len(value)))
        yield [*value, "username"]
        if len(value) > 1:
            yield value[::-1]
    elif place.path[-1] in OTHERS:
        yield from OTHERS[place.path[-1]]
    elif choices := _choices(type(place.term)):
        yield from (choice for choice in choices if choice != value)
    else:
        number = Decimal(value)
        step = Decimal(1).scaleb(number.as_tuple().exponent)  # type: ignore[arg-type]
        yield from (f"{number + step}", f"{max(number - step, Decimal(0))}", f"{number * 2}", f"{number * 3 / 4}")


def _choices(term: Any) -> tuple[str, ...]:
    kind = term.model_fields["value"].annotation
    return typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
