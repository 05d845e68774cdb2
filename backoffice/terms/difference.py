"""What one version of a contract changed in another, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from backoffice.terms.sheet import Place, Sheet, sections
from backoffice.terms.term import Term

Kind = Literal["added", "removed", "changed", "reworded"]


class Change(NamedTuple):
    """One term that differs. ``reworded`` is a term whose value stayed, while its clause or its paraphrase did not."""

    key: str
    labels: tuple[str, ...]
    kind: Kind
    old: Term[Any] | None
    new: Term[Any] | None


def difference(old: Sheet, new: Sheet) -> list[Change]:
    """What differs between two sheets, section by section."""
    order = {section: index for index, section in enumerate(sections())}
    return sorted(_changes(old, new), key=lambda change: order[change.key.partition(".")[0]])


def _changes(old: Sheet, new: Sheet) -> Iterator[Change]:
    later = {place.key: place for place in new.places()}
    for place in old.places():
        other = later.pop(place.key, None)
        if other is None:
            yield Change(place.key, place.labels, "removed", place.term, None)
        elif other.term != place.term:
            yield _changed(place, other)
    for place in later.values():
        yield Change(place.key, place.labels, "added", None, place.term)


def _changed(place: Place, other: Place) -> Change:
    kind: Kind = "reworded" if place.term.value == other.term.value else "changed"
    return Change(place.key, other.labels, kind, place.term, other.term)
