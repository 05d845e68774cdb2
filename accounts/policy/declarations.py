"""What a customer declares by its contract, and what a breach of that costs it."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, get_args

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, Listed, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed

Kind = Literal["no_preparation", "no_promotion", "no_benefit", "lawful_funds", "no_listed_crimes"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WORDS: dict[str, str] = {
    "no_preparation": "that it neither prepares nor commits a crime",
    "no_promotion": "that it neither promotes nor instigates a crime",
    "no_benefit": "that it draws no benefit from a crime",
    "lawful_funds": "that its funds come from a lawful source",
    "no_listed_crimes": "that it has no part in the crimes that the contract lists",
}


class DeclarationFacts(Facts):
    given: Annotated[tuple[Kind, ...], Listed] = fact("What the customer has declared", ["lawful_funds"])
    breached: Flag = fact("A declaration was found to be breached", False)


class Declared(NamedTuple):
    asked: tuple[str, ...]
    missing: tuple[str, ...]
    void: bool
    refund_lost: bool
    commission_lost: bool


def tell_declared(outcome: Declared) -> str:
    if outcome.void or outcome.refund_lost or outcome.commission_lost:
        follows = {
            "every contract is void": outcome.void,
            "nothing is paid back": outcome.refund_lost,
            "no commission is owed": outcome.commission_lost,
        }
        told = "A declaration was breached: " + listed([words for words, holds in follows.items() if holds])
    elif outcome.missing:
        told = f"The customer has yet to declare {listed([WORDS[kind] for kind in outcome.missing])}"
    else:
        told = "The customer has declared all that the contract asks for"
    return f"{told}."


@rule("declarations.check", "What has this customer to declare, and what follows a breach?", tell_declared)
def decide_declarations(sheet: Sheet, facts: DeclarationFacts) -> Decision[Declared]:
    """Which declarations the contract asks for, which of them are missing, and what is lost by a breach."""
    terms = sheet.declarations
    asks = [] if terms is None else [(kind, term) for kind in KINDS if (term := getattr(terms, kind)) is not None]
    if terms is None or not asks:
        return not_covered(sheet)
    cite = Citations()
    asked = tuple(kind for kind, term in asks if cite(term))
    missing = tuple(kind for kind in asked if kind not in facts.given)
    breached = facts.breached
    void = breached and terms.breach_voids is not None and cite(terms.breach_voids)
    refund_lost = breached and terms.breach_forfeits is not None and cite(terms.breach_forfeits)
    no_commission = breached and terms.breach_ends_commission is not None and cite(terms.breach_ends_commission)
    return decided(sheet, cite, Declared(asked, missing, void, refund_lost, no_commission))
