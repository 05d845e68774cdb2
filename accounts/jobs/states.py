"""What a day does with the states of contracts: who owes is told, suspensions for a time end with it, contracts without
periods end on the day that was set, and what was to be put right or decided by then is not any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.models import Breach, DataStep, EndRequest, Reason, Subscription, Succession, Suspension
from accounts.services import breaches, data_steps
from accounts.services.endings import complete_ends
from accounts.services.overdue import tell_where_due
from accounts.services.states import finish, lift
from backoffice import clocks, days


def overdue_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Subscription.objects.overdue_to_tell(), "overdue_since", days_)


@days.job("Customers are told of what is overdue", left=overdue_to_tell)
def tell_of_overdue(vendor: str, day: date, at: datetime) -> int:
    """Writes, once for each time that something is overdue, the notice that has to come before support may stop."""
    due = Subscription.objects.overdue_to_tell().filter(vendor=vendor, overdue_since__lte=day)
    rows = due.order_by("overdue_since", "id").select_related("customer")
    contracts = list(rows.select_for_update(of=("self",), skip_locked=True)[: days.CHUNK])
    tell_where_due(contracts, day=day, at=at)
    return len(contracts)


def suspensions_to_end(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Suspension.objects.to_end(), "until_on", _before(days_))


@days.job("Suspensions end with their time", left=suspensions_to_end)
def end_suspensions(vendor: str, day: date, at: datetime) -> int:
    """Where the last day of a suspension was yesterday or before: lifts it, and serves what nothing else holds."""
    suspensions = Suspension.objects.claim(vendor, day - timedelta(days=1), days.CHUNK)
    lift(suspensions, on=day, at=at, why=Reason.TIME_OVER)
    return len(suspensions)


def ends_to_reach(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Subscription.objects.to_end(), "ends_on", _before(days_))


@days.job("Contracts without periods end", left=ends_to_reach)
def end_contracts(vendor: str, day: date, at: datetime) -> int:
    """Ends the contracts without an open period whose last day was yesterday or before."""
    due = Subscription.objects.to_end().filter(vendor=vendor, ends_on__lt=day).order_by("ends_on", "id")
    rows = due.select_related("customer").select_for_update(of=("self",), skip_locked=True)
    contracts = list(rows[: days.CHUNK])
    finish(contracts, on=day, at=at)
    return len(contracts)


def breaches_to_fall_due(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Breach.objects.to_fall_due(), "may_end_from", days_)


@days.job("Breaches that were not put right fall due", left=breaches_to_fall_due)
def breaches_fall_due(vendor: str, day: date, at: datetime) -> int:
    """Shows staff that a contract may be ended over a breach; the right has to be used by somebody."""
    due = Breach.objects.claim(vendor, day, days.CHUNK)
    breaches.fall_due(due, on=day)
    return len(due)


def mergers_to_pass_on(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Succession.objects.to_pass_on(), "may_end_until", _before(days_))


@days.job("Contracts of merged customers pass on", left=mergers_to_pass_on)
def pass_on(vendor: str, day: date, at: datetime) -> int:
    """Where the vendor has not ended the contract in time, who follows has taken it over."""
    due = Succession.objects.claim(vendor, day - timedelta(days=1), days.CHUNK)
    Succession.objects.filter(pk__in=[one.pk for one in due]).update(state=Succession.State.PASSED_ON)
    return len(due)


def data_to_fall_due(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(DataStep.objects.to_come(), "due_on", days_)


@days.job("Data of ended contracts falls due", left=data_to_fall_due)
def data_falls_due(vendor: str, day: date, at: datetime) -> int:
    """Takes licences from users who are to be disconnected, and shows staff what is to be instructed."""
    due = DataStep.objects.claim(vendor, day, days.CHUNK)
    data_steps.fall_due(due, on=day)
    return len(due)


def complete_told_ends(at: datetime) -> int:
    """Ends the contracts whose completion was told, once the notice is sent."""
    waiting = EndRequest.objects.filter(ended_on=None, notice__sent_at__isnull=False).order_by("id")
    rows = waiting.select_related("subscription__customer", "notice")
    requests = list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[: clocks.CHUNK])
    complete_ends(requests, at=at)
    return len(requests)


def _before(days_: Mapping[str, date]) -> dict[str, date]:
    return {vendor: day - timedelta(days=1) for vendor, day in days_.items()}
