"""What keeps a person's data from being erased now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.models import OVER, Administrator, Customer, EndUser, Licence, Notice, Subscription, User


def bars(person: Any, on: date) -> Iterator[str]:
    """``contract_open``, ``serves``, ``holds_licence``: the person is needed; ``letters_waiting``: some still leave."""
    if isinstance(person, Administrator) and person.removed_on is None:
        yield "serves"
    if isinstance(person, User) and person.is_active and person.is_staff:
        yield "serves"
    if isinstance(person, EndUser) and Licence.objects.filter(holder=person).exists():
        yield "holds_licence"
    if isinstance(person, Customer):
        if Subscription.objects.filter(customer=person).exclude(state__in=OVER).exists():
            yield "contract_open"
        # A letter whose last try failed waits for staff, not for its sender.
        if Notice.objects.filter(customer=person, state=Notice.State.WAITING).exists():
            yield "letters_waiting"
