"""Which notice of a breach counts, by when it must be cured, and from when the contract may be ended over it."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Cure
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words

Kind = Literal["payment", "material", "software"]


class BreachFacts(Facts):
    kind: Kind = fact("Kind of breach", "material")
    notified_on: Date = fact("The notice of the breach was received on", "2026-05-04")
    remediable: Flag = fact("It can be put right", True)


class BreachCure(NamedTuple):
    cure_by: date | None
    suspend_at_once: bool


def tell_cure(outcome: BreachCure) -> str:
    cure = (
        f"It may be put right until {day_words(outcome.cure_by)}"
        if outcome.cure_by
        else "No time to put it right is owed"
    )
    return f"{cure}; the service {'may' if outcome.suspend_at_once else 'may not'} be suspended at once."


@rule("breach.cure", "By when must a breach be put right, and may the service be suspended at once?", tell_cure)
def decide_breach_cure(sheet: Sheet, facts: BreachFacts) -> Decision[BreachCure]:
    """The last day for a cure (None where none is owed), and whether suspension may come at once."""
    cure = _cure(sheet, facts.kind)
    if cure is None:
        return not_covered(sheet)
    cite = Citations()
    if cure.irremediable_at_once is not None and not facts.remediable and cite(cure.irremediable_at_once):
        return decided(sheet, cite, BreachCure(None, True))
    at_once = cite(cure.suspend_at_once)
    return decided(
        sheet, cite, BreachCure(days_after(facts.notified_on, cite(cure.days)) if cure.days else None, at_once)
    )


class BreachNoticeFacts(Facts):
    kind: Kind = fact("Kind of breach", "material")
    detailed: Flag = fact("It says what is wrong well enough to put it right", True)


class BreachNotice(NamedTuple):
    counts: bool


def tell_breach_notice(outcome: BreachNotice) -> str:
    if outcome.counts:
        return "The notice tells enough to count."
    return "The notice does not count: it does not tell enough for the breach to be known and put right."


@rule("breach.notice", "Does a notice tell enough of a breach to count?", tell_breach_notice)
def decide_breach_notice(sheet: Sheet, facts: BreachNoticeFacts) -> Decision[BreachNotice]:
    """Whether the time to cure can begin with a notice; in which form it counts is asked of ``notice.counts``."""
    cure = _cure(sheet, facts.kind)
    if cure is None or cure.detailed is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, BreachNotice(not cite(cure.detailed) or facts.detailed))


class BreachEndFacts(BreachFacts):
    put_right_on: Date | None = fact("It was put right on", None)
    on: Date = fact("Asked on", "2026-06-08")


class BreachEnd(NamedTuple):
    may_end: bool
    reason: Literal["irremediable", "at_once", "not_put_right", "put_right", "still_time", "no_right"]
    from_on: date | None


BREACH_ENDS = {
    "irremediable": "The contract may be ended at once, because the breach cannot be put right",
    "at_once": "The contract may be ended at once",
    "not_put_right": "The contract may be ended, because the breach was not put right in time",
    "put_right": "The contract may not be ended, because the breach was put right in time",
    "still_time": "The contract may not be ended yet, because there is still time to put the breach right",
    "no_right": "The contract may not be ended over it",
}


def tell_breach_end(outcome: BreachEnd) -> str:
    from_on = f", from {day_words(outcome.from_on)} on" if outcome.from_on else ""
    return f"{BREACH_ENDS[outcome.reason]}{from_on}."


@rule("breach.end", "May the contract be ended over a breach?", tell_breach_end)
def decide_breach_end(sheet: Sheet, facts: BreachEndFacts) -> Decision[BreachEnd]:
    """Whether the right to end it exists on a day, and from which day on it does (None where it never will)."""
    cure = _cure(sheet, facts.kind)
    if cure is None:
        return not_covered(sheet)
    cite = Citations()
    if cure.irremediable_at_once is not None and not facts.remediable and cite(cure.irremediable_at_once):
        return decided(sheet, cite, BreachEnd(facts.on >= facts.notified_on, "irremediable", facts.notified_on))
    if cure.days is None:
        if not cite(cure.suspend_at_once):
            return decided(sheet, cite, BreachEnd(False, "no_right", None))
        return decided(sheet, cite, BreachEnd(facts.on >= facts.notified_on, "at_once", facts.notified_on))
    cure_by = days_after(facts.notified_on, cite(cure.days))
    if facts.put_right_on is not None and facts.put_right_on <= cure_by:
        return decided(sheet, cite, BreachEnd(False, "put_right", None))
    from_on = days_after(cure_by, 1)
    may_end = facts.on >= from_on
    return decided(sheet, cite, BreachEnd(may_end, "not_put_right" if may_end else "still_time", from_on))


def _cure(sheet: Sheet, kind: Kind) -> Cure | None:
    cure: Cure | None = getattr(sheet.breach, kind) if sheet.breach else None
    return cure
