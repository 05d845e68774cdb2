"""Special terms: a sheet in which some values are replaced by what was agreed with one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, TypeVar

from pydantic import ValidationError

from .sheet import Place, Sheet
from .term import Frozen, Term

Part = TypeVar("Part", bound=Frozen)


def place_of(sheet: Sheet, key: str) -> Place:
    """The term at a key as ``period.notice_days``; ValueError where the sheet has none.

    What stands outside of a section is the frame of the contract (its currency, its days), and no term to agree on.
    """
    for place in sheet.places():
        if place.key == key and len(place.path) > 1:
            return place
    raise ValueError(f"the terms have no value {key}")


def special_term(sheet: Sheet, key: str, value: Any, clause: str, says: str) -> Term[Any]:
    """The term that takes the place of another; ValueError where the sheet would not have such a value."""
    old = place_of(sheet, key).term
    if isinstance(old.value, time) and isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError as error:
            raise ValueError("a time of day is written as 09:00:00") from error
    try:
        return type(old).model_validate({"value": value, "clause": clause, "says": says})
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def typed_value(term: Term[Any], words: str) -> Any:
    """What somebody typed, as a value of a term's own kind: yes or no, a whole number, or a list with commas; else the
    words themselves, which ``special_term`` may still refuse."""
    typed = words.strip()
    if isinstance(term.value, bool):
        return {"yes": True, "no": False}.get(typed.lower(), typed)
    if isinstance(term.value, int):
        return _number(typed)
    if isinstance(term.value, tuple):
        items = [item.strip() for item in typed.split(",") if item.strip()]
        return [_number(item) for item in items] if all(isinstance(one, int) for one in term.value) else items
    return typed


def _number(typed: str) -> int | str:
    return int(typed) if typed.isascii() and typed.isdigit() else typed


def with_special_terms(sheet: Sheet, special: Mapping[str, Mapping[str, Any]]) -> Sheet:
    """The sheet with what was agreed: ``special`` holds value, clause and paraphrase by key.

    ValueError for a key that the sheet does not have, or a value that it could not.
    """
    for key, item in special.items():
        term = special_term(sheet, key, item["value"], item["clause"], item["says"])
        sheet = _replaced(sheet, key.split("."), term)
    return sheet


def _replaced(part: Part, path: Sequence[str], term: Term[Any]) -> Part:
    name, rest = path[0], path[1:]
    new = _within(getattr(part, name), rest, term) if rest else term
    fields = type(part).model_fields
    kept = {field.alias or key: getattr(part, key) for key, field in fields.items()}
    return type(part).model_validate(kept | {name: new})


def _within(inner: Any, path: Sequence[str], term: Term[Any]) -> Any:
    if isinstance(inner, dict):
        return inner | {path[0]: _replaced(inner[path[0]], path[1:], term)}
    return _replaced(inner, path, term)
