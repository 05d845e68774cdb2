"""What a day does with seats: takes those away that were given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.models import SeatChange
from accounts.services import take_seats_away
from backoffice import days


def seats_to_leave(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(SeatChange.objects.to_leave(), "effective_on", days_)


@days.job("Seats that were given up leave", left=seats_to_leave)
def let_seats_leave(vendor: str, day: date, at: datetime) -> int:
    """Takes away the licences that were given up, from the day on that the contract said."""
    changes = SeatChange.objects.claim(vendor, day, days.CHUNK)
    take_seats_away(changes, day=day)
    return len(changes)
