"""Whether what a customer subscribes to may be passed on to others for money."""

from __future__ import annotations

from typing import Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet

Permission = Literal["none", "written_permission", "reseller_agreement"]


class ResaleFacts(Facts):
    permission: Permission = fact("What the vendor has given in writing", "none")
    title_retained: Flag = fact("What was delivered is not wholly paid", False)


class ResaleAnswer(NamedTuple):
    permitted: bool
    reason: str
    needs: str | None


BARRED = ("barred", "title_retained")
NEEDED = {"written_permission": "a written permission of the vendor", "reseller_agreement": "a re-seller agreement"}


def tell_resale(outcome: ResaleAnswer) -> str:
    needs = "" if outcome.needs is None else NEEDED[outcome.needs]
    if outcome.reason == "free":
        return "It may be resold."
    if outcome.permitted:
        return f"It may be resold, because there is {needs}."
    why = "the contract bars it" if outcome.reason == "barred" else "what was delivered is not wholly paid"
    return f"It may not be resold, because {why}" + (f" and there is not {needs}." if needs else ".")


@rule("resale.permitted", "May it be resold?", tell_resale)
def decide_resale_permitted(sheet: Sheet, facts: ResaleFacts) -> Decision[ResaleAnswer]:
    """Whether it may be passed on for money; a re-seller agreement is a written permission, not the other way round."""
    terms = sheet.resale
    if terms is None or not (terms.barred or terms.while_title_retained):
        return not_covered(sheet)
    cite = Citations()
    reason = "free"
    if terms.while_title_retained is not None and cite(terms.while_title_retained) and facts.title_retained:
        reason = "title_retained"
    if terms.barred is not None and cite(terms.barred):
        reason = "barred"
    if reason == "free":
        return decided(sheet, cite, ResaleAnswer(True, reason, None))
    needs = cite(terms.lifted_by) if terms.lifted_by else None
    if facts.permission in (needs, "reseller_agreement") and needs is not None:
        return decided(sheet, cite, ResaleAnswer(True, "permission", needs))
    return decided(sheet, cite, ResaleAnswer(False, reason, needs))
