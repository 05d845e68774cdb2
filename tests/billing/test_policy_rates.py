"""When somebody has to look at what the publisher of a rate says."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.terms.book import book
from billing.policy.rates import ReferenceFacts, decide_late_reference, is_out_of_date, tell_reference


@pytest.mark.parametrize(
    ("series", "looked_on", "steps", "day", "stale"),
    [
        ("bank_of_england", None, [], date(2026, 3, 2), True),
        ("bank_of_england", None, [date(2025, 12, 18)], date(2026, 2, 1), False),
        ("bank_of_england", None, [date(2025, 12, 18)], date(2026, 2, 2), True),
        ("bank_of_england", date(2026, 1, 31), [date(2025, 12, 18)], date(2026, 2, 2), False),
        ("french_legal", None, [date(2025, 7, 1)], date(2025, 12, 31), False),
        ("french_legal", None, [date(2025, 7, 1)], date(2026, 1, 1), True),
        ("french_legal", date(2026, 1, 2), [date(2025, 7, 1)], date(2026, 6, 30), False),
        ("french_legal", date(2026, 1, 2), [date(2026, 1, 1)], date(2026, 7, 1), True),
        ("french_legal", None, [date(2026, 7, 1)], date(2026, 6, 30), True),
    ],
)
def test_a_rate_is_out_of_date_when_nobody_looked_for_too_long(
    series: str, looked_on: date | None, steps: list[date], day: date, stale: bool
) -> None:
    assert is_out_of_date(series, looked_on, steps, day) == stale


def test_the_answer_says_which_rate() -> None:
    decision = decide_late_reference(book().newest("secureflag"), ReferenceFacts())
    assert tell_reference(decision.answer) == "The bank of england rate."
    assert not decide_late_reference(book().newest("securepacket"), ReferenceFacts()).covered
