"""What customers declare by their contracts, and what follows where it is not true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction

from accounts.models import OVER, Customer, Declaration, DeclarationBreach, Reason, Subscription
from accounts.policy.declarations import DeclarationFacts, Declared, Kind, decide_declarations
from accounts.services.customers import NotPossible
from accounts.services.states import terminate
from accounts.services.verification import terms_for
from backoffice.terms.decision import Decision
from backoffice.terms.sheet import Sheet


def ask_declarations(sheet: Sheet, given: Sequence[str], *, breached: bool = False) -> Decision[Declared]:
    """What a contract asks to be declared, given what was, and what a breach costs."""
    facts = DeclarationFacts(given=cast("tuple[Kind, ...]", tuple(given)), breached=breached)
    return decide_declarations(sheet, facts)


@transaction.atomic
def declare(
    *, subscription: Subscription, kinds: Sequence[str], by: str, text_sha256: str, on: date, at: datetime
) -> Decision[Declared]:
    """Keeps what a customer declares for a contract, by whom and in which words; returns what is still missing.

    What was declared before stays as it was. NotPossible for a contract that is over or asks for no such thing.
    """
    found = Subscription.objects.select_for_update().get(pk=subscription.pk)
    before = set(found.declarations.values_list("kind", flat=True))
    decision = ask_declarations(found.terms, [*before])
    if found.state in OVER or decision.outcome is None or not set(kinds) <= set(decision.outcome.asked):
        raise NotPossible(f"subscription {found.pk} is over, or does not ask for this to be declared")
    for kind in sorted(set(kinds) - before):
        declaration = Declaration(
            subscription=found,
            kind=kind,
            declared_on=on,
            declared_by=by,
            text_sha256=text_sha256,
            sheet=decision.sheet,
            because=decision.because,
            created_at=at,
        )
        declaration.full_clean(exclude=["subscription"])
        declaration.save()
    return ask_declarations(found.terms, sorted({*kinds, *before}))


@transaction.atomic
def find_breach(
    *, customer: Customer, vendor: str, kind: str, on: date, at: datetime, by: Any = None
) -> DeclarationBreach:
    """Notes that what a customer declared is not true, and ends what the contract calls void for it: all of them.

    What is lost by it stands on the record, for billing and for the partners' side. One that was found before stays
    as it was. NotPossible where the contract asks for no such declaration.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    if known := DeclarationBreach.objects.filter(customer=customer, vendor=vendor).first():
        return known
    sheet = terms_for(customer, vendor, on)
    decision = ask_declarations(sheet, [], breached=True)
    if decision.outcome is None or kind not in decision.outcome.asked:
        raise NotPossible(f"{sheet.name} does not ask for this to be declared")
    breach = DeclarationBreach.objects.create(
        customer=customer,
        vendor=vendor,
        kind=kind,
        found_on=on,
        found_by=by,
        void=decision.outcome.void,
        refund_lost=decision.outcome.refund_lost,
        commission_lost=decision.outcome.commission_lost,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    if breach.void:
        live = Subscription.objects.filter(customer=customer, vendor=vendor).exclude(state__in=OVER)
        for subscription in live.order_by("id"):
            terminate(subscription=subscription, reason=Reason.FALSE_DETAILS, because=decision.because, on=on, at=at)
    return breach
