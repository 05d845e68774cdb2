"""What an unpaid invoice has come to where parts of it were paid late, and what a payment pays where nothing is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.terms.book import book
from billing.policy.arrears import Arrears, PaidLate, count_arrears, oldest_first
from billing.policy.late import LateFacts, decide_late_charges
from billing.policy.payments import Allocated, AllocationFacts

DUE = date(2026, 3, 31)


def facts(vendor: str, principal: str, as_of: date, **changes: Any) -> LateFacts:
    known = {
        "principal": principal, "currency": book().newest(vendor).currency.value, "due_on": DUE, "as_of": as_of,
        "incidents": [], "costs": [], "rates": [{"from": "2015-01-01", "rate": "0.03"}], "collection_on": None,
    }  # fmt: skip
    return LateFacts.model_validate({**known, **changes})


def arrears(vendor: str, principal: str, as_of: date, *paid: PaidLate, **changes: Any) -> Arrears:
    counted = count_arrears(book().newest(vendor), facts(vendor, principal, as_of, **changes), paid)
    assert counted is not None and counted[1].because
    return counted[0]


@pytest.mark.parametrize("vendor", ["securegroup", "securegroup_devices", "secureflag", "ethicmail", "cryptopass"])
def test_what_nobody_paid_in_part_is_the_rule_s_answer(vendor: str) -> None:
    as_of = DUE + timedelta(days=45)
    answer = decide_late_charges(book().newest(vendor), facts(vendor, "1000.00", as_of)).answer
    assert arrears(vendor, "1000.00", as_of) == Arrears(answer.interest, answer.fees)


# TOS 6: 22% a year. 400 for 10 days, 600 for 20: 2.41 and 7.23.
def test_each_part_bears_interest_until_it_was_paid() -> None:
    paid = PaidLate(Decimal("400.00"), DUE + timedelta(days=10))
    assert arrears("securegroup", "600.00", DUE + timedelta(days=20), paid).interest == Decimal("2.41") + Decimal(
        "7.23"
    )


def test_a_day_before_a_payment_sees_the_whole_debt() -> None:
    paid = PaidLate(Decimal("400.00"), DUE + timedelta(days=10))
    before = arrears("securegroup", "600.00", DUE + timedelta(days=5), paid)
    assert before.interest == Decimal("1.81") + Decimal("1.21")


# 4.5: twenty percent of all that was unpaid when it fell due, and once, also when most of it is paid since.
def test_the_extra_fee_is_that_of_the_whole_debt() -> None:
    paid = PaidLate(Decimal("900.00"), DUE + timedelta(days=10))
    [fee] = arrears("ethicmail", "100.00", DUE + timedelta(days=20), paid).fees
    assert fee.amount == Decimal("200.00")


# 5.5: costs bear interest too, with the rest of the debt and not with a part that is paid.
def test_costs_are_counted_once() -> None:
    cost = {"kind": "bank", "amount": "50.00", "on": DUE + timedelta(days=5)}
    paid = PaidLate(Decimal("400.00"), DUE + timedelta(days=10))
    as_of = DUE + timedelta(days=20)
    with_cost = arrears("cryptopass", "600.00", as_of, paid, costs=[cost])
    without = arrears("cryptopass", "600.00", as_of, paid)
    # 50.00 for fifteen days at eight percent.
    assert with_cost.interest - without.interest == Decimal("0.16")
    assert [fee.kind for fee in with_cost.fees] == ["indemnity", "bank"]


def test_a_contract_that_charges_nothing_has_none() -> None:
    assert count_arrears(book().newest("securepacket"), facts("securepacket", "10.00", DUE), []) is None


amounts = st.decimals(0, 10**6, places=2)


@given(amounts, amounts, amounts, amounts)
def test_without_an_order_the_debt_comes_before_what_its_lateness_cost(
    amount: Decimal, costs: Decimal, interest: Decimal, principal: Decimal
) -> None:
    owed = AllocationFacts.model_validate(
        {"amount": str(amount), "costs": str(costs), "interest": str(interest), "principal": str(principal)}
    )
    pays = oldest_first(owed)
    assert sum(pays) == amount
    assert pays.principal == min(amount, principal)
    assert not pays.left_over or pays == Allocated(costs, interest, principal, pays.left_over)
    assert not pays.interest or pays.costs == costs
