"""The list of names and countries that the law bars: a file of the operator's choice.

JSON Lines. The first line tells where the list comes from and of which day it is, every other is one entry, either of
a person or an organisation, or of a whole country:

    {"source": "Consolidated list", "date": "2026-03-01"}
    {"id": "US-1", "regime": "US", "name": "Acme Trading", "aliases": ["Acme Import"]}
    {"id": "EU-KP", "regime": "EU", "country": "KP"}

``regime`` says whose law it is. Official lists come in other forms; they are brought into this one outside.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accounts.policy.names import Index, Match, normal
from backoffice.terms.facts import Country
from backoffice.terms.sections.identity import Regime

M = TypeVar("M", bound=BaseModel)


class ListBroken(Exception):
    """The list cannot be used; the message names the line and what is wrong with it."""


class Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1)
    date: date


class Entry(BaseModel):
    """One person, organisation or country."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=64)
    regime: Regime
    name: str = ""
    aliases: tuple[str, ...] = ()
    country: Country | None = None


class ScreeningList(NamedTuple):
    """The list as it is searched: of which day it is, and the hash of the file it was read from."""

    sha256: str
    day: date | None
    regimes: dict[str, Regime]
    countries: dict[str, tuple[Regime, ...]]
    names: Index

    def find(self, name: str) -> list[Match]:
        """The entries whose name is the same or similar, the most similar first."""
        return self.names.find(name)


NO_LIST = ScreeningList("", None, {}, {}, Index([]))


def screening_list() -> ScreeningList:
    """The list that the settings name, read again only when its file has changed; ListBroken where it is none."""
    if not settings.SCREENING_LIST_FILE:
        return NO_LIST
    file = Path(settings.SCREENING_LIST_FILE)
    try:
        about = file.stat()
    except OSError as error:
        raise ListBroken("SCREENING_LIST_FILE names no file that can be read") from error
    return _read(file, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=1)
def _read(file: Path, _changed: int, _size: int) -> ScreeningList:
    content = file.read_bytes()
    lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines:
        raise ListBroken("the list is empty")
    head = _parsed(Head, *lines[0])
    regimes: dict[str, Regime] = {}
    countries: dict[str, tuple[Regime, ...]] = {}
    names: list[tuple[str, str]] = []
    for number, line in lines[1:]:
        entry = _parsed(Entry, number, line)
        spelt = [name for name in (entry.name, *entry.aliases) if normal(name)]
        if entry.id in regimes or bool(spelt) == (entry.country is not None):
            raise ListBroken(f"line {number} of the list: an entry has an id of its own, and a name or a country")
        regimes[entry.id] = entry.regime
        names += [(entry.id, name) for name in spelt]
        if entry.country is not None:
            countries[entry.country] = (*countries.get(entry.country, ()), entry.regime)
    return ScreeningList(hashlib.sha256(content).hexdigest(), head.date, regimes, countries, Index(names))


def _parsed(kind: type[M], number: int, line: bytes) -> M:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise ListBroken(f"line {number} of the list: {place}: {fault['msg']}") from error
