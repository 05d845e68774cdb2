"""May what is held of a person be erased now, and until when does something of it stay?

The law of the operator's establishment says so, not a contract: these are no questions to a term sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from backoffice.terms.calendar import months_after

Bar = Literal["contract_open", "serves", "holds_licence", "letters_waiting", "debt_open"]
BARS: tuple[Bar, ...] = get_args(Bar)

SENTENCES: Mapping[str, str] = {
    "": "It may be erased now; what has to be kept for a while stays sealed.",
    "contract_open": "Not now: a contract with this customer still runs, and cannot be kept without its data.",
    "serves": "Not now: the person still manages the account.",
    "holds_licence": "Not now: a licence still names the person.",
    "letters_waiting": "Not now: a letter to this customer still waits to be sent.",
    "debt_open": "Not now: money is still owed.",
}
_ERASED = {"clause": "GDPR 17(1)", "says": "Who asks for it is erased once the data is needed no longer"}
_NEEDED = {
    "clause": "GDPR 17(1)(a)",
    "says": "Data is erased when what it was collected for needs it no longer",
}
_CLAIM = {"clause": "GDPR 17(3)(e)", "says": "Data stays while it is needed to make or to defend a claim"}
_DUTY = {"clause": "GDPR 17(3)(b)", "says": "Data stays while a law obliges to keep it"}


class Erasable(NamedTuple):
    """``reason`` is empty where it may be erased."""

    reason: str
    because: list[dict[str, Any]]


def decide_erasure(bars: Collection[str]) -> Erasable:
    """The first thing that stands in the way, in the order above; ValueError for one that is not known."""
    if unknown := set(bars) - set(BARS):
        raise ValueError(f"unknown reasons not to erase: {', '.join(sorted(unknown))}")
    for bar in BARS:
        if bar in bars:
            return Erasable(bar, [_CLAIM if bar == "debt_open" else _NEEDED])
    return Erasable("", [_ERASED, _DUTY])


def keep_until(ended_on: date, years: int) -> date:
    """The day on which something goes that is kept for so many years from the end."""
    return months_after(ended_on, 12 * years)
