"""Days, months and working hours as contracts count them. A day is a ``date``, a moment an aware ``datetime``."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import holidays

MonthEnd = Literal["clip", "spill"]
SATURDAY = 5
ONE_DAY = timedelta(1)


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; kept, since finding them reads a folder of hundreds of files."""
    return frozenset(available_timezones())


def days_after(day: date, count: int) -> date:
    """``count`` days later (earlier when negative); OverflowError past the year 9999."""
    return day + timedelta(count)


def has_day_after_months(day: date, months: int) -> bool:
    """Whether the month ``months`` later has this day of the month; 29 to 31 may be missing."""
    return day.day <= 28 or day.day <= month_length(*_month(day, months))


def months_after(day: date, months: int, month_end: MonthEnd = "clip") -> date:
    """The same day ``months`` later. Where that month has no such day, ``clip`` takes its last day and ``spill`` the
    first day of the month after it. OverflowError past the year 9999."""
    year, month = _month(day, months)
    if day.day <= 28:
        return date(year, month, day.day)
    last = month_length(year, month)
    if day.day <= last:
        return date(year, month, day.day)
    return date(year, month, last) if month_end == "clip" else days_after(date(year, month, last), 1)


def _month(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("the date lies outside the years 1 to 9999")
    return year, month + 1


def month_length(year: int, month: int) -> int:
    """Days of a month: 28 to 31."""
    return 28 + gregorian.isleap(year) if month == 2 else 30 + (month + month // 8) % 2


def last_of_month(day: date) -> date:
    return day.replace(day=month_length(day.year, day.month))


@lru_cache(maxsize=2048)
def public_holidays(code: str, year: int) -> frozenset[date]:
    """Public holidays of a country (``FR``) or of a part of one (``GB-ENG``), substitute days included, in one year;
    an empty code has none."""
    if not code:
        return frozenset()
    country, _, part = code.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def knows_holidays(country: str) -> bool:
    """Whether the public holidays of a country (its ISO 3166 code) are known."""
    return country in holidays.list_supported_countries()


def is_working_day(day: date, code: str) -> bool:
    """Monday to Friday, less the public holidays of ``code``."""
    return day.weekday() < SATURDAY and day not in public_holidays(code, day.year)


def working_days_after(day: date, count: int, code: str) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself when ``count`` is 0."""
    closed = public_holidays(code, day.year)
    while count:
        day += ONE_DAY
        if day.month == 1 and day.day == 1:
            closed = public_holidays(code, day.year)
        if day.weekday() < SATURDAY and day not in closed:
            count -= 1
    return day


def working_day_from(day: date, code: str) -> date:
    """``day`` itself if it is a working day, else the next one."""
    while not is_working_day(day, code):
        day = days_after(day, 1)
    return day


def next_opening(moment: datetime, opens: time, closes: time, code: str, zone: ZoneInfo) -> datetime:
    """``moment`` itself inside the office hours (closing time is still inside), else the next opening, in ``zone``."""
    local = moment.astimezone(zone)
    if is_working_day(local.date(), code):
        if local.time() < opens:
            return datetime.combine(local.date(), opens, zone)
        if local.time() <= closes:
            return local
    return datetime.combine(working_days_after(local.date(), 1, code), opens, zone)


def office_hours_after(start: datetime, hours: int, opens: time, closes: time, code: str) -> datetime:
    """``hours`` of open time after ``start``, which lies inside the office hours; closing time is still inside."""
    left = timedelta(hours=hours)
    moment = start
    while True:
        close = datetime.combine(moment.date(), closes, moment.tzinfo)
        # Same zone on both sides: the difference is one of the clock on the wall, as office hours are.
        if left <= close - moment:
            return moment + left
        left -= close - moment
        moment = datetime.combine(working_days_after(moment.date(), 1, code), opens, moment.tzinfo)


def elapsed_hours_after(start: datetime, hours: int) -> datetime:
    """``hours`` of real time after ``start``, also across a change of the clocks."""
    zone = start.tzinfo
    return (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours)).astimezone(zone)
