"""Timelines: a dated list of events (JSON Lines), played through the same services and days as real life.

Each line is one event: the day it happened ``on``, the verb (``do``), and the verb's own fields. The apps' ``verbs``
modules bring the verbs. A timeline is read and checked whole before its first event is played: the form of each line,
the order of the days, and, where a verb's fields say what they make and refer to, the names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_type_hints

from django.core.exceptions import ValidationError as RowInvalid
from django.db import models
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from backoffice import clocks, days, discovery, outbox

ONE_DAY = timedelta(days=1)
# Events happen at noon, when every vendor's clock shows the same day of the calendar.
NOON = time(12, tzinfo=UTC)
# A day outside these is a slip of the pen, and so is one that lies further than this from the event or the first one:
# every day between would be lived through.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
FURTHEST_YEARS = 20
FURTHEST = timedelta(days=FURTHEST_YEARS * 366)


class TimelineError(Exception):
    """A line that cannot be played: its number, the field, and the reason."""

    def __init__(self, line: int, field: str, reason: str) -> None:
        super().__init__(f"line {line}: {field}: {reason}" if field else f"line {line}: {reason}")
        self.line, self.field, self.reason = line, field, reason


@dataclass(frozen=True)
class Makes:
    """Marks the field that names what a line makes, so that later lines can speak of it:
    ``ref: Annotated[str, Makes(Customer)]``. Two lines may not make two of a kind by one name."""

    kind: type[Any]


@dataclass(frozen=True)
class RefersTo:
    """Marks a field that speaks of what an earlier line made, or of several such things:
    ``customer: Annotated[str, RefersTo(Customer)]``."""

    kind: type[Any]


class Fields(BaseModel):
    """The fields of a verb; ``ref`` names what the line makes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


R = TypeVar("R", bound=models.Model)


class World:
    """What the lines so far have made, by the names the timeline gave it; and whom a story is told of: everybody, or
    one customer by its key."""

    def __init__(self, customer: int | None = None) -> None:
        self._customer = customer
        self._made: dict[tuple[type[Any], str], Any] = {}
        self._names: dict[tuple[type[Any], Any], str] = {}

    def keep(self, ref: str, made: Any) -> None:
        if (type(made), ref) in self._made:
            raise ValueError(_taken(ref))
        self._made[type(made), ref] = made.pk
        self._names[type(made), made.pk] = ref

    def find(self, kind: type[Any], ref: str) -> Any:
        """The row of a name as it is now; ValueError where no line has made it."""
        if (kind, ref) not in self._made:
            raise ValueError(_unknown(kind, ref))
        return kind.objects.get(pk=self._made[kind, ref])

    def told(self, rows: models.QuerySet[R], owner: str = "subscription__customer") -> models.QuerySet[R]:
        """The rows that the story is of, in their order; ``owner`` is the way from a row to its customer."""
        ordered = rows.order_by("id")
        return ordered if self._customer is None else ordered.filter(**{owner: self._customer})

    @property
    def whole(self) -> bool:
        """Whether the story is everybody's, with what is no single customer's."""
        return self._customer is None

    def name(self, kind: type[Any], key: Any) -> str:
        """What the timeline calls the row of this key; empty for one that no line has named."""
        return self._names.get((kind, key), "")


def _taken(ref: str) -> str:
    return f"the name {ref!r} is taken"


def _unknown(kind: type[Any], ref: str) -> str:
    return f"no earlier line has made the {kind._meta.verbose_name} {ref!r}"


Act = Callable[[World, Any, datetime], None]
A = TypeVar("A", bound=Act)


class Verb(NamedTuple):
    """One kind of event: its fields, and what is done."""

    name: str
    fields: type[Fields]
    act: Act


class Entry(NamedTuple):
    """One line of a timeline."""

    line: int
    on: date
    verb: Verb
    fields: Fields


_verbs: dict[str, Verb] = {}


def verb(name: str) -> Callable[[A], A]:
    """Registers ``act(world, fields, at)`` under a name; its annotation of ``fields`` is the verb's form."""

    def register(act: A) -> A:
        if name in _verbs:
            raise ValueError(f"two verbs are named {name}")
        _verbs[name] = Verb(name, get_type_hints(act)["fields"], act)
        return act

    return register


@cache
def verbs() -> dict[str, Verb]:
    """All verbs by name."""
    for _ in discovery.modules("verbs"):
        pass
    return dict(sorted(_verbs.items()))


def read(file: Path) -> list[Entry]:
    """The events of a file, checked; TimelineError names the first line that is wrong, its field and the reason."""
    with file.open("rb") as lines:
        return read_lines(lines)


def read_lines(lines: Iterable[bytes]) -> list[Entry]:
    """The events of some lines, checked as those of a file are."""
    entries: list[Entry] = []
    made: set[tuple[type[Any], str]] = set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            entry = _entry(number, line)
            _check_days(entry, entries)
            _check_names(entry, made)
            entries.append(entry)
    return entries


