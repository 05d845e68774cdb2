"""What the staff's pages show of requests for support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Ticket
from accounts.tickets import LATE_PERCENT, WARN_PERCENT
from backoffice.pages.today import Entry

TICKETS = "admin:accounts_ticket_changelist"


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """The answers that fall due between two days, both included."""
    if user.has_perm("accounts.view_ticket"):
        # Deadlines of support are moments; these two days begin and end where the site is.
        within = {"due_at__gte": _midnight(first), "due_at__lt": _midnight(last + timedelta(days=1))}
        address = f"{reverse(TICKETS)}?{urlencode(within | {'state__exact': Ticket.State.OPEN})}"
        yield "requests for support to answer", Ticket.objects.waiting().filter(**within), address


def _midnight(day: date) -> str:
    return timezone.make_aware(datetime.combine(day, time.min)).isoformat()


def stuck(user: Any) -> Iterator[Entry]:
    """Requests for support that an alarm has rung over."""
    if user.has_perm("accounts.view_ticket"):
        rung = {
            "requests for support past their deadline": LATE_PERCENT,
            f"requests for support past {WARN_PERCENT}% of their time": WARN_PERCENT,
        }
        for words, percent in rung.items():
            address = f"{reverse(TICKETS)}?state__exact={Ticket.State.OPEN}&alarmed__exact={percent}"
            yield words, Ticket.objects.waiting().filter(alarmed=percent), address
