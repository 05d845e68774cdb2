"""Who a customer must be: what a contract lets us ask for, what is missing, and what a false name is."""

from __future__ import annotations

from typing import Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed

Shown = Literal["not_asked", "asked", "verified", "declined"]


class IdentityFacts(Facts):
    shown: Shown = fact("Documents of the customer", "not_asked")
    changed: Flag = fact("Its name or address has changed since", False)
    address_on_file: Flag = fact("Its postal address is on file", True)
    users_known: Flag = fact("It knows who its users are", True)
    found_false: Flag = fact("What it told of itself was found to be false", False)


class Identity(NamedTuple):
    may_ask: bool
    may_refuse: bool
    breach: bool
    missing: tuple[str, ...]


WORDS = {
    "documents": "documents that show who it is",
    "change": "documents that show what has changed",
    "address": "its postal address",
    "users": "that it knows who its users are",
}


def tell_identity(outcome: Identity) -> str:
    if outcome.breach:
        told = "The customer breaches the contract, because what it told of itself is false"
    elif outcome.may_refuse:
        told = "The customer need not be served, because it does not show who it is"
    elif outcome.may_ask:
        told = "The customer may be asked to show who it is"
    else:
        told = "No documents of the customer may be asked for"
    missing = f"; missing: {listed([WORDS[one] for one in outcome.missing])}" if outcome.missing else ""
    return f"{told}{missing}."


@rule("identity.required", "What may be asked of this customer about who it is, and what is missing?", tell_identity)
def decide_identity_required(sheet: Sheet, facts: IdentityFacts) -> Decision[Identity]:
    """What the contract asks for about the customer's identity: a false one weighs most, then one not shown."""
    terms = sheet.identity
    if terms is None or not any((terms.documents, terms.real, terms.address, terms.users_known)):
        return not_covered(sheet)
    cite = Citations()
    may_ask = terms.documents is not None and cite(terms.documents)
    may_refuse = False
    if may_ask and facts.shown == "declined" and terms.refused_without is not None:
        may_refuse = cite(terms.refused_without)
    breach = terms.real is not None and cite(terms.real) and facts.found_false
    missing = []
    if may_ask and facts.shown in ("asked", "declined"):
        missing.append("documents")
    if facts.changed and terms.changes_proved is not None and cite(terms.changes_proved):
        missing.append("change")
    if terms.address is not None and cite(terms.address) and not facts.address_on_file:
        missing.append("address")
    if terms.users_known is not None and cite(terms.users_known) and not facts.users_known:
        missing.append("users")
    return decided(sheet, cite, Identity(may_ask, may_refuse, breach, tuple(missing)))
