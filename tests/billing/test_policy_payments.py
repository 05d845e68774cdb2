"""What a payment pays first, and disputes of bills."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backoffice.terms.registry import rules
from billing.policy.payments import Allocated, DisputeWindow
from tests.billing.asking import ask, clauses, fault, outcome, without

ALLOCATE, DISPUTE = "payment.allocate", "dispute.window"
DEBT = {"amount": "100.00", "costs": "30.00", "interest": "20.00", "principal": "500.00"}
BILL: dict[str, Any] = {"due_on": "2026-03-31", "raised_on": None, "chargeback_on": None}

PAYMENTS = [
    ("0.00", "0.00", "0.00", "0.00", "0.00"),
    ("29.99", "29.99", "0.00", "0.00", "0.00"),
    ("30.00", "30.00", "0.00", "0.00", "0.00"),
    ("49.99", "30.00", "19.99", "0.00", "0.00"),
    ("50.01", "30.00", "20.00", "0.01", "0.00"),
    ("550.00", "30.00", "20.00", "500.00", "0.00"),
    ("550.01", "30.00", "20.00", "500.00", "0.01"),
]


@pytest.mark.parametrize(
    ("amount", "costs", "interest", "principal", "left_over"), PAYMENTS, ids=[f"DEV 6.4: {row[0]}" for row in PAYMENTS]
)
def test_a_payment_pays_costs_then_interest_then_principal(
    amount: str, costs: str, interest: str, principal: str, left_over: str
) -> None:
    assert outcome(ALLOCATE, "securegroup_devices", {**DEBT, "amount": amount}) == {
        "costs": costs, "interest": interest, "principal": principal, "left_over": left_over,
    }  # fmt: skip
    assert clauses(ALLOCATE, "securegroup_devices", DEBT) == {"DEV 6.4"}


@pytest.mark.parametrize("vendor", ["securegroup", "secureflag", "securepacket", "ethicmail", "cryptopass"])
def test_other_contracts_do_not_say_what_a_payment_pays(vendor: str) -> None:
    assert ask(ALLOCATE, vendor, DEBT)["outcome"] == {"covered": False}


@pytest.mark.parametrize("name", list(DEBT))
@pytest.mark.parametrize("value", ["1", "1.000", "-1.00", 1, None])
def test_an_amount_that_is_badly_written(name: str, value: Any) -> None:
    assert fault(ALLOCATE, "cryptopass", {**DEBT, name: value}) == ("bad_type", name)


@pytest.mark.parametrize("name", list(DEBT))
def test_a_missing_amount_is_found_before_an_unknown_fact(name: str) -> None:
    assert fault(ALLOCATE, "securegroup_devices", {**without(DEBT, name), "currency": "EUR"}) == ("missing_fact", name)
    assert fault(ALLOCATE, "securegroup_devices", {**DEBT, name: "x", "currency": "EUR"}) == (
        "unknown_fact",
        "currency",
    )


def test_an_allocation_in_words() -> None:
    tell = rules()[ALLOCATE].tell
    paid = Allocated(Decimal("30.00"), Decimal("20.00"), Decimal("0.01"), Decimal("0.00"))
    assert tell(paid) == "The payment pays 30.00 of the costs, 20.00 of the interest and 0.01 of the principal."
    assert tell(paid._replace(left_over=Decimal("7.00"))).endswith(" 7.00 is left over.")


# The bill is due on 31 March: a dispute is in time up to 26 March.
DISPUTES = [
    (None, None, None, "0.00"),
    ("2026-03-26", None, True, "0.00"),
    ("2026-03-27", None, False, "0.00"),
    (None, "2026-03-26", None, "0.00"),
    (None, "2026-03-27", None, "200.00"),
    ("2026-03-20", "2026-04-20", True, "0.00"),
    ("2026-04-10", "2026-04-20", False, "0.00"),  # late, but raised before the charge-back
    ("2026-04-20", "2026-04-20", False, "200.00"),  # on the same day is not before it
    ("2026-04-21", "2026-04-20", False, "200.00"),
    ("2026-03-26", "2026-03-26", True, "0.00"),  # not past the deadline
]


@pytest.mark.parametrize(
    ("raised_on", "chargeback_on", "in_time", "fee"), DISPUTES, ids=[f"TOS 7: {row[0]}, {row[1]}" for row in DISPUTES]
)
def test_a_dispute_and_a_chargeback(
    raised_on: str | None, chargeback_on: str | None, in_time: bool | None, fee: str
) -> None:
    facts = {**BILL, "raised_on": raised_on, "chargeback_on": chargeback_on}
    assert outcome(DISPUTE, "securegroup", facts) == {"deadline": "2026-03-26", "in_time": in_time, "fee": fee}
    assert clauses(DISPUTE, "securegroup", facts) == {"TOS 7"}


def test_the_deadline_counts_back_across_a_leap_day() -> None:
    assert outcome(DISPUTE, "securegroup", {**BILL, "due_on": "2024-03-04"})["deadline"] == "2024-02-28"
    assert outcome(DISPUTE, "securegroup", {**BILL, "due_on": "2026-03-04"})["deadline"] == "2026-02-27"


@pytest.mark.parametrize("vendor", ["securegroup_devices", "secureflag", "securepacket", "ethicmail", "cryptopass"])
def test_other_contracts_do_not_speak_of_disputes(vendor: str) -> None:
    assert ask(DISPUTE, vendor, BILL)["outcome"] == {"covered": False}


@pytest.mark.parametrize("name", list(BILL))
def test_faults_of_a_dispute(name: str) -> None:
    assert fault(DISPUTE, "ethicmail", without(BILL, name)) == ("missing_fact", name)
    assert fault(DISPUTE, "ethicmail", {**BILL, name: "31.03.2026"}) == ("bad_type", name)
    assert fault(DISPUTE, "ethicmail", {**BILL, name: 5, f"{name}_": None}) == ("unknown_fact", f"{name}_")


def test_a_deadline_before_the_first_day_of_the_calendar_is_bad_type() -> None:
    assert fault(DISPUTE, "securegroup", {**BILL, "due_on": "0001-01-05"}) == ("bad_type", None)


def test_a_dispute_in_words() -> None:
    tell, deadline = rules()[DISPUTE].tell, date(2026, 3, 26)
    assert tell(DisputeWindow(deadline, None, Decimal("200.00"))) == (
        "A dispute has to be received by 26 March 2026. None was raised. The charge-back costs 200.00."
    )
    assert tell(DisputeWindow(deadline, True, Decimal("0.00"))).endswith(" It was raised in time.")
    assert tell(DisputeWindow(deadline, False, Decimal("0.00"))).endswith(" It was raised too late.")
