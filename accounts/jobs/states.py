"""What a day does with the states of contracts: suspensions for a time end with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.models import Reason, Suspension
from accounts.services.states import lift
from backoffice import days


def suspensions_to_end(days_: Mapping[str, date]) -> dict[str, int]:
    before = {vendor: day - timedelta(days=1) for vendor, day in days_.items()}
    return days.due_rows(Suspension.objects.to_end(), "until_on", before)


@days.job("Suspensions end with their time", left=suspensions_to_end)
def end_suspensions(vendor: str, day: date, at: datetime) -> int:
    """Where the last day of a suspension was yesterday or before: lifts it, and serves what nothing else holds."""
    suspensions = Suspension.objects.claim(vendor, day - timedelta(days=1), days.CHUNK)
    lift(suspensions, on=day, at=at, why=Reason.TIME_OVER)
    return len(suspensions)
