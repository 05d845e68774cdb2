"""Days, months, working days and hours, at their edges."""

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.terms import calendar

PARIS, LONDON = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("day", "months", "clipped", "spilled"),
    [
        ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
        ("2024-01-30", 1, "2024-02-29", "2024-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-29"),
        ("2026-05-31", 1, "2026-06-30", "2026-07-01"),
        ("2026-11-30", 3, "2027-02-28", "2027-03-01"),
        ("2026-03-31", -1, "2026-02-28", "2026-03-01"),
        ("2026-12-28", 2, "2027-02-28", "2027-02-28"),
        ("2026-06-15", 0, "2026-06-15", "2026-06-15"),
    ],
)
def test_months_after(day: str, months: int, clipped: str, spilled: str) -> None:
    assert calendar.months_after(date.fromisoformat(day), months, "clip").isoformat() == clipped
    assert calendar.months_after(date.fromisoformat(day), months, "spill").isoformat() == spilled
    assert calendar.has_day_after_months(date.fromisoformat(day), months) == (clipped == spilled)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_month_length_is_that_of_the_gregorian_calendar(year: int, month: int) -> None:
    first = date(year, month, 1).toordinal()
    after = date(year + month // 12, month % 12 + 1, 1).toordinal() if (year, month) != (9999, 12) else first + 31
    assert calendar.month_length(year, month) == after - first
    assert calendar.last_of_month(date(year, month, 1)) == date.fromordinal(after - 1)


@pytest.mark.parametrize("step", [lambda: calendar.days_after(date(9999, 12, 31), 1), lambda: calendar.days_after(date(1, 1, 1), -1),
                                  lambda: calendar.months_after(date(9999, 12, 1), 1), lambda: calendar.months_after(date(1, 1, 1), -1)])  # fmt: skip
def test_the_calendar_ends(step: Callable[[], date]) -> None:
    with pytest.raises(OverflowError):
        step()


@pytest.mark.parametrize(
    ("code", "day", "works"),
    [
        ("GB-ENG", "2026-05-25", False),  # spring bank holiday
        ("GB-ENG", "2026-12-28", False),  # Boxing Day's substitute
        ("FR", "2026-07-14", False),
        ("GB-ENG", "2026-07-14", True),
        ("GI", "2026-09-10", False),  # Gibraltar National Day
        ("BG", "2026-03-03", False),
        ("CA", "2026-07-01", False),
        ("", "2026-12-25", True),
        ("", "2026-12-26", False),  # a Saturday
    ],
)
def test_working_days(code: str, day: str, works: bool) -> None:
    assert calendar.is_working_day(date.fromisoformat(day), code) is works


def test_working_days_are_counted_from_the_next_one() -> None:
    friday = date(2026, 12, 24)
    assert calendar.working_days_after(friday, 0, "GB-ENG") == friday
    assert calendar.working_days_after(friday, 1, "GB-ENG") == date(2026, 12, 29)
    assert calendar.working_day_from(date(2026, 12, 25), "GB-ENG") == date(2026, 12, 29)
    assert calendar.working_day_from(friday, "GB-ENG") == friday


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-04-08T08:59:59+01:00", "2026-04-08T09:00:00+01:00"),
        ("2026-04-08T17:00:00+01:00", "2026-04-08T17:00:00+01:00"),
        ("2026-04-08T17:00:01+01:00", "2026-04-09T09:00:00+01:00"),
        ("2026-04-02T18:00:00+01:00", "2026-04-07T09:00:00+01:00"),  # over Easter
        ("2026-03-27T23:30:00-05:00", "2026-03-30T09:00:00+01:00"),  # Saturday there, and summer time begins
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    found = calendar.next_opening(datetime.fromisoformat(moment), time(9), time(17), "GB-ENG", LONDON)
    assert found.isoformat() == opening


def test_office_hours_run_on_over_nights_and_end_with_closing_time() -> None:
    start = datetime(2026, 4, 8, 16, 0, tzinfo=LONDON)
    assert calendar.office_hours_after(start, 1, time(9), time(17), "GB-ENG").isoformat() == "2026-04-08T17:00:00+01:00"
    assert (
        calendar.office_hours_after(start, 12, time(9), time(17), "GB-ENG").isoformat() == "2026-04-10T12:00:00+01:00"
    )


def test_elapsed_hours_cross_the_change_of_clocks() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=PARIS)
    assert calendar.elapsed_hours_after(before, 8).isoformat() == "2026-10-25T07:30:00+01:00"
