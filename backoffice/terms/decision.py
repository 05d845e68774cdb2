"""What a rule answers: an outcome, the sheet it came from, and the terms that made it so."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from .term import Term

if TYPE_CHECKING:
    from .sheet import Sheet

Outcome = TypeVar("Outcome")
V = TypeVar("V")

AS_THEY_ARE = frozenset((str, int, bool, type(None)))
NOT_COVERED: dict[str, Any] = {"covered": False}


class Citations:
    """Reads terms and remembers which: a value that was used cannot go uncited.

    ``cite(term)`` returns the term's value. Each term is remembered once, in the order of first use.
    """

    __slots__ = ("_terms",)

    def __init__(self) -> None:
        self._terms: dict[int, Term[Any]] = {}

    def __call__(self, term: Term[V]) -> V:
        self._terms[id(term)] = term
        return term.value

    def terms(self) -> tuple[Term[Any], ...]:
        return tuple(self._terms.values())


class Decision(NamedTuple, Generic[Outcome]):
    """A rule's answer. ``outcome`` is None where the contract is silent: never an invented number."""

    outcome: Outcome | None
    sheet: str
    terms: tuple[Term[Any], ...]

    @property
    def covered(self) -> bool:
        return self.outcome is not None

    @property
    def answer(self) -> Outcome:
        """The outcome of a question that the contract does answer; ValueError where it is silent."""
        if self.outcome is None:
            raise ValueError(f"{self.sheet} does not answer this")
        return self.outcome

    @property
    def because(self) -> list[dict[str, Any]]:
        """The clauses that shaped the outcome, ready for JSON and for storing beside what they decided."""
        return [term.citation for term in self.terms]

    def as_json(self) -> dict[str, Any]:
        """Outcome, sheet and clauses as plain JSON values."""
        outcome = NOT_COVERED if self.outcome is None else plain(self.outcome)
        return {"sheet": self.sheet, "outcome": outcome, "because": self.because}


def decided(sheet: Sheet, cite: Citations, outcome: Outcome) -> Decision[Outcome]:
    """The decision with everything that ``cite`` has read."""
    return Decision(outcome, sheet.id, cite.terms())


def not_covered(sheet: Sheet) -> Decision[Any]:
    """The contract says nothing about this."""
    return Decision(None, sheet.id, ())


def plain(value: Any) -> Any:
    """A value of an outcome as JSON holds it: dates ISO 8601, amounts as strings, records as objects."""
    kind = type(value)
    if kind in AS_THEY_ARE:
        return value
    if kind is date or kind is datetime:
        return value.isoformat()
    if kind is Decimal:
        return format(value, "f")
    if kind is tuple:
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in zip(value._fields, value, strict=True)}
