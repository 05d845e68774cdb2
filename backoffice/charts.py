"""Figures that people compare, drawn: bars in SVG, made on the server, that need no script and print as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Figure = int | Decimal

BAR, GAP, HEIGHT = 16, 4, 80
MONDAY = 0


class Bar(NamedTuple):
    """One bar as it is drawn: its place, what stands under it (empty for most), and its figure in words."""

    x: int
    y: float
    height: float
    label: str
    words: str


class Chart(NamedTuple):
    """A row of bars. ``most`` is the greatest figure in words; ``href`` leads to the rows behind it."""

    title: str
    bars: Sequence[Bar]
    most: str
    total: str
    href: str

    @property
    def width(self) -> int:
        return len(self.bars) * (BAR + GAP)


def chart(title: str, points: Iterable[tuple[str, Figure, str]], total: str, href: str = "") -> Chart:
    """A chart of points: each has its label, its figure, and that in words. The greatest fills the height."""
    known = list(points)
    greatest = max((value for _, value, _ in known), default=0) or 1
    bars = []
    for place, (label, value, words) in enumerate(known):
        height = round(float(HEIGHT * value / greatest), 1)
        bars.append(Bar(place * (BAR + GAP), HEIGHT - height, height, label, words))
    most = max(known, key=lambda point: point[1], default=("", 0, ""))[2]
    return Chart(title, bars, most, total, href)


def months_back(day: date, count: int) -> list[date]:
    """The first days of the last ``count`` months, the month of ``day`` last."""
    number = day.year * 12 + day.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in reversed(range(count))]


def by_month(title: str, counts: Mapping[date, Figure], day: date, unit: str, href: str = "") -> Chart:
    """A year of months up to the one of ``day``: ``counts`` by the first day of each."""
    months = months_back(day, 12)
    figures = [(month, counts.get(month, 0)) for month in months]
    points = (
        (f"{month:%b}" if month.month % 3 == 0 else "", figure, _words(f"{month:%B %Y}", figure, unit))
        for month, figure in figures
    )
    return chart(title, points, f"{sum(figure for _, figure in figures):,} {unit} in twelve months", href)


def by_day(title: str, counts: Mapping[date, int], days: Sequence[date], unit: str) -> Chart:
    """Some days in a row: ``counts`` by day."""
    points = (
        (f"{day.day}" if day.weekday() == MONDAY else "", figure, _words(f"{day:%A} {day.day} {day:%B}", figure, unit))
        for day, figure in ((day, counts.get(day, 0)) for day in days)
    )
    return chart(title, points, f"{sum(counts.values()):,} {unit}")


def _words(when: str, figure: Figure, unit: str) -> str:
    return f"{when}: {figure:,} {unit}"
