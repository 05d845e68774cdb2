"""Months as a sheet counts them: always from the first day, with its own term for months that lack the day."""

from __future__ import annotations

from datetime import date

from backoffice.terms.calendar import has_day_after_months, months_after
from backoffice.terms.decision import Citations
from backoffice.terms.sheet import Sheet


def months_later(sheet: Sheet, day: date, months: int, cite: Citations) -> date:
    """The day ``months`` later; what happens where the month has no such day is cited only where it makes a difference.
    OverflowError past the year 9999."""
    if has_day_after_months(day, months):
        return months_after(day, months)
    return months_after(day, months, cite(sheet.month_end) if sheet.month_end else "clip")


def whole_months(sheet: Sheet, day: date, until: date, cite: Citations) -> int:
    """How many months, counted from ``day``, have passed by ``until``, which is not before it."""
    months = (until.year - day.year) * 12 + until.month - day.month
    # The month's last day comes first of what may stand for a day that it has not, so before it none has passed.
    passed = months_after(day, months) <= until and months_later(sheet, day, months, cite) <= until
    return months if passed else months - 1
