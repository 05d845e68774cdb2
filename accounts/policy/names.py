"""Whether two names are the same or similar, so that anybody can work it out again.

A name is brought into one form: without accents, in small letters, its words in the order of the alphabet. Two names
are the same if these are. Their similarity is that of Sørensen and Dice: twice the pairs of neighbouring letters that
both have, over the pairs that each has. Compared are only names that share the first three letters of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

# From here on two names are similar enough that a person should look: one wrong letter in ten stays above it.
SIMILAR = 0.8
BEGINNING = 3
WORD = re.compile(r"\w+")


class Match(NamedTuple):
    """An entry of a list, and how similar its name is: 1 is the same."""

    entry: str
    similarity: float

    @property
    def same(self) -> bool:
        return self.similarity == 1


def normal(name: str) -> str:
    """The form in which names are compared."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(sorted(WORD.findall(plain.casefold().replace("_", " "))))


def similarity(one: str, other: str) -> float:
    """From 0 to 1, of two names in the form in which they are compared; 1 only for the same."""
    if one == other:
        return 1.0
    first, second = _pairs(one), _pairs(other)
    every = first.total() + second.total()
    # Two different names can have the same pairs; they are similar, never the same.
    return min(2 * (first & second).total() / every, 0.99) if every else 0.0


def _pairs(name: str) -> Counter[str]:
    return Counter(name[place : place + 2] for place in range(len(name) - 1))


class Index:
    """Names of a list, found by the beginnings of their words."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for entry, name in names:
            compared = normal(name)
            for word in compared.split():
                self._names[word[:BEGINNING]].add((entry, compared))

    def find(self, name: str) -> list[Match]:
        """Each entry that has the same or a similar name, once, the most similar first."""
        compared = normal(name)
        near = {pair for word in compared.split() for pair in self._names.get(word[:BEGINNING], ())}
        best: dict[str, float] = {}
        for entry, other in near:
            if (found := similarity(compared, other)) >= SIMILAR:
                best[entry] = max(found, best.get(entry, 0.0))
        matches = [Match(entry, round(found, 2)) for entry, found in best.items()]
        return sorted(matches, key=lambda match: (-match.similarity, match.entry))
