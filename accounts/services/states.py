"""How contracts move from state to state. Nothing else writes a state: each move is in the table of moves, compares
the state it starts from with the one in the database, and leaves a row that says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count

from accounts.letters import Letter, resumption_letter, suspension_letter, termination_letter
from accounts.models import (
    RUNNING,
    TRANSITIONS,
    Notice,
    Period,
    PlannedEnd,
    PlannedEndQuerySet,
    Reason,
    StateChange,
    Subscription,
    Suspension,
)
from accounts.notices import about_contract, write_notices
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.data_steps import ask_data_end, plan_data_steps

State = Subscription.State
Because = list[dict[str, Any]]


class Move(NamedTuple):
    """One contract and the state it is to have, with why; its row is locked, or new."""

    subscription: Subscription
    to: str
    reason: Reason
    because: Because


def begin(subscription: Subscription, *, on: date, at: datetime, waits: Because) -> None:
    """Notes the first state of a contract that was just written; ``waits`` says why it does not begin yet, if so."""
    pending = subscription.state == State.PENDING
    reason, because = (Reason.ORDERED, waits) if pending else (Reason.BEGAN, subscription.start_because)
    StateChange.objects.create(**_change(subscription, "", subscription.state, reason, because, on, at))


def move_all(moves: Iterable[Move], *, on: date, at: datetime, columns: Mapping[str, Any] | None = None) -> None:
    """Moves contracts whose rows are locked, in one query for each pair of states, and notes why.

    NotPossible where a move is not in the table, or a contract is not in the state any more that its row was read in;
    then nothing is moved.
    """
    groups: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in moves:
        if move.to not in TRANSITIONS.get(move.subscription.state, ()):
            raise NotPossible(
                f"subscription {move.subscription.pk} is {move.subscription.state} and cannot become {move.to}"
            )
        groups[move.subscription.state, move.to].append(move)
    with transaction.atomic():
        for (old, new), group in groups.items():
            keys = [move.subscription.pk for move in group]
            rows = Subscription.objects.filter(pk__in=keys, state=old)
            if rows.update(state=new, **(columns or {})) != len(group):
                raise NotPossible(f"some of the subscriptions {keys} are not {old} any more")
            StateChange.objects.bulk_create(
                StateChange(**_change(move.subscription, old, new, move.reason, move.because, on, at)) for move in group
            )
    for group in groups.values():
        for move in group:
            move.subscription.state = move.to
            for name, value in (columns or {}).items():
                setattr(move.subscription, name, value)


def _change(
    subscription: Subscription, old: str, new: str, reason: str, because: Because, on: date, at: datetime
) -> dict[str, Any]:
    return {
        "subscription": subscription,
        "from_state": old,
        "to_state": new,
        "reason": reason,
        "on": on,
        "sheet": subscription.sheet,
        "because": because,
        "created_at": at,
    }


@transaction.atomic
def suspend(
    *,
    subscription: Subscription,
    reason: str,
    because: Because,
    on: date,
    at: datetime,
    until: date | None = None,
    words: Callable[[Suspension], Letter] = suspension_letter,
) -> Suspension:
    """Suspends a contract and tells the customer why and for how long; its fees run on.

    ``because`` holds the clauses of the decision that allows it, ``until`` is the last day. A contract may be suspended
    on several grounds at once: it is served again when the last is lifted. A ground that lasts already stays as it was
    noted first. ``words`` writes the letter, where more is to be told than the ground. NotPossible for a contract that
    does not run.
    """
    found = locked(subscription)
    if found.state not in RUNNING:
        raise NotPossible(f"subscription {found.pk} is {found.state}, so there is nothing to suspend")
    if lasting := found.suspensions.lasting().filter(reason=reason).first():
        return lasting
    suspension = Suspension(
        subscription=found,
        vendor=found.vendor,
        reason=Reason(reason),
        from_on=on,
        until_on=until,
        sheet=found.sheet,
        because=because,
        created_at=at,
    )
    suspension.full_clean(exclude=["subscription"])
    suspension.save()
    if found.state != State.SUSPENDED:
        move_all([Move(found, State.SUSPENDED, Reason(reason), because)], on=on, at=at)
    letter = words(suspension)
    about = _ordinals([found.pk])[found.pk]
    write_notices([about_contract(Notice.Kind.SUSPENSION, found, about, because, on=on, letter=letter)], at=at)
    return suspension


@transaction.atomic
def resume(
    *, subscription: Subscription, on: date, at: datetime, reason: str | None = None, why: Reason = Reason.LIFTED
) -> Subscription:
    """Lifts what a contract is suspended for: one ground, or all of them. With the last one it is served again, past
    due where something is still overdue, and the customer is told. NotPossible where it is not suspended (so)."""
    found = locked(subscription)
    lasting = found.suspensions.lasting().filter(**({"reason": reason} if reason else {}))
    if found.state != State.SUSPENDED or not lasting.exists():
        raise NotPossible(f"subscription {found.pk} is {found.state} and not suspended, so it cannot be resumed")
    lift(list(lasting.select_related("subscription__customer")), on=on, at=at, why=why)
    return locked(subscription)


def lift(suspensions: Sequence[Suspension], *, on: date, at: datetime, why: Reason) -> None:
    """Lifts suspensions whose rows and contracts are locked, and serves the contracts again that nothing else holds."""
    Suspension.objects.filter(pk__in=[one.pk for one in suspensions]).update(lifted_on=on)
    contracts = {one.subscription_id: one for one in suspensions}
    held = Suspension.objects.lasting().filter(subscription__in=contracts)
    held_by = set(held.values_list("subscription_id", flat=True))
    free = [one for key, one in contracts.items() if key not in held_by]
    for state, group in (
        (State.ACTIVE, [one for one in free if one.subscription.overdue_since is None]),
        (State.PAST_DUE, [one for one in free if one.subscription.overdue_since is not None]),
    ):
        move_all([Move(one.subscription, state, why, []) for one in group], on=on, at=at)
    abouts = _ordinals([one.subscription_id for one in free])
    kind = Notice.Kind.RESUMPTION
    drafts = []
    for one in free:
        letter, about = resumption_letter(one, on), abouts[one.subscription_id]
        drafts.append(about_contract(kind, one.subscription, about, [], on=on, letter=letter))
    write_notices(drafts, at=at)


def _ordinals(contracts: Sequence[int]) -> dict[int, str]:
    """How many suspensions each contract has had: the number of the last one, which tells its letters from those of
    every other, however often a day suspends and serves it."""
    counted = Suspension.objects.filter(subscription__in=contracts).order_by().values_list("subscription")
    return {contract: str(count) for contract, count in counted.annotate(Count("pk"))}


@transaction.atomic
def terminate(
    *, subscription: Subscription, reason: str, because: Because, on: date, at: datetime, nothing_back: bool = False
) -> Subscription:
    """Ends a contract at once, whatever its period, and tells the customer why and what becomes of its data; ``on`` is
    its last day of service. ``nothing_back`` notes for whoever bills that the contract returns nothing that was paid.

    One that has not begun by then is void. NotPossible for one that is over already.
    """
    found = locked(subscription)
    begun = found.state != State.PENDING and found.start is not None and found.start <= on
    to = State.ENDED if begun else State.VOID
    columns = {"ends_on": on, "ends_because": because, "ends_reason": reason}
    move_all([Move(found, to, Reason(reason), because)], on=on, at=at, columns=columns)
    periods = Period.objects.filter(subscription=found)
    periods.note_last_day(on)
    periods.to_close().update(state=Period.State.ENDED)
    Suspension.objects.lasting().filter(subscription=found).update(lifted_on=on)
    if nothing_back:
        StateChange.objects.filter(subscription=found, to_state=to).update(nothing_back=True)
    _tell_ends([found], on=on, at=at)
    return found


def finish(contracts: Sequence[Subscription], *, on: date, at: datetime) -> None:
    """Ends contracts whose last day is over, for the reason for which that day was set; their rows are locked."""
    moves = [Move(one, State.ENDED, Reason(one.ends_reason), one.ends_because) for one in contracts]
    move_all(moves, on=on, at=at)
    Suspension.objects.lasting().filter(subscription__in=[one.pk for one in contracts]).update(lifted_on=on)
    _tell_ends(contracts, on=on, at=at)


def _tell_ends(contracts: Sequence[Subscription], *, on: date, at: datetime) -> None:
    """Plans what becomes of the data of contracts that have just ended, and tells their customers of both."""
    ended = [(one, ask_data_end(one, one.ends_reason, one.ends_on)) for one in contracts if one.ends_on]
    plan_data_steps([(one, data) for one, data in ended if one.state == State.ENDED], at=at)
    drafts = []
    for one, data in ended:
        because = together(one.ends_because, data.because)
        letter = termination_letter(one, because, data.outcome if one.state == State.ENDED else None)
        drafts.append(about_contract(Notice.Kind.TERMINATION, one, "", because, on=on, letter=letter))
    write_notices(drafts, at=at)


def plan_ends(ends: Sequence[PlannedEnd]) -> None:
    """Keeps what is to end contracts, whose rows are locked; the earliest of it is a contract's last day, after which
    the day's job ends it. NotPossible for a contract that does not run."""
    for end in ends:
        if end.subscription.state not in RUNNING:
            raise NotPossible(
                f"subscription {end.subscription_id} is {end.subscription.state}, so there is nothing to end"
            )
    PlannedEnd.objects.bulk_create(ends)
    settle_ends([end.subscription_id for end in ends])