def _entry(number: int, line: bytes) -> Entry:
    try:
        raw = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise TimelineError(number, "", f"not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise TimelineError(number, "", "an event is a JSON object")
    try:
        on = date.fromisoformat(raw.pop("on", ""))
    except (TypeError, ValueError) as error:
        raise TimelineError(number, "on", "the day is written YYYY-MM-DD") from error
    found = verbs().get(str(raw.pop("do", "")))
    if found is None:
        raise TimelineError(number, "do", f"one of {', '.join(verbs())} is needed")
    try:
        return Entry(number, on, found, found.fields.model_validate(raw))
    except ValidationError as error:
        raise TimelineError(number, *_fault(error)) from error


def _fault(error: ValidationError) -> tuple[str, str]:
    """The first field that was not right, and why."""
    fault = error.errors(include_url=False, include_input=False)[0]
    return ".".join(map(str, fault["loc"])), fault["msg"]


def _check_days(entry: Entry, before: list[Entry]) -> None:
    """TimelineError for an event that is out of order, and for days that nobody can mean."""
    if before and entry.on < before[-1].on:
        raise TimelineError(entry.line, "on", f"{entry.on} comes after {before[-1].on} in the file")
    if not EARLIEST <= entry.on <= LATEST:
        raise TimelineError(entry.line, "on", f"the day lies between {EARLIEST} and {LATEST}")
    if before and entry.on - before[0].on > FURTHEST:
        raise TimelineError(entry.line, "on", f"more than {FURTHEST_YEARS} years after the first event")
    for name, value in entry.fields:
        day = value.date() if isinstance(value, datetime) else value
        if isinstance(day, date) and abs(day - entry.on) > FURTHEST:
            raise TimelineError(entry.line, name, f"more than {FURTHEST_YEARS} years from the day of the event")


def _check_names(entry: Entry, made: set[tuple[type[Any], str]]) -> None:
    """TimelineError for a name that no earlier line makes, or that one has made already; ``made`` learns the new."""
    for name, field in entry.verb.fields.model_fields.items():
        ref = getattr(entry.fields, name)
        for mark in field.metadata:
            if isinstance(mark, RefersTo):
                for each in ref if isinstance(ref, list) else [ref]:
                    if each is not None and (mark.kind, each) not in made:
                        raise TimelineError(entry.line, name, _unknown(mark.kind, each))
            if isinstance(mark, Makes):
                if (mark.kind, ref) in made:
                    raise TimelineError(entry.line, name, _taken(ref))
                made.add((mark.kind, ref))


def play(entries: Iterable[Entry], until: date | None = None, *, world: World | None = None) -> Iterator[date]:
    """Plays events and runs every vendor's days between them, to the day of the last event or a later ``until``: first
    what a day does when it begins, then what happens on it. Yields each day when it is over. TimelineError names the
    line of an event that the books do not allow. A ``world`` that is given learns what the lines make."""
    world, pending = world or World(), list(entries)
    if not pending:
        return
    day, last = pending[0].on, max(pending[-1].on, until or date.min)
    pending.reverse()
    quiet: days.Quiet | None = None
    while day <= last:
        at = datetime.combine(day, NOON)
        if quiet and day <= quiet.last:
            days.pass_quietly(quiet, day, at=at)
        else:
            days.catch_up(at=at)
            quiet = None
        happens = bool(pending) and pending[-1].on <= day
        while pending and pending[-1].on <= day:
            _act(world, pending.pop(), at)
        if happens:
            # A vendor that had nothing to do until now has its day too.
            days.catch_up(at=at)
        if any(clocks.poll(at=at).values()) or any(outbox.deliver(at=at)) or happens:
            quiet = None
        elif quiet is None and day < last:
            quiet = days.quiet(min(last, pending[-1].on - ONE_DAY) if pending else last)
        yield day
        day += ONE_DAY


def _act(world: World, entry: Entry, at: datetime) -> None:
    try:
        entry.verb.act(world, entry.fields, at)
    except Exception as error:
        field, reason = _refusal(error)
        field = field if field in entry.verb.fields.model_fields else entry.verb.name
        raise TimelineError(entry.line, field, reason) from error


def _refusal(error: Exception) -> tuple[str, str]:
    """The field that an event was refused for, where the error knows one, and the reason."""
    if isinstance(error, ValidationError):
        return _fault(error)
    if isinstance(error, RowInvalid) and hasattr(error, "error_dict"):
        field, reasons = next(iter(error.message_dict.items()))
        return field, reasons[0]
    if isinstance(error, KeyError):
        # Its text is the key in quotes; where the key is no sentence, it is what was looked for.
        key = str(error.args[0])
        return "", key if " " in key.strip() else f"{key!r} is not known"
    return getattr(error, "field", None) or "", str(error) or type(error).__name__
