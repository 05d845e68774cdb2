"""Interest, fees and costs of a late payment, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backoffice.terms.registry import rules
from billing.policy.late import Charges, Fee
from tests.billing.asking import ask, clauses, fault, outcome, without

RULE = "late.charges"
CURRENCY = {
    "securegroup": "USD", "securegroup_devices": "EUR", "secureflag": "GBP", "securepacket": "USD", "ethicmail": "USD",
    "cryptopass": "EUR",
}  # fmt: skip
COVERED = ("securegroup", "securegroup_devices", "secureflag", "ethicmail", "cryptopass")
FOUR = [{"from": "2020-01-01", "rate": "0.04"}]


def facts(vendor: str, **changes: Any) -> dict[str, Any]:
    """A debt of 1,000.00, due on 1 March 2026 and a hundred days late."""
    known: dict[str, Any] = {
        "principal": "1000.00",
        "currency": CURRENCY[vendor],
        "due_on": "2026-03-01",
        "as_of": "2026-06-09",
        "incidents": [],
        "costs": [],
        "rates": [],
        "collection_on": None,
    }
    return {**known, **changes}


def cost(kind: str, amount: str, on: str) -> dict[str, str]:
    return {"kind": kind, "amount": amount, "on": on}


def late(vendor: str, **changes: Any) -> dict[str, Any]:
    return outcome(RULE, vendor, facts(vendor, **changes))


# 1000.00 x rate x 100 / 365, but for the monthly rate: 3 months (to 1 June) and 8 of the 30 days to 1 July.
PLAIN = [
    pytest.param("securegroup", [], "60.27", [], id="TOS 6: 22% a year"),
    pytest.param("securegroup", FOUR, "60.27", [], id="TOS 6: no reference rate matters"),
    pytest.param("securegroup_devices", [], "32.67", [], id="DEV 6.2: 1% a month"),
    pytest.param("securegroup_devices", FOUR, "32.67", [], id="DEV 6.2: the statutory rate gives less"),
    pytest.param(
        "securegroup_devices", [{"from": "2020-01-01", "rate": "0.15"}], "41.10", [], id="DEV 6.2: it gives more"
    ),
    pytest.param("secureflag", FOUR, "13.70", [], id="5.2: base rate and 1 point"),
    pytest.param("ethicmail", [], "32.00", [("extra_fee", "200.00")], id="4.6, 4.9: 32.87 drops its cents"),
    pytest.param("cryptopass", FOUR, "24.66", [("indemnity", "40.00")], id="5.5: legal rate and 5 points"),
]


@pytest.mark.parametrize(("vendor", "rates", "interest", "fees"), PLAIN)
def test_a_plain_debt(vendor: str, rates: list[Any], interest: str, fees: list[tuple[str, str]]) -> None:
    answered = late(vendor, rates=rates)
    charges = Decimal(interest) + sum(Decimal(amount) for _, amount in fees)
    assert answered == {
        "days_late": 100,
        "interest": interest,
        "fees": [{"kind": kind, "amount": amount} for kind, amount in fees],
        "charges": f"{charges}",
        "total_due": f"{1000 + charges}",
    }


@pytest.mark.parametrize("as_of", ["2026-03-01", "2026-02-28", "2025-01-01"])
@pytest.mark.parametrize("vendor", COVERED)
def test_until_the_due_date_has_passed_nothing_is_charged_whatever_else(vendor: str, as_of: str) -> None:
    more = {
        "incidents": ["returned_check"],
        "costs": [cost("judicial", "10.00", "2025-01-01")],
        "rates": [{"from": "2030-01-01", "rate": "0.04"}],
        "collection_on": "2025-01-01",
    }
    answered = late(vendor, as_of=as_of, **more)
    assert answered == {"days_late": 0, "interest": "0.00", "fees": [], "charges": "0.00", "total_due": "1000.00"}


def test_what_is_not_said_of_a_late_payment_is_not_covered() -> None:
    given = ask(RULE, "securepacket", facts("securepacket", currency="EUR"))
    assert given["outcome"] == {"covered": False}
    assert given["because"] == []


def test_one_day_late_on_a_leap_day_is_a_365th_of_a_year() -> None:
    answered = late("securegroup", principal="36500.00", due_on="2024-02-28", as_of="2024-02-29")
    assert (answered["days_late"], answered["interest"]) == (1, "22.00")


def test_half_a_cent_rounds_up() -> None:
    # 8.30 x 0.22 x 1 / 365 is 0.005003, and 8.29 is 0.004997.
    assert late("securegroup", principal="8.30", as_of="2026-03-02")["interest"] == "0.01"
    assert late("securegroup", principal="8.29", as_of="2026-03-02")["interest"] == "0.00"


def test_securegroup_lists_incidents_then_the_costs_it_charges() -> None:
    answered = late(
        "securegroup",
        incidents=["investigation", "returned_check", "returned_check"],
        costs=[
            cost("judicial", "99.00", "2026-04-01"),
            cost("bank", "12.00", "2026-06-09"),
            cost("collection", "30.50", "2026-02-01"),
            cost("bank", "55.00", "2026-06-10"),
        ],
        collection_on="2026-04-01",
    )
    assert [(fee["kind"], fee["amount"]) for fee in answered["fees"]] == [
        ("investigation", "35.00"), ("returned_check", "60.00"), ("returned_check", "60.00"), ("bank", "12.00"),
        ("collection", "30.50"),
    ]  # fmt: skip
    assert answered["charges"] == "257.77"


@pytest.mark.parametrize("vendor", ["securegroup_devices", "secureflag", "ethicmail", "cryptopass"])
def test_only_securegroup_charges_incidents(vendor: str) -> None:
    assert late(vendor, rates=FOUR, incidents=["returned_check", "investigation"]) == late(vendor, rates=FOUR)


@pytest.mark.parametrize("vendor", ["secureflag", "ethicmail"])
def test_costs_that_a_vendor_does_not_charge_are_ignored(vendor: str) -> None:
    costs = [cost(kind, "50.00", "2026-04-01") for kind in ("collection", "judicial", "bank")]
    assert late(vendor, rates=FOUR, costs=costs, collection_on="2026-04-01") == late(vendor, rates=FOUR)


# Due on 31 January: whole months end on the last day of a month that has no 31st (1000.00 at 1% each).
MONTHS = [
    ("2026-01-31", "2026-02-01", "0.36"),  # 1 of 28 days
    ("2026-01-31", "2026-02-27", "9.64"),  # 27 of 28
    ("2026-01-31", "2026-02-28", "10.00"),
    ("2024-01-31", "2024-02-28", "9.66"),  # 28 of 29: a leap year
    ("2024-01-31", "2024-02-29", "10.00"),
    ("2026-01-31", "2026-03-01", "10.32"),  # 1 of the 31 days to 31 March, not to 28 March
    ("2026-01-31", "2026-03-31", "20.00"),
    ("2026-03-01", "2027-03-01", "120.00"),
    ("2025-12-31", "2026-01-01", "0.32"),  # across the year
]


@pytest.mark.parametrize(
    ("due_on", "as_of", "interest"), MONTHS, ids=[f"DEV 6.2: {row[0]} to {row[1]}" for row in MONTHS]
)
def test_devices_count_whole_months_and_days_of_the_month_they_fall_in(due_on: str, as_of: str, interest: str) -> None:
    assert late("securegroup_devices", due_on=due_on, as_of=as_of)["interest"] == interest


COLLECTION = [
    pytest.param("1000.00", [], "175.00", id="DEV 7.1: the least fee"),
    pytest.param("1166.66", [], "175.00", id="DEV 7.1: 15% is 174.999"),
    pytest.param("2000.00", [], "300.00", id="DEV 7.1: 15%"),
    pytest.param("2000.03", [], "300.00", id="DEV 7.1: 300.0045 rounded"),
    pytest.param(
        "2000.00", [("200.00", "2026-04-01"), ("100.01", "2026-06-09")], "300.01", id="DEV 7.2: higher costs, in all"
    ),
    pytest.param(
        "2000.00", [("200.00", "2026-04-01"), ("100.01", "2026-06-10")], "300.00", id="DEV 7.2: later ones do not count"
    ),
]


@pytest.mark.parametrize(("principal", "costs", "fee"), COLLECTION)
def test_devices_collection_fee(principal: str, costs: list[tuple[str, str]], fee: str) -> None:
    spent = [cost("collection", amount, on) for amount, on in costs]
    answered = late("securegroup_devices", principal=principal, costs=spent, collection_on="2026-06-09")
    assert answered["fees"] == [{"kind": "collection", "amount": fee}]
    assert answered["interest"] == late("securegroup_devices", principal=principal)["interest"]


def test_devices_fee_and_court_costs_bear_the_monthly_rate_only() -> None:
    # Principal: 1000.00 x 0.15 x 100 / 365 = 41.0959 by the statutory rate. The fee of 175.00 bears 1% x 2 months
    # (to 1 June) and 8 of 30 days; costs of 300.00 before the due date bear as many months as the principal would.
    answered = late(
        "securegroup_devices",
        rates=[{"from": "2020-01-01", "rate": "0.15"}],
        costs=[cost("judicial", "300.00", "2026-02-01"), cost("bank", "9.00", "2026-04-01")],
        collection_on="2026-04-01",
    )
    assert [fee["kind"] for fee in answered["fees"]] == ["collection", "judicial"]
    # 41.09589 + 175 x 0.0226667 + 300 x 0.0326667 = 41.09589 + 3.96667 + 9.80000
    assert answered["interest"] == "54.86"


def test_devices_court_costs_need_no_collection_and_collection_may_lie_ahead() -> None:
    answered = late("securegroup_devices", costs=[cost("judicial", "300.00", "2026-06-09")], collection_on="2026-06-10")
    assert answered["fees"] == [{"kind": "judicial", "amount": "300.00"}]
    assert answered["interest"] == "32.67"


def test_steps_of_the_reference_rate_rule_each_day_in_whatever_order_they_come() -> None:
    # 2 March is the first late day: 10 days at 1+1%, 90 days at 9+1%; the steps of 2030 and before 2025 do not rule.
    steps = [
        {"from": "2026-03-12", "rate": "0.09"},
        {"from": "2030-01-01", "rate": "0.99"},
        {"from": "2019-01-01", "rate": "0.50"},
        {"from": "2026-03-02", "rate": "0.01"},
    ]
    expected = "25.21"  # 1000 x (10 x 0.02 + 90 x 0.10) / 365
    assert late("secureflag", rates=steps)["interest"] == expected
    assert late("secureflag", rates=steps[::-1])["interest"] == expected


def test_of_two_steps_of_one_day_the_last_listed_rules() -> None:
    twice = [{"from": "2026-01-01", "rate": "0.04"}, {"from": "2026-01-01", "rate": "0.09"}]
    assert late("secureflag", rates=twice)["interest"] == late("secureflag", rates=twice[1:])["interest"]


def test_cryptopass_costs_bear_the_same_interest_from_the_day_after() -> None:
    # 1000.00 for 100 days, 365.00 for the 10 days after 30 May, 36.50 as long as the principal: all at 9%.
    answered = late(
        "cryptopass",
        rates=FOUR,
        costs=[
            cost("judicial", "365.00", "2026-05-30"),
            cost("bank", "36.50", "2026-01-01"),
            cost("bank", "7.00", "2026-06-09"),
        ],
    )
    assert [fee["kind"] for fee in answered["fees"]] == ["indemnity", "judicial", "bank", "bank"]
    assert answered["interest"] == "26.46"  # 24.65753 + 0.90000 + 0.90000
    assert answered["charges"] == "474.96"


def test_ethicmail_lists_an_extra_fee_that_dropped_to_nothing() -> None:
    answered = late("ethicmail", principal="4.99")
    assert answered["fees"] == [{"kind": "extra_fee", "amount": "0.00"}]
    assert answered["total_due"] == "4.99"


def test_the_clauses_that_shaped_the_answer_are_cited() -> None:
    assert clauses(RULE, "securegroup", facts("securegroup")) == {"TOS 6"}
    assert clauses(RULE, "ethicmail", facts("ethicmail")) == {"4.5", "4.6", "4.9"}
    assert clauses(RULE, "ethicmail", facts("ethicmail", as_of="2026-03-01")) == {"4.6", "4.9"}
    plain = facts("securegroup_devices")
    assert clauses(RULE, "securegroup_devices", plain) == {"DEV 7.1", "DEV 6.2"}
    spent = {"costs": [cost("collection", "200.00", "2026-04-01")], "collection_on": "2026-04-01"}
    assert clauses(RULE, "securegroup_devices", {**plain, **spent}) == {
        "DEV 7.1",
        "DEV 6.2",
        "DEV 7.2",
        "DEV 7.3",
        "DEV 7.4",
    }


def test_counting_days_is_shown_as_our_reading() -> None:
    readings = [
        item for item in ask(RULE, "secureflag", facts("secureflag", rates=FOUR))["because"] if item.get("reading")
    ]
    assert [item["clause"] for item in readings] == ["5.1", "5.2"]


RATE_MISSING = [
    pytest.param("secureflag", {}, id="5.2: no steps"),
    pytest.param("secureflag", {"rates": [{"from": "2026-03-03", "rate": "0.04"}]}, id="5.2: a day too late"),
    pytest.param("cryptopass", {}, id="5.5: no steps"),
    pytest.param("cryptopass", {"rates": [{"from": "2026-07-01", "rate": "0.04"}]}, id="5.5: only later steps"),
    pytest.param(
        "securegroup_devices", {"rates": [{"from": "2026-03-03", "rate": "0.04"}]}, id="DEV 6.2: a day too late"
    ),
]


@pytest.mark.parametrize(("vendor", "changes"), RATE_MISSING)
def test_a_day_before_every_step_is_rate_missing(vendor: str, changes: dict[str, Any]) -> None:
    assert fault(RULE, vendor, facts(vendor, **changes)) == ("rate_missing", "rates")


@pytest.mark.parametrize("vendor", COVERED)
def test_another_currency_is_a_mismatch_before_a_rate_is_missed(vendor: str) -> None:
    assert fault(RULE, vendor, facts(vendor, currency="CHF")) == ("currency_mismatch", "currency")


@pytest.mark.parametrize("name", list(facts("securegroup")))
def test_every_fact_must_be_there_also_where_nothing_is_covered(name: str) -> None:
    assert fault(RULE, "securepacket", without(facts("securepacket"), name)) == ("missing_fact", name)


@pytest.mark.parametrize("name", ["cost", "due", "Principal"])
def test_a_fact_that_was_not_asked_for_is_unknown(name: str) -> None:
    assert fault(RULE, "ethicmail", facts("ethicmail", **{name: "1.00", "currency": 5})) == ("unknown_fact", name)


BAD = [
    ("principal", "1000"),
    ("principal", "-1.00"),
    ("principal", 1000.0),
    ("currency", "usd"),
    ("due_on", "2026-02-30"),
    ("incidents", ["late"]),
    ("incidents", None),
    ("costs", [{"kind": "bank", "amount": "1.0", "on": "2026-04-01"}]),
    ("costs", [{"kind": "bank", "amount": "1.00"}]),
    ("costs", [{"kind": "fine", "amount": "1.00", "on": "2026-04-01"}]),
    ("rates", [{"from_": "2026-01-01", "rate": "0.04"}]),
    ("rates", [{"from": "2026-01-01", "rate": 0.04}]),
    ("rates", [{"from": "2026-01-01", "rate": "0.04", "until": None}]),
    ("collection_on", "soon"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_fact_of_the_wrong_kind_is_bad_type_before_the_currency_is_judged(name: str, value: Any) -> None:
    currency = {} if name == "currency" else {"currency": "CHF"}
    assert fault(RULE, "securegroup", facts("securegroup", **{**currency, name: value})) == ("bad_type", name)


def test_a_missing_fact_is_found_before_an_unknown_one_and_both_before_a_wrong_one() -> None:
    wrong = facts("securegroup", principal=None, more=1)
    assert fault(RULE, "securegroup", without(wrong, "due_on")) == ("missing_fact", "due_on")
    assert fault(RULE, "securegroup", wrong) == ("unknown_fact", "more")


def test_months_that_run_past_the_calendar_are_bad_type() -> None:
    assert fault(RULE, "securegroup_devices", facts("securegroup_devices", as_of="9999-12-31")) == ("bad_type", None)


def test_the_answer_in_words() -> None:
    tell = rules()[RULE].tell
    owed = Charges(4, Decimal("5.88"), (Fee("returned_check", Decimal("60.00")),), Decimal("65.88"), Decimal("2506.60"))
    assert tell(owed) == (
        "The payment is 4 days late. With interest of 5.88 and returned check of 60.00, 2506.60 is due."
    )
    nothing = Charges(0, Decimal("0.00"), (), Decimal("0.00"), Decimal("9.00"))
    assert tell(nothing) == "Nothing is charged yet; 9.00 is due."
