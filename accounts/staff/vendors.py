"""What the staff's pages show of our own deadlines with vendors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import VendorClock
from backoffice.pages.today import Entry

CLOCKS = "admin:accounts_vendorclock_changelist"
OPEN, MISSED = VendorClock.State.OPEN, VendorClock.State.MISSED


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """Our deadlines between two days, both included."""
    if user.has_perm("accounts.view_vendorclock"):
        between = {"binds_on__gte": first.isoformat(), "binds_on__lte": last.isoformat()}
        address = f"{reverse(CLOCKS)}?{urlencode(between | {'state__exact': OPEN})}"
        yield "deadlines of ours with vendors", VendorClock.objects.filter(state=OPEN, **between), address


def stuck(user: Any) -> Iterator[Entry]:
    """Our deadlines that have passed, and those of which four fifths of the time are over."""
    if user.has_perm("accounts.view_vendorclock"):
        missed = VendorClock.objects.filter(state=MISSED)
        yield "deadlines with vendors that we missed", missed, f"{reverse(CLOCKS)}?state__exact={MISSED}"
        near = VendorClock.objects.filter(state=OPEN, warned_on__isnull=False)
        address = f"{reverse(CLOCKS)}?state__exact={OPEN}&warned_on__isnull=False"
        yield "deadlines with vendors past 80% of their time", near, address
