"""What the staff's pages show of changes of contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import AmendmentNotice, MaterialClaim

NOTICES = "admin:accounts_amendmentnotice_changelist"
CLAIMS = "admin:accounts_materialclaim_changelist"


def due(user: Any, first: date, last: date) -> Iterator[tuple[str, int, str]]:
    """The letters about changes that are to be written between two days, and the changes that take effect."""
    if user.has_perm("accounts.view_amendmentnotice"):
        soon = {
            "customers to tell of a change": (AmendmentNotice.objects.to_tell(), "tell_on", "planned"),
            "contracts on which a change takes effect": (AmendmentNotice.objects.to_move(), "moves_on", "told"),
        }
        for words, (rows, column, state) in soon.items():
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            address = f"{reverse(NOTICES)}?{urlencode(between | {'state__exact': state})}"
            yield words, rows.filter(**between).count(), address


def stuck(user: Any) -> Iterator[tuple[str, int, str]]:
    """Changes whose letter came back, and claims that wait for an answer."""
    if user.has_perm("accounts.view_amendmentnotice"):
        lost = AmendmentNotice.State.UNTOLD
        untold = AmendmentNotice.objects.filter(state=lost).count()
        yield "changes whose letter came back", untold, f"{reverse(NOTICES)}?{urlencode({'state__exact': lost})}"
    if user.has_perm("accounts.view_materialclaim"):
        waiting = MaterialClaim.State.OPEN
        claims = MaterialClaim.objects.filter(state=waiting).count()
        address = f"{reverse(CLAIMS)}?{urlencode({'state__exact': waiting})}"
        yield "claims that a change affects a customer", claims, address
