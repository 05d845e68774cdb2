"""What is done with special terms: agreed with one customer, they take the place of a value of the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import SpecialTerm, Subscription
from accounts.policy.agreements import DocumentOrder, OrderFacts, decide_documents_order
from accounts.services.customers import NotPossible
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.special import place_of, special_term
from backoffice.terms.words import day_words, value_words


class Agreed(NamedTuple):
    """The special term, or None where the contract does not let it count; and what the contract says."""

    special: SpecialTerm | None
    decision: Decision[DocumentOrder]


@transaction.atomic
def agree_special_term(
    *,
    subscription: Subscription,
    key: str,
    value: Any,
    reference: str,
    on: date,
    at: datetime,
    in_writing: bool = True,
) -> Agreed:
    """Lets a value that was agreed with the customer judge its subscription from now on, in place of the contract's.

    It takes the place of an earlier one for the same value. What was decided before stays as it is. ValidationError
    names the key or the value that the terms could not have; NotPossible for a contract that is over.
    """
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    _check_running(locked)
    sheet = book().sheet(locked.sheet)
    decision = decide_documents_order(
        sheet, OrderFacts(special_terms=True, in_writing=in_writing, customers_terms=False)
    )
    if decision.outcome is not None and "special_terms" in decision.outcome.left_out:
        return Agreed(None, decision)
    try:
        place = place_of(sheet, key)
    except ValueError as error:
        raise ValidationError({"key": str(error)}) from error
    says = f"It was agreed with this customer on {day_words(on)}"
    clause = f"Special term, for {place.term.clause}"
    try:
        term = special_term(sheet, key, value, clause, says)
    except ValueError as error:
        raise ValidationError({"value": str(error)}) from error
    label = ": ".join(place.labels)
    words = f"{label}: {value_words(term.value, place.labels[-1])}"
    special = SpecialTerm(
        subscription=locked,
        key=key,
        value=value,
        words=words,
        reference=reference,
        in_writing=in_writing,
        from_on=on,
        sheet=locked.sheet,
        because=decision.because,
        created_at=at,
    )
    _end(locked, key, on)
    special.full_clean(exclude=["value"])
    special.save()
    locked.special_terms = locked.special_terms | {key: {"value": value, "clause": clause, "says": f"{says}: {words}"}}
    locked.save(update_fields=["special_terms"])
    return Agreed(special, decision)


@transaction.atomic
def end_special_term(*, special: SpecialTerm, on: date) -> SpecialTerm:
    """Lets the contract's own value judge again from a day on; NotPossible for one that is over."""
    locked = Subscription.objects.select_for_update().get(pk=special.subscription_id)
    _check_running(locked)
    if not _end(locked, special.key, on):
        raise NotPossible(f"special term {special.pk} is over")
    locked.special_terms = {key: item for key, item in locked.special_terms.items() if key != special.key}
    locked.save(update_fields=["special_terms"])
    special.refresh_from_db()
    return special


def _check_running(subscription: Subscription) -> None:
    if not Subscription.objects.running().filter(pk=subscription.pk).exists():
        raise NotPossible(f"subscription {subscription.pk} is {subscription.state}, so its terms stay as they are")


def _end(subscription: Subscription, key: str, on: date) -> int:
    """Ends what is in force for a value, and says how many were; NotPossible for a day before it began."""
    now = SpecialTerm.objects.filter(subscription=subscription, key=key, until_on=None)
    if now.filter(from_on__gt=on).exists():
        raise NotPossible(f"what was agreed for {key} began after {on}")
    return now.update(until_on=on)
