"""How a rule's facts become a form, and how what was typed becomes a question again.

The form is read from the rule's facts model: its kinds, its choices, its words and its first examples. What comes
back is checked by nobody but the rule's own model, so that the calculator refuses exactly what the API refuses.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from django.http import QueryDict
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from backoffice.terms.facts import FactKind
from backoffice.terms.registry import Rule
from backoffice.terms.words import day_words, listed, moment_words, spoken

WHOLE = re.compile(r"-?[0-9]{1,15}")
OFFSET = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2})$")
# What a form shows under each kind, for whoever does not know how it is written.
HINTS = {
    "moment": "in the contract's own time zone",
    "money": "with the currency's decimals, as 675.00",
    "rate": "as a share: 0.0525 is 5.25%",
    "month": "YYYY-MM",
    "country": "two letters, as FR",
}


class Ask(NamedTuple):
    """One fact that a form asks for. ``parts`` are the facts of a record, or of each row of a list."""

    name: str
    label: str
    kind: str
    example: Any = None
    nullable: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    parts: tuple[Ask, ...] = ()

    @property
    def hint(self) -> str:
        return HINTS.get(self.kind, "")


def asks_of(model: type[BaseModel]) -> tuple[Ask, ...]:
    """The facts of a model, in its order."""
    return tuple(_ask(field.alias or name, field) for name, field in model.model_fields.items())


def _ask(name: str, field: FieldInfo) -> Ask:
    example = field.examples[0] if field.examples else None
    ask = Ask(name, field.title or spoken(name), "text", example, optional=field.default is not PydanticUndefined)
    return _typed(ask, field.annotation, field.metadata)


def _typed(ask: Ask, annotation: Any, metadata: list[Any]) -> Ask:
    """The kind of a fact, from its annotation."""
    kind = next((item.name for item in metadata if isinstance(item, FactKind)), None)
    if kind is not None:
        return ask._replace(kind=kind)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _typed(ask, arguments[0], list(arguments[1:]))
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return _typed(ask._replace(nullable=True), inner, [])
    if origin is Literal:
        return ask._replace(kind="choice", choices=arguments)
    if origin is tuple:
        return _list(ask, arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ask._replace(kind="record", parts=asks_of(annotation))
    raise TypeError(f"the calculator has no form for the fact {ask.name}, a {annotation}")


def _list(ask: Ask, item: Any) -> Ask:
    """A list of choices is ticked; any other list has rows, each a record or, without a name, a single fact."""
    inner = _typed(Ask("", ask.label, "text"), item, [])
    if inner.kind == "choice":
        return ask._replace(kind="choices", choices=inner.choices)
    parts = inner.parts if inner.kind == "record" else (inner,)
    return ask._replace(kind="rows", parts=parts)


def example_of(rule: Rule) -> dict[str, Any]:
    """The facts that the rule's own examples give."""
    return {ask.name: ask.example for ask in asks_of(rule.facts) if not (ask.optional and ask.example is None)}


def read(asks: tuple[Ask, ...], data: QueryDict) -> dict[str, Any]:
    """The facts as JSON holds them, from what a form sent; what was left empty is null, or left out."""
    return dict(_read_all(asks, data, ""))


def _read_all(asks: tuple[Ask, ...], data: QueryDict, prefix: str) -> Iterator[tuple[str, Any]]:
    for ask in asks:
        value = _read(ask, data, prefix + ask.name)
        if value is None and (ask.optional or not ask.nullable):
            continue
        yield ask.name, value


def _read(ask: Ask, data: QueryDict, name: str) -> Any:
    if ask.kind == "flag":
        return name in data
    if ask.kind == "choices":
        return data.getlist(name)
    if ask.kind == "rows":
        return [row for row in (_read_row(ask.parts, data, f"{name}.{number}") for number in _rows(data, name)) if row]
    if ask.kind == "record":
        return dict(_read_all(ask.parts, data, f"{name}.")) if name in data else None
    text = data.get(name, "").strip()
    if ask.kind == "count" and WHOLE.fullmatch(text):
        return int(text)
    return text or None


def _read_row(parts: tuple[Ask, ...], data: QueryDict, name: str) -> Any:
    """One row, or None where nothing was written into it."""
    if not parts[0].name:
        return _read(parts[0], data, f"{name}.")
    row = dict(_read_all(parts, data, f"{name}."))
    return row if any(value not in (None, False, []) for value in row.values()) else None


