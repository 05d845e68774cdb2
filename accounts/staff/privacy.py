"""What the staff's pages show of personal data: what is to be answered, told and given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import DataBreach, DataRequest, KeptRecord, PlannedDisposal
from accounts.services.data_clocks import LATE_PERCENT, WARN_PERCENT
from backoffice.pages.today import Entry

REQUESTS = "admin:accounts_datarequest_changelist"
BREACHES = "admin:accounts_databreach_changelist"
STRAYS = "admin:accounts_keptrecord_changelist"
PLANS = "admin:accounts_planneddisposal_changelist"


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """Answers to persons, and data that goes, between two days, both included."""
    if user.has_perm("accounts.view_datarequest"):
        between = {"answer_by__gte": first.isoformat(), "answer_by__lte": last.isoformat()}
        waiting = DataRequest.objects.filter(state=DataRequest.State.OPEN, **between)
        address = f"{reverse(REQUESTS)}?{urlencode(between | {'state__exact': DataRequest.State.OPEN})}"
        yield "requests about personal data to answer", waiting, address
    if user.has_perm("accounts.view_planneddisposal"):
        within = {"due_on__gte": first.isoformat(), "due_on__lte": last.isoformat()}
        goes = PlannedDisposal.objects.to_dispose().filter(**within)
        yield "kinds of data that go", goes, f"{reverse(PLANS)}?{urlencode(within)}"
    if user.has_perm("accounts.view_keptrecord"):
        between = {"goes_on__gte": first.isoformat(), "goes_on__lte": last.isoformat()}
        strays = KeptRecord.objects.to_let_go().filter(**between)
        address = f"{reverse(STRAYS)}?{urlencode(between | {'disposal__isnull': 1})}"
        yield "reports, mail and files that go", strays, address


def stuck(user: Any) -> Iterator[Entry]:
    """What an alarm has rung over, and data that waits to be given back."""
    for model, words, address in (
        (DataRequest, "requests about personal data", REQUESTS),
        (DataBreach, "breaches of personal data to tell the authority of", BREACHES),
    ):
        if user.has_perm(f"accounts.view_{model._meta.model_name}"):
            rung = model.objects.filter(alarmed__gte=WARN_PERCENT)
            waiting = rung.filter(state="open") if model is DataRequest else rung.filter(authority_told_at=None)
            late = waiting.filter(alarmed=LATE_PERCENT)
            yield f"{words}: past the deadline", late, f"{reverse(address)}?alarmed__exact={LATE_PERCENT}"
            soon = waiting.exclude(alarmed=LATE_PERCENT)
            said = f"{words}: past {WARN_PERCENT}% of the time"
            yield said, soon, f"{reverse(address)}?alarmed__exact={WARN_PERCENT}"
    if user.has_perm("accounts.view_planneddisposal"):
        wanted = {"wanted": PlannedDisposal.Wanted.RETURN, "returned_on": None, "done_on": None}
        plans = PlannedDisposal.objects.to_dispose().filter(**wanted)
        address = f"{reverse(PLANS)}?wanted__exact={PlannedDisposal.Wanted.RETURN}"
        yield "users' data to give back", plans, address
