"""Bars are as high as their figures, and each figure stands there in words as well."""

from datetime import date
from decimal import Decimal

from backoffice.charts import HEIGHT, by_day, by_month, chart, months_back


def test_the_greatest_figure_fills_the_height() -> None:
    drawn = chart("Things", [("a", 5, "a: 5"), ("", 10, "b: 10"), ("", 0, "c: 0")], "15 things")
    assert [bar.height for bar in drawn.bars] == [HEIGHT / 2, HEIGHT, 0]
    assert [bar.y + bar.height for bar in drawn.bars] == [HEIGHT] * 3
    assert (drawn.most, drawn.total) == ("b: 10", "15 things")


def test_no_figures_draw_no_bars_and_nothing_fails() -> None:
    assert chart("Things", [], "none").bars == []
    assert {bar.height for bar in chart("Things", [("", 0, "a: 0")], "none").bars} == {0}


def test_a_year_of_months_ends_with_the_month_asked_for() -> None:
    assert months_back(date(2026, 2, 28), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    drawn = by_month("Invoiced", {date(2026, 2, 1): Decimal("1200.50")}, date(2026, 2, 28), "GBP")
    assert len(drawn.bars) == 12
    assert drawn.bars[-1].words == "February 2026: 1,200.50 GBP"
    assert drawn.total == "1,200.50 GBP in twelve months"
    assert [bar.label for bar in drawn.bars if bar.label] == ["Mar", "Jun", "Sep", "Dec"]


def test_days_are_named_on_mondays() -> None:
    days = [date(2026, 3, day) for day in range(1, 10)]
    drawn = by_day("Due", {date(2026, 3, 2): 3}, days, "things")
    assert [bar.label for bar in drawn.bars if bar.label] == ["2", "9"]
    assert drawn.bars[1].words == "Monday 2 March: 3 things"
