"""Administrators: how many a customer may name, who may be one, and what only they may ask for."""

from __future__ import annotations

from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet


class NamingFacts(Facts):
    administrators: Count = fact("Administrators that the customer has now", 3)
    outsider: Flag = fact("The person belongs to another organisation", False)
    allowed_in_writing: Flag = fact("The vendor has allowed it in writing", False)


class Naming(NamedTuple):
    allowed: bool
    reason: str
    most: int | None


def tell_naming(outcome: Naming) -> str:
    if outcome.reason == "outsider":
        return "The person may not be an administrator, because only people of the customer's own organisation may."
    if outcome.reason == "limit_reached":
        return f"The person may not be an administrator, because {outcome.most} is the most that a customer may have."
    most = "" if outcome.most is None else f"; a customer may have {outcome.most} at most"
    return f"The person may be an administrator{most}."


@rule("administrators.add", "May this person become an administrator?", tell_naming)
def decide_administrators_add(sheet: Sheet, facts: NamingFacts) -> Decision[Naming]:
    """Whether a customer may name one more administrator: who it is comes first, then how many there are."""
    terms = sheet.administrators
    if terms is None or not (terms.limit or terms.own_people_only):
        return not_covered(sheet)
    cite = Citations()
    own_only = terms.own_people_only is not None and cite(terms.own_people_only)
    most = cite(terms.limit) if terms.limit else None
    if own_only and facts.outsider and not facts.allowed_in_writing:
        return decided(sheet, cite, Naming(False, "outsider", most))
    if most is not None and facts.administrators >= most:
        return decided(sheet, cite, Naming(False, "limit_reached", most))
    return decided(sheet, cite, Naming(True, "room", most))


class OrderingFacts(Facts):
    administrator: Flag = fact("The person is an administrator of the customer", False)


class Ordering(NamedTuple):
    allowed: bool
    reason: str


ORDERED = {
    "administrator": "The request stands, because it comes from an administrator.",
    "anybody": "The request stands, because not only administrators may make it.",
    "not_administrator": "The request does not stand, because only an administrator may make it.",
}


@rule("administrators.order", "May this person order seats or say who uses them?", lambda given: ORDERED[given.reason])
def decide_administrators_order(sheet: Sheet, facts: OrderingFacts) -> Decision[Ordering]:
    """Whether somebody's request about seats counts."""
    if sheet.administrators is None or sheet.administrators.only_they_order is None:
        return not_covered(sheet)
    cite = Citations()
    only = cite(sheet.administrators.only_they_order)
    if facts.administrator:
        return decided(sheet, cite, Ordering(True, "administrator"))
    return decided(sheet, cite, Ordering(not only, "not_administrator" if only else "anybody"))
