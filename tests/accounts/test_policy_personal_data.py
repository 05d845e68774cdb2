"""What the law asks about personal data where a contract is silent, and in any case (GDPR 12 and 33)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import pytest

from accounts.policy.personal_data import (
    DataBreachDue,
    DataBreachFacts,
    DataRequestDue,
    DataRequestFacts,
    breach_by_law,
    request_by_law,
)

NOTICED = datetime.fromisoformat("2026-03-06T17:00:00+01:00")
IN_72_HOURS = datetime.fromisoformat("2026-03-09T17:00:00+01:00")


@pytest.mark.parametrize(
    ("extended", "by"),
    [
        pytest.param(False, date(2026, 2, 28), id="GDPR 12(3) a month, which February cuts short"),
        pytest.param(True, date(2026, 4, 30), id="GDPR 12(3) three months"),
    ],
)
def test_a_request_by_law(extended: bool, by: date) -> None:
    due, because = request_by_law(DataRequestFacts(received_on=date(2026, 1, 31), extended=extended))
    assert due == DataRequestDue(True, by)
    assert [item["clause"] for item in because] == ["GDPR 12(3)"]


@pytest.mark.parametrize(
    ("risk", "authority_by", "persons_told", "clauses"),
    [
        ("unlikely", None, False, ["GDPR 33(1)", "GDPR 33(2)"]),
        ("likely", IN_72_HOURS, False, ["GDPR 33(1)", "GDPR 33(2)"]),
        ("high", IN_72_HOURS, True, ["GDPR 33(1)", "GDPR 33(2)", "GDPR 34(1)"]),
    ],
)
def test_a_breach_by_law(
    risk: Literal["unlikely", "likely", "high"], authority_by: datetime | None, persons_told: bool, clauses: list[str]
) -> None:
    due, because = breach_by_law(DataBreachFacts(noticed_at=NOTICED, risk=risk))
    assert due == DataBreachDue(True, authority_by, persons_told)
    assert [item["clause"] for item in because] == clauses
