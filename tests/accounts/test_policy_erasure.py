"""What stands in the way of an erasure, and until when something stays."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.policy.erasure import decide_erasure, decide_stray, keep_until


@pytest.mark.parametrize(
    ("bars", "reason", "clauses"),
    [
        ((), "", ["GDPR 17(1)", "GDPR 17(3)(b)"]),
        (("debt_open",), "debt_open", ["GDPR 17(3)(e)"]),
        (("debt_open", "letters_waiting"), "letters_waiting", ["GDPR 17(1)(a)"]),
        (("holds_licence", "serves"), "serves", ["GDPR 17(1)(a)"]),
        (("debt_open", "serves", "contract_open"), "contract_open", ["GDPR 17(1)(a)"]),
    ],
)
def test_the_first_thing_in_the_way_is_told(bars: tuple[str, ...], reason: str, clauses: list[str]) -> None:
    erasable = decide_erasure(bars)
    assert erasable.reason == reason
    assert [item["clause"] for item in erasable.because] == clauses


def test_what_is_not_known_as_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^unknown reasons not to erase: asleep, away$"):
        decide_erasure(["away", "serves", "asleep"])


@pytest.mark.parametrize(
    ("ended_on", "years", "until"),
    [
        (date(2026, 5, 4), 0, date(2026, 5, 4)),
        (date(2026, 5, 4), 10, date(2036, 5, 4)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
    ],
)
def test_what_is_kept_goes_years_after_the_end(ended_on: date, years: int, until: date) -> None:
    assert keep_until(ended_on, years) == until


CAME = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "on", "bars", "goes_on"),
    [
        (7, CAME, (), date(2026, 3, 9)),
        (0, CAME, (), CAME),
        (30, CAME, ("report_open",), date(2026, 4, 1)),
        (7, date(2026, 3, 9), (), date(2026, 3, 9)),
        (7, date(2026, 3, 9), ("mail_waits",), date(2026, 3, 16)),
        (0, date(2026, 4, 1), ("file_named",), date(2026, 4, 8)),
    ],
)
def test_what_hangs_on_no_contract_goes_days_after_it_came_or_is_looked_at_again(
    days: int, on: date, bars: tuple[str, ...], goes_on: date
) -> None:
    going = decide_stray(CAME, days, on, bars)
    assert going.goes_on == goes_on
    assert [item["clause"] for item in going.because] == ["GDPR 5(1)(e)"]
