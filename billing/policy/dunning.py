"""What follows, step by step, when a bill is not paid: from the day after it was due to the end of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from accounts.policy.breach import BreachEndFacts, BreachFacts, decide_breach_cure, decide_breach_end
from accounts.policy.ending import StopFacts, decide_service_stop
from backoffice.terms.calendar import days_after
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words

Kind = Literal["past_due", "late_charges", "may_suspend", "warning", "cure_by", "may_end", "void"]

WORDS: dict[Kind, str] = {
    "past_due": "the contract is past due",
    "late_charges": "late payment is charged",
    "may_suspend": "the service may be suspended",
    "warning": "the customer is warned in writing",
    "cure_by": "last day to pay before the contract may be ended",
    "may_end": "the contract may be ended",
    "void": "the renewal is void, and the service stops",
}


class Rung(NamedTuple):
    """One step, the day on which it comes or came, and the clauses that make it so."""

    kind: Kind
    on: date
    because: list[dict[str, Any]]

    def told(self, as_of: date) -> str:
        """``From 2 April 2026: the contract is past due.``, or since, where that is past."""
        past, one_day = self.on <= as_of, self.kind in ("warning", "cure_by")
        word = "On" if one_day else "Since" if past else "From"
        return f"{word} {day_words(self.on)}: {WORDS[self.kind]}."


class Unpaid(NamedTuple):
    """A bill that is not paid. ``warned_on`` is when the warning counts as received or, where none was sent yet, is to
    be sent; ``void_on`` the first day on which a renewal is void, where it is."""

    due_on: date
    warned_on: date
    void_on: date | None = None
    void_because: Sequence[dict[str, Any]] = ()


def ladder(sheet: Sheet, unpaid: Unpaid) -> tuple[Rung, ...]:
    """What follows under a contract while a bill stays unpaid, in the order of the days. What the contract does not
    allow is not in it, and a warning only where it gives time to pay."""
    late_on = days_after(unpaid.due_on, 1)
    rungs = [Rung("past_due", late_on, [])]
    if sheet.late_charges is not None:
        rungs.append(Rung("late_charges", late_on, [sheet.late_charges.interest.citation]))
    rungs += _stops(sheet, unpaid.due_on, late_on)
    rungs += _warning(sheet, unpaid.warned_on)
    if unpaid.void_on is not None:
        rungs.append(Rung("void", unpaid.void_on, list(unpaid.void_because)))
    return tuple(sorted(rungs, key=lambda rung: rung.on))


def warns(sheet: Sheet) -> bool:
    """Whether the contract gives time to pay after a warning, so that one has to be sent."""
    return sheet.breach is not None and sheet.breach.payment is not None and sheet.breach.payment.days is not None


def _stops(sheet: Sheet, due_on: date, late_on: date) -> list[Rung]:
    """What may be done without a warning."""
    asked = decide_service_stop(sheet, StopFacts(ground="unpaid", since=due_on, on=late_on))
    if asked.outcome is None:
        return []
    from_on = max(asked.outcome.from_on, late_on)
    then = decide_service_stop(sheet, StopFacts(ground="unpaid", since=due_on, on=from_on))
    allowed: list[tuple[Kind, bool]] = [("may_suspend", then.answer.suspend), ("may_end", then.answer.end)]
    return [Rung(kind, from_on, then.because) for kind, may in allowed if may]


def _warning(sheet: Sheet, warned_on: date) -> list[Rung]:
    """The warning, and what may follow when it has not helped."""
    if not warns(sheet):
        return []
    cure = decide_breach_cure(sheet, BreachFacts(kind="payment", notified_on=warned_on, remediable=True))
    facts = BreachEndFacts(kind="payment", notified_on=warned_on, remediable=True, put_right_on=None, on=warned_on)
    end = decide_breach_end(sheet, facts)
    days: list[tuple[Kind, date | None]] = [
        ("warning", warned_on),
        ("cure_by", cure.answer.cure_by),
        ("may_end", end.answer.from_on),
    ]
    return [Rung(kind, on, end.because) for kind, on in days if on is not None]
