"""What a day does with violations of the rules of use: says which times are over, so that somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.models import ConductCase
from accounts.services.conduct import look_at
from backoffice import days


def cases_to_look_at(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(ConductCase.objects.to_look_at(), "look_on", days_)


@days.job("Conduct cases reach their time", left=cases_to_look_at)
def look_at_cases(vendor: str, day: date, at: datetime) -> int:
    """Where the time to put a violation right is over, or that of a suspension: notes it with what may follow now."""
    cases = ConductCase.objects.claim(vendor, day, days.CHUNK)
    look_at(cases, on=day, at=at)
    return len(cases)
