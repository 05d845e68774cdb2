"""What lies beyond a party's control: whom it excuses, by when the other is told, and which days move."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Party, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.circumstances import ForceMajeure
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words

Contract = Literal["service", "partner"]
"""The service's own contract, or the one with a partner, who stands where the customer does."""


class ForceMajeureFacts(Facts):
    contract: Contract = fact("Which contract", "service")
    by: Party = fact("Who is prevented", "vendor")
    duty: Literal["payment", "other"] = fact("What it was to do", "other")
    lack_of_funds: Flag = fact("For lack of funds", False)
    began_on: Date = fact("It began on", "2026-03-02")
    told_on: Date | None = fact("The other party was told on", "2026-03-05")
    over_on: Date | None = fact("First day without it", "2026-03-16")
    as_of: Date = fact("Asked on", "2026-03-20")
    due_on: Date = fact("Day by which it was to be done", "2026-03-10")


class Excuse(NamedTuple):
    """``tell_by`` is the last day for telling the other party, ``due_on`` the day by which it is to be done now, and
    ``dissolve_from`` the first day on which either party may dissolve the contract."""

    excused: bool
    reason: str
    tell_by: date | None
    told_in_time: bool | None
    due_on: date
    dissolve_from: date | None


EXCUSES = {
    "excused": "It excuses the party",
    "payment": "It does not excuse a payment",
    "funds": "A lack of funds excuses nobody",
    "other_party": "The contract excuses the vendor only",
    "not_told": "It excuses nobody who has not told the other party of it",
}


def tell_excuse(outcome: Excuse) -> str:
    told = f"{EXCUSES[outcome.reason]}; the day to do it by is {day_words(outcome.due_on)}"
    if outcome.tell_by:
        told += f"; the other party had to be told by {day_words(outcome.tell_by)}"
        told += ", which was missed" if outcome.told_in_time is False else ""
    if outcome.dissolve_from:
        told += f"; either party may dissolve the contract from {day_words(outcome.dissolve_from)} on"
    return f"{told}."


@rule("force_majeure.effect", "What follows from what lies beyond a party's control?", tell_excuse)
def decide_force_majeure(sheet: Sheet, facts: ForceMajeureFacts) -> Decision[Excuse]:
    """Whom force majeure excuses of what, and what its length moves; a deadline from before it stays where it was."""
    terms = sheet.force_majeure if facts.contract == "service" else sheet.force_majeure_partner
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    reason = _reason(terms, facts, cite)
    over = min(facts.over_on or facts.as_of, facts.as_of)
    tell_by = days_after(facts.began_on, cite(terms.notify_days)) if terms.notify_days else None
    in_time = None
    if tell_by is not None:
        in_time = (facts.told_on or facts.as_of) <= tell_by
    due_on = facts.due_on
    if reason == "excused" and facts.due_on >= facts.began_on and terms.extends is not None and cite(terms.extends):
        due_on = days_after(due_on, max((over - facts.began_on).days, 0))
    dissolve_from = None
    if terms.dissolve_after_months is not None:
        first = days_after(months_after(facts.began_on, cite(terms.dissolve_after_months)), 1)
        dissolve_from = first if over >= first else None
    return decided(sheet, cite, Excuse(reason == "excused", reason, tell_by, in_time, due_on, dissolve_from))


def _reason(terms: ForceMajeure, facts: ForceMajeureFacts, cite: Citations) -> str:
    if cite(terms.excuses) == "vendor" and facts.by != "vendor":
        return "other_party"
    if facts.duty == "payment" and terms.payment_excepted is not None and cite(terms.payment_excepted):
        return "payment"
    if facts.lack_of_funds and terms.funds_excepted is not None and cite(terms.funds_excepted):
        return "funds"
    untold = facts.told_on is None or facts.told_on > facts.as_of
    if terms.only_if_told is not None and cite(terms.only_if_told) and untold:
        return "not_told"
    return "excused"
