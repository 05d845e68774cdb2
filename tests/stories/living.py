"""What the stories of contracts share: days that are lived through, and what they leave."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Notice, Subscription
from accounts.services import stop_at_once
from backoffice import clocks, days, outbox

MAY = date(2026, 5, 4)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live(until: date) -> None:
    """Lives through the days until one, that day included."""
    at = noon(until)
    assert days.catch_up(at=at) == {}
    clocks.poll(at=at)
    outbox.deliver(at=at)


def clauses(row: Any) -> set[str]:
    return {item["clause"] for item in row.because}


def now(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def notice(kind: str) -> Notice:
    return Notice.objects.get(kind=kind)


def stopped(subscription: Subscription, ground: Any, how: Any, on: date = MAY, since: date = MAY) -> Any:
    return stop_at_once(subscription=subscription, ground=ground, since=since, how=how, on=on, at=noon(on))
