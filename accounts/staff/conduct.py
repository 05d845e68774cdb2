"""What the staff's pages show of violations of the rules of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import LIVE_CASES, AbuseReport, ConductCase, ConductStep, EvidenceRequest
from accounts.services.abuse import WARN_PERCENT
from accounts.staff.made import Item, rows_of
from backoffice.pages.today import Entry

CASES = "admin:accounts_conductcase_changelist"
REPORTS = "admin:accounts_abusereport_changelist"
EVIDENCE = "admin:accounts_evidencerequest_changelist"


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """The times to put something right that run out between two days, both included."""
    if user.has_perm("accounts.view_conductcase"):
        within = {"cure_until__gte": first.isoformat(), "cure_until__lte": last.isoformat()}
        live = {"state__in": ",".join(LIVE_CASES)}
        address = f"{reverse(CASES)}?{urlencode(within | live)}"
        yield "last days to put a violation right", ConductCase.objects.live().filter(**within), address


def stuck(user: Any) -> Iterator[Entry]:
    """Reports and cases that wait for staff, and requests that an alarm has rung over."""
    if user.has_perm("accounts.view_abusereport"):
        waiting = AbuseReport.objects.filter(state=AbuseReport.State.WAITING)
        yield "reports of violations to look at", waiting, f"{reverse(REPORTS)}?state__exact=waiting"
    if user.has_perm("accounts.view_conductcase"):
        new = ConductCase.objects.filter(state=ConductCase.State.OPEN)
        yield "conduct cases to decide", new, f"{reverse(CASES)}?state__exact=open"
        over = ConductCase.objects.live().filter(time_over_on__isnull=False)
        live = ",".join(LIVE_CASES)
        address = f"{reverse(CASES)}?state__in={live}&time_over_on__isnull=0"
        yield "conduct cases whose time is over", over, address
    if user.has_perm("accounts.view_evidencerequest"):
        near = EvidenceRequest.objects.waiting().filter(alarmed=WARN_PERCENT)
        address = f"{reverse(EVIDENCE)}?state__exact=waiting&alarmed__exact={WARN_PERCENT}"
        yield f"requests for evidence past {WARN_PERCENT}% of their time", near, address


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """What was noted of cases on a vendor's day."""
    steps = ConductStep.objects.filter(case__vendor=vendor, on=day).select_related("case__subscription__customer")
    yield from rows_of("steps in conduct cases", steps, limit, _of_step)


def _of_step(step: ConductStep) -> Item:
    words = f"{step.case.subscription.customer}: {step.case.violation}, {step.get_kind_display()}"
    return words, reverse("admin:accounts_conductcase_change", args=(step.case_id,))
