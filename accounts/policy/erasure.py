"""May what is held of a person be erased now, and until when does something of it stay?

The law of the operator's establishment says so, not a contract: these are no questions to a term sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from backoffice.terms.calendar import days_after, months_after

Bar = Literal[
    "contract_open",
    "serves",
    "holds_licence",
    "report_open",
    "mail_waits",
    "file_named",
    "letters_waiting",
    "debt_open",
]
# What was still needed when its time came is looked at again after so many days.
AGAIN_DAYS = 7
BARS: tuple[Bar, ...] = get_args(Bar)

SENTENCES: Mapping[str, str] = {
    "": "It may be erased now; what has to be kept for a while stays sealed.",
    "contract_open": "Not now: a contract with this customer still runs, and cannot be kept without its data.",
    "serves": "Not now: the person still manages the account.",
    "holds_licence": "Not now: a licence still names the person.",
    "report_open": "Not now: the report waits, or its case goes on.",
    "mail_waits": "Not now: the mail waits to be read.",
    "file_named": "Not now: a row names the file.",
    "letters_waiting": "Not now: a letter to this customer still waits to be sent.",
    "debt_open": "Not now: money is still owed.",
}
_ERASED = {"clause": "GDPR 17(1)", "says": "Who asks for it is erased once the data is needed no longer"}
_NEEDED = {
    "clause": "GDPR 17(1)(a)",
    "says": "Data is erased when what it was collected for needs it no longer",
}
_STORAGE = {
    "clause": "GDPR 5(1)(e)",
    "says": "Data that names somebody is kept no longer than what it was collected for needs it",
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


class Stray(NamedTuple):
    """When something goes that hangs on no contract, and why."""

    goes_on: date
    because: list[dict[str, Any]]


def decide_stray(came_on: date, days: int, on: date, bars: Collection[str]) -> Stray:
    """So many days after it came; where something stands in the way of that on a day ``on``, some days later."""
    goes_on = days_after(came_on, days)
    if decide_erasure(bars).reason:
        goes_on = max(goes_on, days_after(on, AGAIN_DAYS))
    return Stray(goes_on, [_STORAGE])
