"""Published rates: which one a contract goes by, and when somebody has to look at what its publisher says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import ReferenceSeries
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import spoken

# Those that are set anew on the first day of each half of a year. The others change when a committee says so, which
# meets about every six weeks.
HALF_YEARLY = ("french_legal", "bulgarian_statutory")
LOOK_EVERY = timedelta(days=45)
SECOND_HALF = 7


class ReferenceFacts(Facts):
    """Nothing depends on the case."""


class Reference(NamedTuple):
    series: ReferenceSeries


def tell_reference(outcome: Reference) -> str:
    return f"The {spoken(outcome.series)} rate."


@rule("late.reference", "Which published rate does interest on late payment go by?", tell_reference)
def decide_late_reference(sheet: Sheet, facts: ReferenceFacts) -> Decision[Reference]:
    """The published rate that the contract's interest is counted from, or compared with."""
    terms = sheet.late_charges
    if terms is None or terms.reference is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, Reference(cite(terms.reference)))


def is_out_of_date(series: str, looked_on: date | None, steps: Iterable[date], day: date) -> bool:
    """Whether nobody has looked at a rate's publisher, nor noted a step of it, for too long; ``steps`` are the days
    from which the known ones are in force."""
    if series in HALF_YEARLY:
        since = date(day.year, SECOND_HALF if day.month >= SECOND_HALF else 1, 1)
    else:
        since = day - LOOK_EVERY
    return not any(known is not None and since <= known <= day for known in (looked_on, *steps))
