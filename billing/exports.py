"""What this app holds of persons: nothing of its own. An invoice names its customer by number; its letter
is a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.models import Customer
from billing.models import Invoice

HOLDINGS: tuple[Any, ...] = ()

NOTHING_PERSONAL: dict[str, str] = {}


def bars(person: Any, on: date) -> Iterator[str]:
    """``debt_open``: an invoice is not due yet."""
    if not isinstance(person, Customer):
        return
    if Invoice.objects.filter(subscription__customer=person, due_on__gte=on).exists():
        yield "debt_open"
