"""What a contract says about itself, as the pages of its subscriptions show it to staff and customers."""

from __future__ import annotations

from typing import Any

from accounts.models import Subscription
from accounts.policy.agreements import DisputeFacts, OrderFacts, PromiseFacts
from backoffice.terms.decision import Decision
from backoffice.terms.registry import rules
from backoffice.why import Why, of_decision

ASKED = {
    "service.promised": PromiseFacts(available=None, cause=None),
    "dispute.venue": DisputeFacts(amicable_tried=False),
}
"""What each statement is asked with: nothing happened yet, so it tells what is said in general."""


def statement(subscription: Subscription, name: str) -> Why:
    """The answer of a rule of the contract that judges a subscription, special terms included, as a panel."""
    return of_decision(rules()[name], answer(subscription, name))


def answer(subscription: Subscription, name: str) -> Decision[Any]:
    """The same answer as the rule gives it."""
    special = bool(subscription.special_terms)
    facts = ASKED.get(name) or OrderFacts(special_terms=special, in_writing=True, customers_terms=True)
    return rules()[name].decide(subscription.terms, facts)


def said(subscription: Subscription) -> list[dict[str, Any]]:
    """The clauses of what was agreed specially."""
    return [{"clause": item["clause"], "says": item["says"]} for item in subscription.special_terms.values()]
