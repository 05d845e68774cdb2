"""What a day does with data that is kept no longer, and a minute with what the law gives a time for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Min, QuerySet

from accounts.models import IdentityDocument, KeptRecord, PersonKey, PlannedDisposal, Subscription
from accounts.models.erasure import KEY_LIVES
from accounts.services.data_clocks import ring
from accounts.services.erasure import destroy_keys
from accounts.services.retention import dispose_of_due, plan_disposals
from accounts.services.strays import let_go
from backoffice import clocks, days

clocks.clock("Requests and breaches of personal data near their deadline")(ring)


@days.first_days
def first_disposals() -> dict[str, date]:
    """The earliest day on which something of each vendor's goes, which may lie long after its last contract."""
    firsts: dict[str, date] = {}
    for rows, column in waiting():
        for vendor, first in rows.order_by().values_list("vendor").annotate(Min(column)):
            firsts[vendor] = min(first, firsts.get(vendor, first))
    return firsts


def waiting() -> tuple[tuple[QuerySet[Any], str], ...]:
    """All that has a day on which it goes, and the column of that day."""
    return (
        (Subscription.objects.data_to_plan(), "ends_on"),
        (PlannedDisposal.objects.to_dispose(), "due_on"),
        (KeptRecord.objects.to_let_go(), "goes_on"),
        (IdentityDocument.objects.to_purge(), "purge_on"),
        (_living(), "keep_until"),
    )


def _living() -> QuerySet[PersonKey]:
    return PersonKey.objects.filter(KEY_LIVES)


def data_to_plan(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Subscription.objects.data_to_plan(), "ends_on", days_)


@days.job("It is set when the data of ended contracts goes", left=data_to_plan)
def plan_what_goes(vendor: str, day: date, at: datetime) -> int:
    """Sets for each contract that is over when each kind of its data goes, as the contract says."""
    over = Subscription.objects.data_to_plan().filter(vendor=vendor, ends_on__lte=day).order_by("ends_on", "id")
    rows = list(over.select_related("customer").select_for_update(of=("self",), skip_locked=True)[: days.CHUNK])
    plan_disposals(rows, day=day, at=at)
    return len(rows)


def data_to_dispose(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(PlannedDisposal.objects.to_dispose(), "due_on", days_)


@days.job("Data that is kept no longer is disposed of", left=data_to_dispose)
def dispose_of_data(vendor: str, day: date, at: datetime) -> int:
    """Disposes of what the time of is over, through the one function that does."""
    plans = PlannedDisposal.objects.claim(vendor, day, days.CHUNK)
    dispose_of_due(plans, day=day, at=at)
    return len(plans)


def strays_to_let_go(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(KeptRecord.objects.to_let_go(), "goes_on", days_)


@days.job("What hangs on no contract goes", left=strays_to_let_go)
def let_strays_go(vendor: str, day: date, at: datetime) -> int:
    """Disposes of reports, mail and files that hang on no contract, when their own time is over."""
    records = KeptRecord.objects.claim(vendor, day, days.CHUNK)
    let_go(records, day=day, at=at)
    return len(records)


def keys_to_destroy(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(_living(), "keep_until", days_)


@days.job("Keys whose time is over are destroyed", left=keys_to_destroy)
def destroy_old_keys(vendor: str, day: date, at: datetime) -> int:
    """Destroys the keys of erased persons when nothing keeps what they seal any more."""
    return destroy_keys(vendor, day, at, days.CHUNK)
