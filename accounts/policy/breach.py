"""By when a breach must be cured, and whether the service may be suspended at once."""

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


class BreachFacts(Facts):
    kind: Literal["payment", "material", "software"] = fact("Kind of breach", "material")
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
    cure: Cure | None = getattr(sheet.breach, facts.kind) if sheet.breach else None
    if cure is None:
        return not_covered(sheet)
    cite = Citations()
    if cure.irremediable_at_once is not None and not facts.remediable and cite(cure.irremediable_at_once):
        return decided(sheet, cite, BreachCure(None, True))
    at_once = cite(cure.suspend_at_once)
    return decided(
        sheet, cite, BreachCure(days_after(facts.notified_on, cite(cure.days)) if cure.days else None, at_once)
    )
