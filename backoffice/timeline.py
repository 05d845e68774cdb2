"""Timelines: a dated list of events (JSON Lines), played through the same services and days as real life.

Each line is one event: the day it happened ``on``, the verb (``do``), and the verb's own fields. The apps' ``verbs``
modules bring the verbs. A timeline is read and checked whole before its first event is played.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError

from backoffice import clocks, days, discovery, outbox

# Events happen at noon, when every vendor's clock shows the same day of the calendar.
NOON = time(12, tzinfo=UTC)


class TimelineError(Exception):
    """A line that cannot be played: its number, the field, and the reason."""

    def __init__(self, line: int, field: str, reason: str) -> None:
        super().__init__(f"line {line}: {field}: {reason}" if field else f"line {line}: {reason}")
        self.line, self.field, self.reason = line, field, reason


class Fields(BaseModel):
    """The fields of a verb; ``ref`` names what the line makes, so that later lines can speak of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class World:
    """What the lines so far have made, by the names the timeline gave it."""

    def __init__(self) -> None:
        self._made: dict[tuple[type[Any], str], Any] = {}

    def keep(self, ref: str, made: Any) -> None:
        if (type(made), ref) in self._made:
            raise ValueError(f"the name {ref!r} is taken")
        self._made[type(made), ref] = made.pk

    def find(self, kind: type[Any], ref: str) -> Any:
        """The row of a name as it is now; ValueError where no line has made it."""
        if (kind, ref) not in self._made:
            raise ValueError(f"no earlier line has made the {kind._meta.verbose_name} {ref!r}")
        return kind.objects.get(pk=self._made[kind, ref])


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
    entries: list[Entry] = []
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                entries.append(_entry(number, line))
                if len(entries) > 1 and entries[-1].on < entries[-2].on:
                    raise TimelineError(number, "on", f"{entries[-1].on} comes after {entries[-2].on} in the file")
    return entries


def _entry(number: int, line: str) -> Entry:
    try:
        raw = json.loads(line)
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
        fault = error.errors(include_url=False, include_input=False)[0]
        raise TimelineError(number, ".".join(map(str, fault["loc"])), fault["msg"]) from error


def play(entries: Iterable[Entry], until: date | None = None) -> Iterator[date]:
    """Plays events and runs every vendor's days between them, to the day of the last event or a later ``until``;
    yields each day when it is over. TimelineError names the line of an event that the books do not allow."""
    world, pending = World(), list(entries)
    if not pending:
        return
    day, last = pending[0].on, max(pending[-1].on, until or date.min)
    pending.reverse()
    while day <= last:
        at = datetime.combine(day, NOON)
        while pending and pending[-1].on <= day:
            _act(world, pending.pop(), at)
        days.catch_up(at=at)
        clocks.poll(at=at)
        outbox.deliver(at=at)
        yield day
        day += timedelta(days=1)


def _act(world: World, entry: Entry, at: datetime) -> None:
    try:
        entry.verb.act(world, entry.fields, at)
    except Exception as error:
        raise TimelineError(entry.line, entry.verb.name, str(error)) from error
