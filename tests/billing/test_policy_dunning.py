"""What follows when a bill is not paid, contract by contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backoffice.terms.book import book
from billing.policy.dunning import Rung, Unpaid, ladder, warns

DUE, WARNED = date(2026, 4, 1), date(2026, 4, 15)


def steps(vendor: str, **more: Any) -> list[tuple[str, date]]:
    return [(one.kind, one.on) for one in ladder(book().newest(vendor), Unpaid(DUE, WARNED, **more))]


def april(day: int) -> date:
    return date(2026, 4, day)


@pytest.mark.parametrize(
    ("vendor", "expected"),
    [
        pytest.param(
            "securegroup",
            [("past_due", april(2)), ("late_charges", april(2)), ("may_suspend", april(2)), ("may_end", april(2))],
            id="TOS 6, 8: at once",
        ),
        pytest.param(
            "secureflag",
            [
                ("past_due", april(2)),
                ("late_charges", april(2)),
                ("warning", WARNED),
                ("may_suspend", date(2026, 5, 1)),
                ("cure_by", date(2026, 5, 15)),
                ("may_end", date(2026, 5, 16)),
            ],
            id="SF 5.2, 5.3, 13.4: thirty days from when it was due, thirty from the warning",
        ),
        pytest.param(
            "cryptopass",
            [
                ("past_due", april(2)),
                ("late_charges", april(2)),
                ("may_suspend", april(2)),
                ("warning", WARNED),
                ("cure_by", april(30)),
                ("may_end", date(2026, 5, 1)),
            ],
            id="CP 5.3, 5.5: access at once, the end fifteen days after the warning",
        ),
        pytest.param(
            "ethicmail",
            [
                ("past_due", april(2)),
                ("late_charges", april(2)),
                ("may_suspend", april(2)),
                ("warning", WARNED),
                ("cure_by", april(29)),
                ("may_end", april(30)),
            ],
            id="EM 3.1.1, 4.6, 2.12.1: fourteen days",
        ),
        pytest.param(
            "securegroup_devices",
            [("past_due", april(2)), ("late_charges", april(2)), ("may_suspend", april(2)), ("may_end", april(2))],
            id="DEV 6.2, 11.1",
        ),
        pytest.param("securepacket", [("past_due", april(2))], id="SP: silent"),
    ],
)
def test_each_contract_has_its_own_steps(vendor: str, expected: list[tuple[str, date]]) -> None:
    assert steps(vendor) == expected


def test_a_renewal_that_is_not_paid_is_void_on_its_day() -> None:
    clause = {"clause": "2.2.2", "says": "It is void"}
    rungs = ladder(book().newest("ethicmail"), Unpaid(DUE, WARNED, april(11), [clause]))
    assert [one for one in rungs if one.kind == "void"] == [Rung("void", april(11), [clause])]
    assert [one.on for one in rungs] == sorted(one.on for one in rungs)


def test_a_warning_is_sent_only_where_the_contract_gives_time_to_pay() -> None:
    assert {vendor for vendor in book().vendors() if warns(book().newest(vendor))} == {
        "secureflag",
        "ethicmail",
        "cryptopass",
    }


def test_each_step_rests_on_a_clause() -> None:
    for vendor in book().vendors():
        for one in ladder(book().newest(vendor), Unpaid(DUE, WARNED)):
            assert bool(one.because) == (one.kind != "past_due")


@pytest.mark.parametrize(
    ("kind", "as_of", "expected"),
    [
        ("past_due", april(1), "From 2 April 2026: the contract is past due."),
        ("past_due", april(2), "Since 2 April 2026: the contract is past due."),
        ("warning", april(9), "On 2 April 2026: the customer is warned in writing."),
    ],
)
def test_a_step_is_told_in_words(kind: Any, as_of: date, expected: str) -> None:
    assert Rung(kind, april(2), []).told(as_of) == expected