def take_back(ends: PlannedEndQuerySet, *, on: date) -> None:
    """Takes back what was to end contracts, whose rows are locked; what else ends them goes on doing so."""
    contracts = list(ends.values_list("subscription", flat=True))
    ends.update(taken_back_on=on)
    settle_ends(contracts)


def settle_ends(contracts: Sequence[int]) -> None:
    """Sets the last days of contracts that run by what ends each of them first; their rows are locked."""
    standing: dict[int, list[PlannedEnd]] = defaultdict(list)
    for end in PlannedEnd.objects.standing().filter(subscription__in=contracts):
        standing[end.subscription_id].append(end)
    rows = Subscription.objects.running().in_bulk(contracts)
    for key, contract in rows.items():
        first = next(iter(standing[key]), None)
        notice = next((end for end in standing[key] if end.reason == Reason.NOTICE), None)
        contract.notice_on = notice.told_on if notice else None
        contract.ends_on = first.ends_on if first else None
        contract.ends_because, contract.ends_reason = (first.because, first.reason) if first else ([], "")
    Subscription.objects.bulk_update(rows.values(), ["notice_on", "ends_on", "ends_because", "ends_reason"])
    by_day: dict[date | None, list[int]] = defaultdict(list)
    for key, contract in rows.items():
        by_day[contract.ends_on].append(key)
    for ends_on, keys in by_day.items():
        Period.objects.filter(subscription__in=keys).note_last_day(ends_on)


