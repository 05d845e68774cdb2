"""The clocks of what the law gives a time for: requests of persons, breaches of their data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import DataAlarm, DataBreach, DataRequest
from backoffice import clocks

WARN_PERCENT, LATE_PERCENT = 80, 100


def wind(row: Any, begins_at: datetime, due_at: datetime | None) -> None:
    """Sets a deadline on a row that is not saved yet; the alarms ring anew where it is another one."""
    if due_at != row.due_at:
        row.alarmed = 0
    row.due_at = due_at
    row.warn_at = begins_at + (due_at - begins_at) * WARN_PERCENT / LATE_PERCENT if due_at else None
    set_alarm(row)


def set_alarm(row: Any) -> None:
    """The moment of the next alarm."""
    left = [rings_at for part, rings_at in _parts(row) if part > row.alarmed]
    row.alarm_at = left[0] if left else None


def stop(row: Any) -> None:
    """Silences a row whose deadline was met."""
    row.alarm_at = None


def _parts(row: Any) -> list[tuple[int, datetime]]:
    return [(WARN_PERCENT, row.warn_at), (LATE_PERCENT, row.due_at)] if row.due_at else []


def ring(at: datetime) -> int:
    """One chunk of the minute's look: writes the alarms that are due, each once, and notes when the next one is."""
    return _ring(DataRequest, "request", at) + _ring(DataBreach, "breach", at)


def _ring(model: type[Any], name: str, at: datetime) -> int:
    rows = model.objects.to_ring(at, clocks.CHUNK)
    alarms = []
    for row in rows:
        over = [part for part, rings_at in _parts(row) if part > row.alarmed and rings_at <= at]
        alarms += [DataAlarm(**{name: row}, due_at=row.due_at, percent=part, rang_at=at) for part in over]
        row.alarmed = max(over)
        set_alarm(row)
    DataAlarm.objects.bulk_create(alarms, ignore_conflicts=True)
    model.objects.bulk_update(rows, ["alarmed", "alarm_at"])
    return len(rows)
