"""What keeps a person's data from being erased now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import (
    OVER,
    Administrator,
    Customer,
    EndUser,
    Licence,
    Membership,
    Notice,
    Reseller,
    Subscription,
    User,
)


def bars(person: Any, on: date) -> Iterator[str]:
    """``contract_open``, ``serves``, ``holds_licence``: the person is needed; ``letters_waiting``: some still leave."""
    if isinstance(person, Administrator) and person.removed_on is None:
        yield "serves"
    if isinstance(person, User) and ((person.is_active and person.is_staff) or opens_anything(person)):
        yield "serves"
    if isinstance(person, Reseller) and person.customers.exists():
        yield "serves"
    if isinstance(person, EndUser) and held_licences(person).exists():
        yield "holds_licence"
    if isinstance(person, Customer):
        if Subscription.objects.filter(customer=person).exclude(state__in=OVER).exists():
            yield "contract_open"
        # A letter whose last try failed waits for staff, not for its sender.
        if Notice.objects.filter(customer=person, state=Notice.State.WAITING).exists():
            yield "letters_waiting"


def held_licences(user: EndUser) -> QuerySet[Licence]:
    """Licences of contracts that are not over and that name the person."""
    return Licence.objects.filter(holder=user).exclude(subscription__state__in=OVER)


def opens_anything(user: User) -> bool:
    """Whether a membership lets the person see a reseller's customers, or a customer with a contract."""
    theirs = Subscription.objects.filter(customer__memberships__user=user).exclude(state__in=OVER)
    return Membership.objects.filter(user=user, reseller__isnull=False).exists() or theirs.exists()