def _rows(data: QueryDict, name: str) -> list[int]:
    """The numbers of the rows that were sent, in order."""
    found = (re.fullmatch(rf"{re.escape(name)}\.([0-9]{{1,6}})\..*", key) for key in data)
    return sorted({int(match[1]) for match in found if match})


def fields(asks: tuple[Ask, ...], facts: Mapping[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    """What the template needs to draw the form, filled with ``facts``."""
    return [_field(ask, facts.get(ask.name), prefix + ask.name) for ask in asks]


def _field(ask: Ask, value: Any, name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"ask": ask, "name": name, "value": value}
    if ask.kind == "rows":
        rows = value or []
        field |= {
            "rows": [_row(ask.parts, row, f"{name}.{number}") for number, row in enumerate(rows)],
            "blank": _row(ask.parts, None, f"{name}.__row__"),
            "next": len(rows),
        }
    elif ask.kind == "moment":
        field["with_offset"] = OFFSET.search(value or "") is not None
    elif ask.kind == "record":
        field["parts"] = fields(ask.parts, value if value is not None else _examples(ask), f"{name}.")
    return field


def _row(parts: tuple[Ask, ...], row: Any, name: str) -> list[dict[str, Any]]:
    return (
        fields(parts, row if parts[0].name else {"": row}, f"{name}.")
        if row is not None
        else fields(parts, {}, f"{name}.")
    )


def _examples(ask: Ask) -> dict[str, Any]:
    return {part.name: part.example for part in ask.parts}


def with_moments(asks: tuple[Ask, ...], facts: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The facts with every moment among them changed, in records and rows too."""
    by_name = {ask.name: ask for ask in asks}
    return {
        name: _with_moments(by_name[name], value, change) if name in by_name else value for name, value in facts.items()
    }


def _with_moments(ask: Ask, value: Any, change: Callable[[str], str]) -> Any:
    if ask.kind == "moment" and isinstance(value, str):
        return change(value)
    if ask.kind == "record" and isinstance(value, dict):
        return with_moments(ask.parts, value, change)
    if ask.kind == "rows" and isinstance(value, list):
        return [_row_with_moments(ask.parts, row, change) for row in value]
    return value


def _row_with_moments(parts: tuple[Ask, ...], row: Any, change: Callable[[str], str]) -> Any:
    return with_moments(parts, row, change) if parts[0].name else _with_moments(parts[0], row, change)


def as_typed(moment: str) -> str:
    """A moment as a form holds it: without its offset, since each contract reads it in its own zone."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%dT%H:%M}"


def in_zone(moment: str, zone: ZoneInfo) -> str:
    """A moment as a rule takes it: in a contract's zone, unless it has an offset already; unchanged if it is none."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return (read if read.tzinfo else read.replace(tzinfo=zone)).isoformat()


def label_of(asks: tuple[Ask, ...], place: Iterable[int | str]) -> str:
    """What a form calls the fact of this place: ``Costs, row 1: Amount``; empty for one that it does not ask for."""
    words: list[str] = []
    for step in place:
        if isinstance(step, int):
            words[-1] += f", row {step + 1}"
            continue
        ask = next((ask for ask in asks if ask.name == step), None)
        if ask is None:
            break
        words.append(ask.label)
        asks = ask.parts
    return ": ".join(words)


def in_words(asks: tuple[Ask, ...], facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts that were given, as the words and values that a panel shows."""
    return [(ask.label, _words(ask, facts[ask.name])) for ask in asks if facts.get(ask.name) is not None]


def _words(ask: Ask, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return listed([_item_words(ask, item) for item in value]) if value else "none"
    if isinstance(value, dict):
        return _item_words(ask, value)
    if ask.kind == "date" and isinstance(value, str):
        return _day(value)
    if ask.kind == "moment" and isinstance(value, str):
        return _moment(value)
    return spoken(str(value)) if ask.kind in ("choice", "choices") else str(value)


def _item_words(ask: Ask, item: Any) -> str:
    if isinstance(item, dict):
        return ", ".join(f"{label.lower()} {words}" for label, words in in_words(ask.parts, item))
    return _words(ask.parts[0] if ask.parts else ask, item)


def _moment(text: str) -> str:
    try:
        return moment_words(datetime.fromisoformat(text))
    except ValueError:
        return text


def _day(text: str) -> str:
    """A date in words; what is no date stays as it was typed."""
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text
