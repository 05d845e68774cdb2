"""A term: one value of one contract, with the clause it stands in and what that clause says in our words."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

# A term is frozen, so one that holds a narrow value serves where a wider one is read.
V = TypeVar("V", covariant=True)


class Frozen(BaseModel):
    """What every part of a sheet shares: it is frozen, strict about types, and refuses a key it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Term(Frozen, Generic[V]):
    """One value and its source.

    ``clause`` is numbered as the contract numbers it (``TOS 6``, ``13.2``); ``says`` is a paraphrase, never the
    contract's own sentence. ``reading`` marks what rests on our reading rather than on the contract's words: no
    customer may be shown it as the contract's text. ``display`` marks a value that no rule reads: it is only shown.
    """

    value: V
    clause: str = Field(min_length=1)
    says: str = Field(min_length=1)
    reading: bool = False
    display: bool = False

    @cached_property
    def citation(self) -> dict[str, Any]:
        """The item of ``because`` that names this term, ready for JSON."""
        item: dict[str, Any] = {"clause": self.clause, "says": self.says}
        if self.reading:
            item["reading"] = True
        return item
