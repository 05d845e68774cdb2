"""What an unpaid invoice has come to by a day, parts of which were paid late; and what a payment pays first where
the contract does not say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from backoffice.terms.decision import Decision
from backoffice.terms.sheet import Sheet
from billing.policy.late import Charges, Fee, LateFacts, decide_late_charges
from billing.policy.payments import Allocated, AllocationFacts


class PaidLate(NamedTuple):
    """Some of the principal that was paid after the due day; it bears interest up to and including that day."""

    amount: Decimal
    on: date


class Arrears(NamedTuple):
    """What late payment has cost by a day: the interest, and each fee."""

    interest: Decimal
    fees: tuple[Fee, ...]


def count_arrears(sheet: Sheet, facts: LateFacts, paid: Sequence[PaidLate]) -> tuple[Arrears, Decision[Charges]] | None:
    """The rule's answers for each part of a debt together: ``facts.principal`` is what is unpaid still, ``paid`` what
    was paid late.

    A part bears interest until it was paid, and is rounded by itself. Fees are those of all that was unpaid when it
    fell due, and are charged once. None where the contract charges nothing; QuestionError as ``late.charges``.
    """
    whole = facts.model_copy(update={"principal": sum((part.amount for part in paid), facts.principal)})
    decision = decide_late_charges(sheet, whole)
    if decision.outcome is None:
        return None
    if not paid:
        return Arrears(decision.outcome.interest, decision.outcome.fees), decision
    interest = decide_late_charges(sheet, facts).answer.interest
    for part in paid:
        alone = {"principal": part.amount, "as_of": min(part.on, facts.as_of), "costs": (), "collection_on": None}
        interest += decide_late_charges(sheet, facts.model_copy(update=alone)).answer.interest
    return Arrears(interest, decision.outcome.fees), decision


def oldest_first(facts: AllocationFacts) -> Allocated:
    """What a payment pays where the contract does not say: what was owed first, so the debt before what its lateness
    cost."""
    principal = min(facts.amount, facts.principal)
    costs = min(facts.amount - principal, facts.costs)
    interest = min(facts.amount - principal - costs, facts.interest)
    return Allocated(costs, interest, principal, facts.amount - principal - costs - interest)