@transaction.atomic
def note_overdue(*, subscription: Subscription, since: date, on: date, at: datetime) -> Subscription:
    """Notes that something is overdue since a day: an active contract is past due from now on.

    What is overdue longer stays so. NotPossible for a contract that does not run.
    """
    found = locked(subscription)
    if found.state not in RUNNING:
        raise NotPossible(f"subscription {found.pk} is {found.state}, so nothing of it is past due")
    if found.overdue_since is not None:
        return found
    columns = {"overdue_since": since}
    if found.state == State.ACTIVE:
        move_all([Move(found, State.PAST_DUE, Reason.OVERDUE, [])], on=on, at=at, columns=columns)
    else:
        Subscription.objects.filter(pk=found.pk).update(**columns)
    return locked(found)


def note_all_overdue(since: Mapping[Subscription, date], *, on: date, at: datetime) -> None:
    """Notes of contracts that run, whose rows are locked and of which nothing was overdue, since which day something
    is."""
    by_day: dict[date, list[Subscription]] = defaultdict(list)
    for contract, first in since.items():
        by_day[first].append(contract)
    for first, group in by_day.items():
        columns = {"overdue_since": first}
        active = [Move(one, State.PAST_DUE, Reason.OVERDUE, []) for one in group if one.state == State.ACTIVE]
        move_all(active, on=on, at=at, columns=columns)
        others = [one.pk for one in group if one.state == State.SUSPENDED]
        Subscription.objects.filter(pk__in=others).update(**columns)


@transaction.atomic
def note_paid(*, subscription: Subscription, on: date, at: datetime) -> Subscription:
    """Notes that nothing is overdue any more: a contract past due is active again, and a suspension because nothing was
    paid is lifted. Nothing happens where nothing was overdue."""
    found = locked(subscription)
    if found.overdue_since is None:
        return found
    columns = {"overdue_since": None, "overdue_told_on": None}
    if found.state == State.PAST_DUE:
        move_all([Move(found, State.ACTIVE, Reason.PAID, [])], on=on, at=at, columns=columns)
        return locked(found)
    Subscription.objects.filter(pk=found.pk).update(**columns)
    if found.suspensions.lasting().filter(reason=Reason.UNPAID).exists():
        return resume(subscription=found, on=on, at=at, reason=Reason.UNPAID, why=Reason.PAID)
    return locked(found)


def locked(subscription: Subscription) -> Subscription:
    """The contract as it is now, locked until the transaction ends."""
    return Subscription.objects.select_for_update(of=("self",)).select_related("customer").get(pk=subscription.pk)
