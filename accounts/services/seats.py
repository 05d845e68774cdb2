"""What is done with the number of seats: what more of them cost, and when fewer of them are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest

from accounts.models import Assignment, Licence, SeatChange, Subscription
from accounts.policy.seats import AddFacts, RemoveFacts, SeatsAdded, decide_seats_add, decide_seats_remove
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.licences import make_licences, may_order, period_on, running
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor


class Changed(NamedTuple):
    """What was written, or None where the contract refuses it or is silent; and the answer that settled it."""

    change: SeatChange | None
    decision: Decision[Any]


def quote_seats(*, subscription: Subscription, seats: int, unit_price: Decimal, on: date) -> Decision[SeatsAdded]:
    """What added seats would cost for the rest of the period they join, in the currency of the contract.

    ``unit_price`` is one seat's for one whole period. NotPossible for a day on which no period runs.
    """
    terms = subscription.terms
    first, last = _bounds(subscription, on)
    facts = AddFacts(
        currency=terms.currency.value,
        unit_price=unit_price,
        seats=seats,
        period_start=first,
        period_end=last,
        added_on=on,
        commitment=subscription.commitment,
    )
    return decide_seats_add(terms, facts)


@transaction.atomic
def add_seats(
    *, subscription: Subscription, seats: int, unit_price: Decimal, asked_by: str, on: date, at: datetime
) -> Changed:
    """Adds seats at the price that ``quote_seats`` quotes, and keeps both.

    Where the contract does not say what added seats cost, they are added and no charge is kept. Refused with its
    clause, and nothing changed, where only an administrator may ask for it and ``asked_by`` is none.
    """
    current = running(subscription)
    ordering = may_order(current, asked_by)
    if ordering.outcome is not None and not ordering.outcome.allowed:
        return Changed(None, ordering)
    quote = quote_seats(subscription=current, seats=seats, unit_price=unit_price, on=on)
    change = SeatChange(
        subscription=current,
        vendor=current.vendor,
        kind=SeatChange.Kind.ADDED,
        seats=seats,
        asked_on=on,
        asked_by=asked_by,
        effective_on=on,
        sheet=quote.sheet,
        because=together(ordering.because, quote.because),
        created_at=at,
    )
    if quote.outcome is not None:
        change.currency = current.terms.currency.value
        change.charge_minor = to_minor(quote.outcome.charge, change.currency)
        change.unit_minor = to_minor(unit_price, change.currency)
        change.missed_renewal = _follows_charged(current, on)
        change.days_charged, change.days_in_period = quote.outcome.days_charged, quote.outcome.days_in_period
        change.charged_until = quote.outcome.ends_on
    change.full_clean(exclude=["subscription"])
    change.save()
    make_licences(current, seats)
    Subscription.objects.filter(pk=current.pk).update(quantity=F("quantity") + seats)
    return Changed(change, quote)


@transaction.atomic
def give_up_seats(
    *, subscription: Subscription, numbers: Collection[int], asked_by: str, on: date, at: datetime
) -> Changed:
    """Notes which licences are given up, and the first day without them that the contract says; until then they stay.

    Where the contract is silent, or only an administrator may ask for it and ``asked_by`` is none, nothing changes.
    NotPossible for licences that there are not or that are given up already, and for all that remain: who wants none
    any more gives notice to stop.
    """
    current = running(subscription)
    ordering = may_order(current, asked_by)
    if ordering.outcome is not None and not ordering.outcome.allowed:
        return Changed(None, ordering)
    staying = Licence.objects.filter(subscription=current, given_up=None)
    chosen = staying.filter(number__in=numbers)
    if not numbers or chosen.count() != len(set(numbers)):
        raise NotPossible(f"subscription {current.pk} has not all of the licences {sorted(numbers)} to give up")
    if not staying.exclude(number__in=numbers).exists():
        raise NotPossible("these are all the seats that remain; who wants none gives notice to stop")
    facts = RemoveFacts(notified_on=on, period_end=_bounds(current, on)[1], commitment=current.commitment)
    decision = decide_seats_remove(current.terms, facts)
    if decision.outcome is None:
        return Changed(None, decision)
    change = SeatChange(
        subscription=current,
        vendor=current.vendor,
        kind=SeatChange.Kind.GIVEN_UP,
        seats=len(set(numbers)),
        asked_on=on,
        asked_by=asked_by,
        effective_on=decision.outcome.effective_on,
        sheet=decision.sheet,
        because=together(ordering.because, decision.because),
        created_at=at,
    )
    change.full_clean(exclude=["subscription"])
    change.save()
    chosen.update(given_up=change)
    return Changed(change, decision)


def take_seats_away(changes: Sequence[SeatChange], *, day: date) -> None:
    """Ends the licences that leave, and the access of whom they name. The rows are locked, with their subscriptions."""
    fewer: dict[int, Subscription] = {}
    for change in changes:
        fewer.setdefault(change.subscription_id, change.subscription).quantity -= change.seats
    Subscription.objects.bulk_update(fewer.values(), ["quantity"])
    left_on = SeatChange.objects.filter(licences=OuterRef("licence")).values("effective_on")
    held = Assignment.objects.filter(licence__given_up__in=changes, until_on=None)
    held.update(until_on=Greatest("from_on", Subquery(left_on)))
    Licence.objects.filter(given_up__in=changes).update(gone=True, holder=None, assigned_on=None)
    SeatChange.objects.filter(pk__in=[change.pk for change in changes]).update(done_on=day)


def seats_on(wanted: Sequence[tuple[Subscription, date]]) -> list[int]:
    """How many seats of each contract a period that begins on a day is charged for, in the order asked: those given up
    are gone by then, and those added on that day or later are charged by themselves."""
    changes: dict[int, list[SeatChange]] = defaultdict(list)
    for change in SeatChange.objects.filter(subscription__in={one.pk for one, _ in wanted}):
        changes[change.subscription_id].append(change)
    return [one.quantity + sum(_difference(change, on) for change in changes[one.pk]) for one, on in wanted]


def _difference(change: SeatChange, on: date) -> int:
    """By how much the seats of a day differ from those of now, for one change."""
    if change.kind == SeatChange.Kind.ADDED:
        return -change.seats if change.effective_on >= on else 0
    if change.done_on is None:
        return -change.seats if change.effective_on <= on else 0
    return change.seats if change.effective_on > on else 0


def _bounds(subscription: Subscription, on: date) -> tuple[date, date]:
    """First and last day of the period that runs on a day; where the contract knows no periods, the day itself."""
    if subscription.renewal_months is None:
        return on, on
    period = period_on(subscription, on)
    if period is None:
        raise NotPossible(f"subscription {subscription.pk} has no period that runs on {on}")
    return period.period_start, period.period_end


def _follows_charged(subscription: Subscription, on: date) -> bool:
    """Whether the period after the one that runs on a day was invoiced already."""
    period = period_on(subscription, on)
    return period is not None and period.invoiced_on is not None
