"""Whether another party may take the place of one in a contract."""

from __future__ import annotations

from typing import NamedTuple

from accounts.policy.force_majeure import Contract
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, Party, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.circumstances import Assigning, NewParty
from backoffice.terms.sheet import Sheet


class AssigningFacts(Facts):
    contract: Contract = fact("Which contract", "service")
    by: Party = fact("Who hands it on", "customer")
    to: NewParty = fact("Who takes it over", "group")
    consent: Flag = fact("The other party has consented in writing", False)
    told_in_writing: Flag = fact("It was told in writing beforehand", True)
    bound: Flag = fact("Who takes it over agrees to be bound", True)


class Assigned(NamedTuple):
    allowed: bool
    reason: str


ASSIGNING = {
    "free": "The contract may be handed on.",
    "successor": "The contract goes to the corporate successor by itself.",
    "consent": "The contract may be handed on, because the other party has consented.",
    "notice": "The contract may be handed on, because it was told in writing.",
    "no_notice": "The contract may not be handed on yet: it has to be told in writing, or consented to.",
    "not_bound": "The contract may not be handed on yet: who takes it over must agree to be bound.",
    "no_consent": "The contract may not be handed on without the other party's consent.",
    "barred": "The contract may not be handed on.",
}


@rule("contract.assign", "May another party take the contract over?", lambda outcome: ASSIGNING[outcome.reason])
def decide_contract_assign(sheet: Sheet, facts: AssigningFacts) -> Decision[Assigned]:
    """Whether a contract may be handed on to another party, and what that still lacks."""
    terms = sheet.assigning if facts.contract == "service" else sheet.assigning_partner
    term = None if terms is None else terms.customer if facts.by == "customer" else terms.vendor
    if terms is None or term is None:
        return not_covered(sheet)
    cite = Citations()
    may: str = cite(term)
    if facts.by == "vendor":
        reason = "free" if may == "free" else "consent" if facts.consent else "no_consent"
    else:
        reason = _by_customer(terms, may, facts, cite)
    return decided(sheet, cite, Assigned(reason in ("free", "successor", "consent", "notice"), reason))


def _by_customer(terms: Assigning, may: str, facts: AssigningFacts, cite: Citations) -> str:
    if facts.to == "successor" and terms.successors_follow is not None and cite(terms.successors_follow):
        return "successor"
    if may == "consent" and facts.consent:
        return "consent"
    if terms.on_notice is not None and facts.to in cite(terms.on_notice):
        if not facts.told_in_writing:
            return "no_notice"
        must_be_bound = terms.must_be_bound is not None and cite(terms.must_be_bound)
        return "not_bound" if must_be_bound and not facts.bound else "notice"
    return "barred" if may == "barred" else "no_consent"
