"""What follows when a third party changes or ends what the service contains."""

from __future__ import annotations

from typing import Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet


class ThirdPartyFacts(Facts):
    event: Literal["change", "end"] = fact("What a third party's service sees", "change")
    material: Flag = fact("It materially affects the service", True)


class ThirdParty(NamedTuple):
    may_leave: bool
    breach: bool


def tell_third_party(outcome: ThirdParty) -> str:
    if outcome.breach:
        return "It is a material breach, so the customer may leave unless it is cured."
    return f"It is no breach, and the customer may {'' if outcome.may_leave else 'not '}leave because of it."


@rule("third_party.change", "May the customer leave because of what a third party does?", tell_third_party)
def decide_third_party_change(sheet: Sheet, facts: ThirdPartyFacts) -> Decision[ThirdParty]:
    """Whether a third party's change lets the customer leave, and whether the end of its service is a breach."""
    terms = sheet.third_parties
    term = None if terms is None else terms.change_may_leave if facts.event == "change" else terms.end_is_breach
    if term is None:
        return not_covered(sheet)
    cite = Citations()
    # What does not affect the service is nobody's reason to leave, whatever the contract lets be one.
    grave = cite(term) and facts.material
    return decided(sheet, cite, ThirdParty(may_leave=grave, breach=grave and facts.event == "end"))
