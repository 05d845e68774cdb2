"""What the staff's pages show of how contracts end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import RUNNING, Breach, DataStep, EndRequest, Notice, Succession
from backoffice.pages.today import Entry


def _address(model: str, **narrowed: Any) -> str:
    return f"{reverse(f'admin:accounts_{model}_changelist')}?{urlencode(narrowed)}"


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """Rights that begin or lapse, and data that falls due, between two days, both included."""
    soon: dict[str, tuple[str, QuerySet[Any], str]] = {
        "breaches over which a contract may then be ended": ("breach", Breach.objects.to_fall_due(), "may_end_from"),
        "last days to end a contract over a merger": ("succession", Succession.objects.to_pass_on(), "may_end_until"),
        "steps with the data of ended contracts": ("datastep", DataStep.objects.to_come(), "due_on"),
    }
    for words, (model, rows, column) in soon.items():
        if user.has_perm(f"accounts.view_{model}"):
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            yield words, rows.filter(**between), _address(model, **between)


def stuck(user: Any) -> Iterator[Entry]:
    """What waits for somebody: rights to end, ends to complete, data to instruct, breaches nobody could be told."""
    if user.has_perm("accounts.view_breach"):
        right = Breach.objects.filter(state=Breach.State.DUE, subscription__state__in=RUNNING)
        yield "contracts that may be ended over a breach", right, _address("breach", state__exact=Breach.State.DUE)
        lost = [Notice.State.BOUNCED, Notice.State.FAILED]
        untold = Breach.objects.filter(state=Breach.State.OPEN, notice__state__in=lost)
        yield "breaches whose notice came back", untold, _address("breach", state__exact=Breach.State.OPEN)
    if user.has_perm("accounts.view_endrequest"):
        waiting = EndRequest.objects.filter(notice=None, subscription__state__in=RUNNING)
        yield "ends that were asked for", waiting, _address("endrequest")
    if user.has_perm("accounts.view_datastep"):
        for state, words in ((DataStep.State.DUE, "to instruct"), (DataStep.State.INSTRUCTED, "to confirm")):
            steps = DataStep.objects.filter(state=state)
            yield f"steps with data {words}", steps, _address("datastep", state__exact=state)
