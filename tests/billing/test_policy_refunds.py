"""The money-back guarantee and the rest of a prepaid period, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backoffice.terms.registry import rules
from billing.policy.refunds import MoneyBackOutcome, Refund, Unused
from tests.billing.asking import ask, clauses, fault, outcome, without

GUARANTEE, EARLY = "refund.money_back", "refund.early_termination"
OTHERS = ["securegroup_devices", "secureflag", "securepacket", "ethicmail", "cryptopass"]
CURRENCY = {"securegroup": "USD", "secureflag": "GBP", "ethicmail": "USD", "cryptopass": "EUR"}


def line(kind: str, amount: str) -> dict[str, str]:
    return {"kind": kind, "amount": amount}


def order(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "effective_on": "2026-03-01",
        "requested_on": "2026-03-08",
        "method": "card",
        "lines": [
            line("service", "100.00"),
            line("setup", "30.00"),
            line("service", "20.00"),
            line("device", "400.00"),
        ],
        "domain_retained": False,
        "domain_regular_price": "15.00",
    }
    return {**known, **changes}


@pytest.mark.parametrize(
    ("method", "channel"),
    [("card", "card"), ("paypal", "check"), ("bank_transfer", "check"), ("check", "check")],
    ids=lambda name: f"TOS 8: {name}",
)
def test_services_come_back_within_seven_days(method: str, channel: str) -> None:
    assert outcome(GUARANTEE, "securegroup", order(method=method)) == {
        "eligible": True, "refund": "120.00", "channel": channel, "reason": None,
    }  # fmt: skip
    assert clauses(GUARANTEE, "securegroup", order(method=method)) == {"TOS 8", "REF"}


@pytest.mark.parametrize(
    ("method", "requested_on", "reason"),
    [
        ("card", "2026-03-09", "too_late"),
        ("bitcoin", "2026-03-08", "paid_by_bitcoin"),
        ("bitcoin", "2026-03-09", "paid_by_bitcoin"),
    ],
)
def test_reasons_for_which_nothing_comes_back(method: str, requested_on: str, reason: str) -> None:
    assert outcome(GUARANTEE, "securegroup", order(method=method, requested_on=requested_on)) == {
        "eligible": False, "refund": "0.00", "channel": None, "reason": reason,
    }  # fmt: skip


DOMAINS = [
    pytest.param([line("service", "100.00")], False, "100.00", id="TOS 8: not kept"),
    pytest.param([line("service", "100.00")], True, "85.00", id="TOS 8: kept, not paid for"),
    pytest.param([line("service", "100.00"), line("domain_registration", "5.00")], True, "90.00", id="TOS 8: paid in part"),
    pytest.param(
        [line("domain_registration", "5.00"), line("service", "100.00"), line("domain_registration", "9.99")],
        True, "99.99", id="TOS 8: paid in two lines",
    ),
    pytest.param([line("service", "100.00"), line("domain_registration", "20.00")], True, "100.00", id="TOS 8: paid more"),
    pytest.param([line("service", "10.00")], True, "0.00", id="TOS 8: never below zero"),
    pytest.param([], False, "0.00", id="REF: nothing was bought"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "kept", "refund"), DOMAINS)
def test_a_domain_that_is_kept_is_deducted_as_far_as_it_was_not_paid(lines: list[Any], kept: bool, refund: str) -> None:
    assert outcome(GUARANTEE, "securegroup", order(lines=lines, domain_retained=kept))["refund"] == refund


@pytest.mark.parametrize("vendor", OTHERS)
def test_other_contracts_have_no_guarantee(vendor: str) -> None:
    assert ask(GUARANTEE, vendor, order(method="bitcoin"))["outcome"] == {"covered": False}


@pytest.mark.parametrize("name", list(order()))
def test_a_missing_fact_of_an_order(name: str) -> None:
    assert fault(GUARANTEE, "secureflag", without(order(), name)) == ("missing_fact", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lines", [line("service", "1")]),
        ("lines", [{"kind": "service"}]),
        ("lines", [line("domain", "1.00")]),
        ("lines", {}),
        ("domain_retained", 1),
        ("domain_regular_price", None),
        ("method", "cash"),
        ("requested_on", "2026-3-1"),
    ],
)
def test_a_fact_of_an_order_of_the_wrong_kind(name: str, value: Any) -> None:
    assert fault(GUARANTEE, "securegroup", order(**{name: value})) == ("bad_type", name)
    assert fault(GUARANTEE, "securegroup", order(**{name: value, "note": ""})) == ("unknown_fact", "note")


def test_a_guarantee_that_runs_past_the_calendar_is_bad_type() -> None:
    assert fault(GUARANTEE, "securegroup", order(effective_on="9999-12-30")) == ("bad_type", None)


def test_the_guarantee_in_words() -> None:
    tell = rules()[GUARANTEE].tell
    assert tell(MoneyBackOutcome(False, Decimal("0.00"), None, "too_late")) == "Nothing comes back: too late."
    assert tell(MoneyBackOutcome(True, Decimal("9.00"), "card", None)) == "9.00 comes back, to the card."
    assert tell(MoneyBackOutcome(True, Decimal("9.00"), "check", None)) == "9.00 comes back, by cheque."


def period(vendor: str, **changes: Any) -> dict[str, Any]:
    """A prepaid year of 1,000.00 that the customer leaves at the end of its third month."""
    known: dict[str, Any] = {
        "price": "1000.00",
        "currency": CURRENCY.get(vendor, "EUR"),
        "start": "2026-01-01",
        "cycle_months": 12,
        "terminated_on": "2026-03-31",
        "by": "customer",
        "cause": "convenience",
        "product": "service",
    }
    return {**known, **changes}


def early(vendor: str, **changes: Any) -> tuple[str, str, dict[str, Any] | None]:
    answered = outcome(EARLY, vendor, period(vendor, **changes))
    assert list(answered) == ["refund", "fee", "unused"]
    return answered["refund"], answered["fee"], answered["unused"]


def months(count: int) -> dict[str, Any]:
    return {"unit": "months", "count": count}


def days(count: int) -> dict[str, Any]:
    return {"unit": "days", "count": count}


ETHICMAIL = [
    pytest.param({}, ("675.00", "75.00", months(9)), id="2.11.2: the contract's own example"),
    pytest.param(
        {"terminated_on": "2026-04-01"}, ("591.67", "75.00", months(8)), id="2.11.2: a month is used from its first day"
    ),
    pytest.param(
        {"terminated_on": "2026-01-01"}, ("841.67", "75.00", months(11)), id="2.11.2: the first day uses a month"
    ),
    pytest.param({"terminated_on": "2026-11-30"}, ("8.33", "75.00", months(1)), id="2.11.2: one month left"),
    pytest.param({"terminated_on": "2026-12-31"}, ("0.00", "75.00", months(0)), id="2.11.2: never below zero"),
    pytest.param({"terminated_on": "2030-01-01"}, ("0.00", "75.00", months(0)), id="2.11.2: after the end"),
    pytest.param(
        {"cause": "vendor_breach"}, ("675.00", "75.00", months(9)), id="2.11.2: the fee whenever the customer ends it"
    ),
    pytest.param({"product": "assistance"}, ("675.00", "75.00", months(9)), id="2.11.2: assistance"),
    pytest.param({"product": "domain"}, ("0.00", "0.00", None), id="2.11.2: domains"),
    pytest.param({"product": "ip", "by": "vendor"}, ("0.00", "0.00", None), id="2.11.2: addresses"),
    pytest.param({"product": "ssl", "cause": "customer_breach"}, ("0.00", "0.00", None), id="2.11.2: certificates"),
    pytest.param({"by": "vendor"}, ("750.00", "0.00", months(9)), id="1.5.3: no fee when the vendor ends it"),
    pytest.param({"by": "vendor", "cause": "service_end"}, ("750.00", "0.00", months(9)), id="1.5.3: the service ends"),
    pytest.param(
        {"by": "vendor", "cause": "customer_breach"}, ("0.00", "0.00", months(9)), id="10.3.3: breach, by the vendor"
    ),
    pytest.param({"cause": "customer_breach"}, ("0.00", "0.00", months(9)), id="10.3.3: breach, by the customer"),
    pytest.param(
        {"cycle_months": 7, "price": "100.03"}, ("49.66", "7.50", months(4)), id="2.11.2: rounded once, any cycle"
    ),
    pytest.param(
        {"cycle_months": 1_000_000_000, "by": "vendor"}, ("1000.00", "0.00", months(999_999_997)), id="any whole number"
    ),
    # Of 31 January the month of February has no such day: its month begins on 1 March (7.1 a).
    pytest.param(
        {"start": "2026-01-31", "terminated_on": "2026-02-28"}, ("841.67", "75.00", months(11)), id="7.1 (a): last day"
    ),
    pytest.param(
        {"start": "2026-01-31", "terminated_on": "2026-03-01"}, ("758.33", "75.00", months(10)), id="7.1 (a): spilled"
    ),
    pytest.param(
        {"start": "2026-01-31", "terminated_on": "2026-03-30"}, ("758.33", "75.00", months(10)), id="7.1 (a): no drift"
    ),
    pytest.param(
        {"start": "2026-01-31", "terminated_on": "2026-03-31"},
        ("675.00", "75.00", months(9)),
        id="7.1 (a): third month",
    ),
    pytest.param(
        {"start": "2024-01-31", "terminated_on": "2024-02-29"}, ("841.67", "75.00", months(11)), id="7.1 (a): leap year"
    ),
]


@pytest.mark.parametrize(("changes", "expected"), ETHICMAIL)
def test_ethicmail_refunds_months_that_had_not_begun(changes: dict[str, Any], expected: Any) -> None:
    assert early("ethicmail", **changes) == expected


SECUREFLAG = [
    pytest.param({}, ("0.00", "0.00", days(275)), id="5.4: the customer leaves"),
    pytest.param({"cause": "vendor_breach"}, ("753.42", "0.00", days(275)), id="5.4: for the vendor's breach"),
    pytest.param({"cause": "service_end"}, ("0.00", "0.00", days(275)), id="5.4: the end of the service is no breach"),
    pytest.param({"cause": "customer_breach"}, ("0.00", "0.00", days(275)), id="5.4: own breach"),
    pytest.param({"by": "vendor"}, ("753.42", "0.00", days(275)), id="5.4: the vendor ends it"),
    pytest.param({"by": "vendor", "cause": "customer_breach"}, ("0.00", "0.00", days(275)), id="5.4: for the customer's breach"),
    pytest.param({"by": "vendor", "product": "ssl"}, ("753.42", "0.00", days(275)), id="5.4: whatever the product"),
    pytest.param({"by": "vendor", "terminated_on": "2026-01-01"}, ("997.26", "0.00", days(364)), id="5.4: first day"),
    pytest.param({"by": "vendor", "terminated_on": "2026-12-31"}, ("0.00", "0.00", days(0)), id="5.4: last day"),
    pytest.param({"by": "vendor", "terminated_on": "2027-06-01"}, ("0.00", "0.00", days(0)), id="5.4: after the end"),
    pytest.param(
        {"by": "vendor", "start": "2023-08-31", "cycle_months": 6, "terminated_on": "2023-08-31"},
        ("994.51", "0.00", days(181)), id="month end: 182 days to 28 February of a leap year",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), SECUREFLAG)
def test_secureflag_refunds_unused_days(changes: dict[str, Any], expected: Any) -> None:
    assert early("secureflag", **changes) == expected


@pytest.mark.parametrize("vendor", ["securegroup", "cryptopass"])
@pytest.mark.parametrize("product", ["service", "domain"])
@pytest.mark.parametrize("cause", ["convenience", "vendor_breach", "customer_breach", "service_end"])
def test_who_leaves_gets_nothing_and_the_vendors_own_reasons_are_not_covered(
    vendor: str, cause: str, product: str
) -> None:
    # An end before the start is no matter where nothing is counted.
    facts = {"cause": cause, "product": product, "terminated_on": "2025-12-31"}
    assert early(vendor, **facts) == ("0.00", "0.00", None)
    given = ask(EARLY, vendor, period(vendor, by="vendor", **facts))
    if cause == "customer_breach":
        assert given["outcome"] == {"refund": "0.00", "fee": "0.00", "unused": None}
    else:
        assert given["outcome"] == {"covered": False}


@pytest.mark.parametrize("vendor", ["securegroup_devices", "securepacket"])
def test_contracts_that_say_nothing_of_an_early_end(vendor: str) -> None:
    assert ask(EARLY, vendor, period(vendor, currency="XAU"))["outcome"] == {"covered": False}


def test_the_clauses_of_an_early_end_are_cited() -> None:
    assert clauses(EARLY, "ethicmail", period("ethicmail")) == {"2.11.2", "4.9"}
    assert "1.5.3" in clauses(EARLY, "ethicmail", period("ethicmail", by="vendor"))
    assert "10.3.3" in clauses(EARLY, "ethicmail", period("ethicmail", cause="customer_breach"))
    spilled = period("ethicmail", start="2026-01-31", terminated_on="2026-02-28")
    assert "7.1 (a)" in clauses(EARLY, "ethicmail", spilled)
    assert "7.1 (a)" not in clauses(EARLY, "ethicmail", {**spilled, "terminated_on": "2026-02-27"})
    assert clauses(EARLY, "securegroup", period("securegroup")) == {"TOS 6", "TOS 8"}
    breach = period("securegroup", by="vendor", cause="customer_breach")
    assert clauses(EARLY, "securegroup", breach) == {"TOS 6", "AUP 8"}


@pytest.mark.parametrize("vendor", list(CURRENCY))
def test_another_currency_is_a_mismatch_also_where_nothing_comes_back(vendor: str) -> None:
    facts = period(vendor, currency="CHF", product="ssl", terminated_on="2025-01-01")
    assert fault(EARLY, vendor, facts) == ("currency_mismatch", "currency")


@pytest.mark.parametrize("vendor", ["securegroup", "cryptopass"])
def test_not_covered_goes_before_another_currency(vendor: str) -> None:
    assert ask(EARLY, vendor, period(vendor, by="vendor", currency="CHF"))["outcome"] == {"covered": False}


@pytest.mark.parametrize("vendor", ["ethicmail", "secureflag"])
@pytest.mark.parametrize("changes", [{}, {"cause": "customer_breach"}, {"product": "ssl"}, {"by": "vendor"}])
def test_an_end_before_the_start_is_date_order(vendor: str, changes: dict[str, Any]) -> None:
    facts = period(vendor, terminated_on="2025-12-31", **changes)
    assert fault(EARLY, vendor, facts) == ("date_order", "terminated_on")


@pytest.mark.parametrize("name", list(period("ethicmail")))
def test_a_missing_fact_of_an_early_end(name: str) -> None:
    assert fault(EARLY, "securepacket", without(period("securepacket"), name)) == ("missing_fact", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [("cycle_months", 0), ("cycle_months", True), ("price", "1000"), ("by", "court"), ("start", None)],
)
def test_a_fact_of_an_early_end_of_the_wrong_kind(name: str, value: Any) -> None:
    facts = period("ethicmail", **{"currency": "CHF", name: value})
    assert fault(EARLY, "ethicmail", facts) == ("bad_type", name)
    assert fault(EARLY, "ethicmail", {**facts, "why": 1}) == ("unknown_fact", "why")


def test_a_period_that_runs_past_the_calendar_is_bad_type() -> None:
    assert fault(EARLY, "secureflag", period("secureflag", cycle_months=1_000_000)) == ("bad_type", None)


def test_an_early_end_in_words() -> None:
    tell, nothing = rules()[EARLY].tell, Decimal("0.00")
    assert tell(Refund(nothing, nothing, None)) == "Nothing comes back."
    assert tell(Refund(nothing, nothing, Unused("days", 3))) == "Nothing comes back for 3 unused days."
    assert tell(Refund(Decimal("750.00"), nothing, Unused("months", 9))) == "750.00 comes back for 9 unused months."
    left = Refund(Decimal("675.00"), Decimal("75.00"), Unused("months", 9))
    assert tell(left) == "675.00 comes back for 9 unused months, after a fee of 75.00."
