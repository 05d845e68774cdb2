"""What a customer must tell of itself."""

from __future__ import annotations

from typing import Literal, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.contact import ContactPart
from backoffice.terms.sheet import Sheet

Part = Literal[ContactPart, "ownership"]


class ContactFacts(Facts):
    part: Part = fact("Which data", "email")


class ContactDuty(NamedTuple):
    keep_current: bool
    prove: bool


def tell_contact(outcome: ContactDuty) -> str:
    must = "The customer must keep it current" if outcome.keep_current else "The customer need not keep it current"
    return f"{must}, and {'may' if outcome.prove else 'cannot'} be asked to prove it."


@rule("contact.duty", "Must a customer keep this data current, and may it be asked to prove it?", tell_contact)
def decide_contact_duty(sheet: Sheet, facts: ContactFacts) -> Decision[ContactDuty]:
    """What the contract asks of a customer about one part of its contact data, or about who owns the service."""
    terms = sheet.contact
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if facts.part == "ownership":
        owned = terms.ownership_current
        return decided(sheet, cite, ContactDuty(cite(owned), False)) if owned else not_covered(sheet)
    if not (terms.keep_current or terms.proof_of):
        return not_covered(sheet)
    current = terms.keep_current is not None and facts.part in cite(terms.keep_current)
    prove = terms.proof_of is not None and facts.part in cite(terms.proof_of)
    return decided(sheet, cite, ContactDuty(current, prove))
