"""The outbox: what has to leave the house is a row, written in the transaction that made it due, and sent afterwards.

A sender claims rows for a while (a lease), sends them with no transaction open, and closes them. A sender that is
killed leaves its rows to whoever comes after the lease. So nothing is lost; where a sender was killed between sending
and closing, the letter goes out again under the same Message-ID, by which a mailbox knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from backoffice import discovery
from backoffice.bulk import insert_new
from backoffice.models import Event

log = structlog.get_logger(__name__)

Payload = Mapping[str, Any]

# A batch is what one sender has in hand; a kill repeats one letter at most and delays the others by the lease.
BATCH = 50
LEASE = timedelta(minutes=10)
# A sender gives the rest of its batch back well before its lease runs out, so that two never hold the same letter.
PATIENCE_SECONDS = LEASE.total_seconds() / 2
# Waits after the first failure, the second, and so on: about two days in all, then staff have to look.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))


class Courier(NamedTuple):
    """What an app brings for one kind of event.

    ``send`` talks to the outside and raises where that fails. ``sent`` and ``gave_up`` note the end on the app's own
    row, in the transaction that closes the event.
    """

    send: Callable[[Payload], None]
    sent: Callable[[Payload, datetime], None]
    gave_up: Callable[[Payload, datetime], None]


class Delivery(NamedTuple):
    """What one call of ``deliver`` did."""

    sent: int = 0
    failed: int = 0


_couriers: dict[str, Courier] = {}


def register(kind: str, courier: Courier) -> None:
    """Lets events of a kind be delivered; ValueError for a second courier of one kind."""
    if kind in _couriers:
        raise ValueError(f"two couriers want events of the kind {kind!r}")
    _couriers[kind] = courier


@cache
def couriers() -> Mapping[str, Courier]:
    """All couriers by the kind of event they deliver."""
    for _ in discovery.modules("jobs"):
        pass
    return _couriers


def post(kind: str, payloads: Iterable[tuple[str, Payload]], *, at: datetime) -> None:
    """Puts events, each with its key, into the outbox; one whose key is there already stays as it is."""
    events = [Event(kind=kind, key=key, payload=payload, created_at=at, due_at=at) for key, payload in payloads]
    insert_new(events)


def waiting() -> QuerySet[Event]:
    """Events that are neither done nor given up."""
    return Event.objects.filter(done_at=None, failed_at=None)


def deliver(*, at: datetime) -> Delivery:
    """Sends everything that is due at a moment and that nobody else has in hand."""
    total = Delivery()
    while batch := claim(at=at):
        total = Delivery(*map(sum, zip(total, _deliver(batch, at), strict=True)))
    return total


def claim(*, at: datetime) -> list[Event]:
    """Takes a batch of due events in hand until the lease runs out; the oldest first, skipping what others hold."""
    free = waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=at), due_at__lte=at).order_by("due_at", "id")
    with transaction.atomic():
        keys = list(free.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        if not keys:
            return []
        Event.objects.filter(pk__in=keys).update(claimed_until=at + LEASE, attempts=F("attempts") + 1)
    return list(Event.objects.filter(pk__in=keys).order_by("due_at", "id"))


def _deliver(batch: list[Event], at: datetime) -> Delivery:
    """Sends one batch; what there was no time for goes back, untried."""
    started, sent, failed = monotonic(), 0, 0
    for position, event in enumerate(batch):
        if monotonic() - started > PATIENCE_SECONDS:
            rest = [later.pk for later in batch[position:]]
            held = Event.objects.filter(pk__in=rest, claimed_until=event.claimed_until)
            held.update(claimed_until=None, attempts=F("attempts") - 1)
            break
        if _send(event, at):
            sent += 1
        else:
            failed += 1
    return Delivery(sent, failed)


def _send(event: Event, at: datetime) -> bool:
    """Sends one event and closes it; a failure moves it, or gives it up after the last try."""
    # Whoever claimed it again in the meantime has the word, so a sender whose lease ran out closes nothing.
    held = Event.objects.filter(pk=event.pk, claimed_until=event.claimed_until, attempts=event.attempts)
    try:
        courier = couriers()[event.kind]
        courier.send(event.payload)
    except Exception as error:
        log.exception("delivery_failed", event_id=event.pk, kind=event.kind, attempts=event.attempts)
        _put_off(event, held, error, at)
        return False
    with transaction.atomic():
        if held.update(done_at=at, claimed_until=None, error=""):
            courier.sent(event.payload, at)
    return True


def _put_off(event: Event, held: QuerySet[Event], error: Exception, at: datetime) -> None:
    """Notes a failure: the event waits longer each time, and in the end it is given up and shown to staff."""
    reason = type(error).__name__
    if event.attempts <= len(RETRY_AFTER):
        held.update(due_at=at + RETRY_AFTER[event.attempts - 1], claimed_until=None, error=reason)
        return
    with transaction.atomic():
        if held.update(failed_at=at, claimed_until=None, error=reason) and event.kind in couriers():
            couriers()[event.kind].gave_up(event.payload, at)
