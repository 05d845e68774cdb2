"""When commissions are paid, and what is left of them to pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from affiliates.policy.payouts import Deduction, Net, Window, tell_net, tell_window
from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import read_sheet

CAD = "securegroup"
USD = "ethicmail"
SILENT = ["securegroup_devices", "secureflag", "securepacket", "cryptopass"]


def window(vendor: str, qualified_on: str, hold_months: Any = 0) -> dict[str, Any]:
    facts = {"qualified_on": qualified_on, "hold_months": hold_months}
    return answer(book(), {"rule": "payout.window", "vendor": vendor, "facts": facts})


@pytest.mark.parametrize(
    ("qualified_on", "hold_months", "expected"),
    [
        pytest.param("2026-01-01", 0, ("2026-03-17", "2026-03-16", "2026-03-31"), id="AFF 8: opens before day 45"),
        pytest.param("2026-01-31", 0, ("2026-03-17", "2026-03-16", "2026-03-31"), id="AFF 8: one month, one window"),
        pytest.param("2024-01-31", 0, ("2024-03-16", "2024-03-16", "2024-03-31"), id="AFF 8: a leap year"),
        pytest.param("2025-12-31", 0, ("2026-02-14", "2026-02-16", "2026-02-28"), id="AFF 8: over the year's end"),
        pytest.param("2026-01-15", 1, ("2026-04-14", "2026-04-16", "2026-04-30"), id="AFF 13: held a month"),
        pytest.param("2026-01-15", 2, ("2026-05-15", "2026-05-16", "2026-05-31"), id="AFF 13: held two months"),
        pytest.param(
            "2025-11-30", 2, ("2026-03-17", "2026-03-16", "2026-03-31"), id="AFF 13: held over the year's end"
        ),
    ],
)
def test_window(qualified_on: str, hold_months: int, expected: tuple[str, str, str]) -> None:
    given = window(CAD, qualified_on, hold_months)
    assert tuple(given["outcome"].values()) == expected
    assert {item["clause"] for item in given["because"]} == {"AFF 8", "AFF 13"}


@pytest.mark.parametrize("hold_months", [3, 4, 1_000_000_000])
def test_a_hold_has_an_end(hold_months: int) -> None:
    error = window(CAD, "2026-01-31", hold_months)["error"]
    assert (error["code"], error["field"]) == ("hold_too_long", "hold_months")


@pytest.mark.parametrize("hold_months", [-1, 1.5, "1", None, True])
def test_a_hold_is_whole_months(hold_months: Any) -> None:
    assert window(CAD, "2026-01-31", hold_months)["error"]["code"] == "bad_type"


def test_a_window_past_the_last_year_cannot_be_given() -> None:
    assert window(CAD, "9999-11-30")["error"]["code"] == "bad_type"


@pytest.mark.parametrize("vendor", [USD, *SILENT])
def test_where_no_days_of_payment_are_named_there_are_none(vendor: str) -> None:
    assert window(vendor, "2026-01-31", 9)["outcome"] == {"covered": False}


def test_a_window_from_a_day_the_month_does_not_have_is_its_last_day() -> None:
    sheet = read_sheet(SHEETS / CAD / "2015-01-01.toml")
    assert sheet.payout is not None and sheet.payout.window is not None
    from_day = sheet.payout.window.from_day.model_copy(update={"value": 31})
    days = sheet.payout.window.model_copy(update={"from_day": from_day})
    payout = sheet.payout.model_copy(update={"window": days})
    moved = Book([("moved", sheet.model_copy(update={"payout": payout}))])
    facts = {"qualified_on": "2025-12-05", "hold_months": 0}
    outcome = answer(moved, {"rule": "payout.window", "vendor": CAD, "facts": facts})["outcome"]
    assert (outcome["pay_from"], outcome["pay_to"]) == ("2026-02-28", "2026-02-28")


GOOD: dict[str, Any] = {
    "credits": [{"on": "2026-01-31", "amount": "150.00"}],
    "first_payout": False,
    "requested": True,
    "documents": [],
    "method": "paypal",
    "reissue": False,
    "transfer_fee": "0.00",
    "usd_rate": "1.36",
    "as_of": "2026-03-16",
}
CURRENCY = {CAD: "CAD", USD: "USD"}


def net(vendor: str, **changes: Any) -> dict[str, Any]:
    facts = {"currency": CURRENCY.get(vendor, "EUR"), **GOOD, **changes}
    return answer(book(), {"rule": "payout.net", "vendor": vendor, "facts": facts})


def credited(*credits: tuple[str, str]) -> list[dict[str, str]]:
    return [{"on": on, "amount": amount} for on, amount in credits]


def paid(vendor: str, **changes: Any) -> tuple[bool, str, list[tuple[str, str]], str, list[str], str | None]:
    outcome = net(vendor, **changes)["outcome"]
    taken = [(item["kind"], item["amount"]) for item in outcome["deductions"]]
    return outcome["payable"], outcome["gross"], taken, outcome["net"], outcome["reasons"], outcome["lapses_on"]


def refused(gross: str, *reasons: str, lapses_on: str | None = None) -> Any:
    return False, gross, [], "0.00", list(reasons), lapses_on


def test_credits_after_the_day_are_not_counted() -> None:
    credits = credited(("2026-03-17", "9.00"), ("2026-03-16", "1.00"), ("2026-01-31", "150.00"))
    assert paid(CAD, credits=credits) == (True, "151.00", [], "151.00", [], None)


@pytest.mark.parametrize(
    ("credits", "as_of", "expected"),
    [
        pytest.param(
            [("2026-01-31", "99.99")], "2026-02-01", ("99.99", "below_threshold", "2027-01-31"), id="AFF 4: below"
        ),
        pytest.param(
            [("2026-01-31", "99.99")], "2027-01-31", ("99.99", "below_threshold", "2027-01-31"), id="AFF 4: last day"
        ),
        pytest.param(
            [("2026-01-31", "99.99")], "2027-02-01", ("99.99", "threshold_lapsed", "2027-01-31"), id="AFF 4: lapsed"
        ),
        pytest.param([], "2027-02-01", ("0.00", "below_threshold", None), id="AFF 4: no credits at all"),
        pytest.param(
            [("2026-05-01", "500.00")], "2026-02-01", ("0.00", "below_threshold", None), id="AFF 4: none so far"
        ),
        pytest.param(
            [("2024-02-29", "50.00"), ("2025-03-01", "500.00")],
            "2025-03-01",
            ("550.00", "threshold_lapsed", "2025-02-28"),
            id="AFF 4: enough, but a day too late",
        ),
    ],
)
def test_a_first_payout_below_the_threshold(credits: Any, as_of: str, expected: tuple[str, str, str | None]) -> None:
    gross, reason, lapses_on = expected
    given = paid(CAD, first_payout=True, credits=credited(*credits), as_of=as_of)
    assert given == refused(gross, reason, lapses_on=lapses_on)


@pytest.mark.parametrize(
    "credits",
    [
        pytest.param([("2026-01-31", "100.00")], id="AFF 4: at once"),
        pytest.param([("2027-01-31", "60.00"), ("2026-01-31", "40.00")], id="AFF 4: on the last day, listed first"),
    ],
)
def test_a_first_payout_that_met_the_threshold(credits: Any) -> None:
    given = paid(CAD, first_payout=True, credits=credited(*credits), as_of="2028-01-01")
    assert given == (True, "100.00", [], "100.00", [], None)


def test_later_payouts_have_no_threshold_in_canadian_dollars() -> None:
    assert paid(CAD, credits=credited(("2026-01-31", "0.01"))) == (True, "0.01", [], "0.01", [], None)
    assert paid(CAD, credits=[]) == refused("0.00", "nothing_to_pay")


@pytest.mark.parametrize(
    ("gross", "usd_rate", "offered"),
    [
        pytest.param("13600.00", "1.36", False, id="AFF 9: exactly 10,000.00 US dollars"),
        pytest.param("13600.01", "1.36", True, id="AFF 9: a cent above"),
        pytest.param("10000.01", "1", True, id="AFF 9: at par"),
        pytest.param("13600.00", "1.359999999999", True, id="AFF 9: a rate with twelve decimals"),
    ],
)
def test_a_wire_is_for_large_balances(gross: str, usd_rate: str, offered: bool) -> None:
    given = paid(CAD, method="wire", usd_rate=usd_rate, credits=credited(("2026-01-31", gross)))
    assert given == ((True, gross, [], gross, [], None) if offered else refused(gross, "method_not_offered"))


def test_invoices_are_not_credited_in_canadian_dollars() -> None:
    assert paid(CAD, method="invoice_credit") == refused("150.00", "method_not_offered")


@pytest.mark.parametrize(
    ("changes", "taken", "left"),
    [
        pytest.param({"reissue": True}, [("reissue", "47.60")], "102.40", id="AFF 10: 35 US dollars"),
        pytest.param({"reissue": True, "usd_rate": "1.3569"}, [("reissue", "47.49")], "102.51", id="AFF 10: 47.4915"),
        pytest.param({"reissue": True, "usd_rate": "1.3570"}, [("reissue", "47.50")], "102.50", id="AFF 10: half up"),
        pytest.param({"transfer_fee": "4.50"}, [], "150.00", id="AFF 9: PayPal's fee is the vendor's"),
        pytest.param(
            {"transfer_fee": "4.50", "method": "wire", "reissue": True, "usd_rate": "0.01"},
            [("reissue", "0.35"), ("transfer_fee", "4.50")],
            "145.15",
            id="AFF 10, 12: both, the reissue first",
        ),
    ],
)
def test_deductions_in_canadian_dollars(changes: dict[str, Any], taken: Any, left: str) -> None:
    assert paid(CAD, **changes) == (True, "150.00", taken, left, [], None)


@pytest.mark.parametrize("amount", ["0.00", "10.00", "47.60"])
def test_nothing_may_be_left_to_pay(amount: str) -> None:
    assert paid(CAD, reissue=True, credits=credited(("2026-01-31", amount))) == refused(amount, "nothing_to_pay")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, (True, "150.00", [], "150.00", [], None), id="11.4.1: on request"),
        pytest.param({"requested": False}, refused("150.00", "not_requested"), id="11.4.1: not asked for"),
        pytest.param(
            {"credits": credited(("2026-01-31", "99.99"))}, refused("99.99", "below_threshold"), id="11.4.1: too little"
        ),
        pytest.param(
            {"credits": credited(("2026-01-31", "100.00"))},
            (True, "100.00", [], "100.00", [], None),
            id="11.4.1: just enough",
        ),
        pytest.param(
            {"first_payout": True, "documents": ["identity"]},
            refused("150.00", "identity_missing"),
            id="11.4.4: one paper",
        ),
        pytest.param(
            {"first_payout": True, "documents": ["residence", "identity"]},
            (True, "150.00", [], "150.00", [], None),
            id="11.4.4: both papers",
        ),
        pytest.param(
            {"requested": False, "credits": [], "first_payout": True},
            refused("0.00", "not_requested", "below_threshold", "identity_missing"),
            id="11.4: every reason, in order",
        ),
        pytest.param(
            {"method": "invoice_credit", "transfer_fee": "4.50"},
            (True, "150.00", [("transfer_fee", "4.50")], "145.50", [], None),
            id="11.4.6: fees of every method",
        ),
        pytest.param(
            {"method": "wire", "transfer_fee": "4.50"},
            (True, "150.00", [("transfer_fee", "4.50")], "145.50", [], None),
            id="11.4.2: a wire of any size",
        ),
        pytest.param({"reissue": True}, (True, "150.00", [], "150.00", [], None), id="11.4: no charge to pay anew"),
        pytest.param({"transfer_fee": "150.00"}, refused("150.00", "nothing_to_pay"), id="11.4.6: eaten up by the fee"),
    ],
)
def test_payouts_in_us_dollars(changes: dict[str, Any], expected: Any) -> None:
    assert paid(USD, **changes) == expected


def test_every_obstacle_is_listed_in_order_in_canadian_dollars() -> None:
    given = paid(CAD, first_payout=True, method="wire", credits=credited(("2026-01-31", "5.00")), as_of="2027-02-01")
    assert given == refused("5.00", "threshold_lapsed", "method_not_offered", lapses_on="2027-01-31")


def test_two_thresholds_give_one_reason() -> None:
    """A contract may have both a threshold of the first payout and one of all."""
    payout, first = book().newest(USD).payout, book().newest(CAD).payout
    assert payout is not None and first is not None
    sheet = read_sheet(SHEETS / USD / "2016-10-20.toml")
    moved = sheet.model_copy(update={"payout": payout.model_copy(update={"first": first.first})})
    facts = {**GOOD, "currency": "USD", "first_payout": True, "documents": ["identity", "residence"]}
    for as_of, reason in (("2026-03-16", "below_threshold"), ("2028-03-16", "threshold_lapsed")):
        question = {**facts, "credits": credited(("2026-01-31", "5.00")), "as_of": as_of}
        given = answer(Book([("moved", moved)]), {"rule": "payout.net", "vendor": USD, "facts": question})
        assert given["outcome"]["reasons"] == [reason]


def test_it_names_the_clauses_that_made_it_so() -> None:
    def clauses(vendor: str, **changes: Any) -> set[str]:
        return {item["clause"] for item in net(vendor, **changes)["because"]}

    assert clauses(CAD) == {"AFF 4", "AFF 9"}
    assert clauses(CAD, reissue=True) == {"AFF 4", "AFF 9", "AFF 10"}
    assert clauses(CAD, transfer_fee="4.50") == {"AFF 4", "AFF 9", "AFF 12"}
    assert clauses(USD) == {"11.4.1", "11.4.2"}
    assert clauses(USD, first_payout=True) == {"11.4.1", "11.4.2", "11.4.4"}


@pytest.mark.parametrize("vendor", SILENT)
def test_a_contract_without_partners_is_silent(vendor: str) -> None:
    assert net(vendor)["outcome"] == {"covered": False}


@pytest.mark.parametrize(
    ("vendor", "changes", "code", "field"),
    [
        (CAD, {"currency": "USD"}, "currency_mismatch", "currency"),
        (USD, {"currency": "CAD"}, "currency_mismatch", "currency"),
        (USD, {"currency": "EUR", "requested": False}, "currency_mismatch", "currency"),
        (USD, {"usd_rate": "0"}, "bad_type", "usd_rate"),
        (USD, {"usd_rate": 1.36}, "bad_type", "usd_rate"),
        (USD, {"usd_rate": "-1"}, "bad_type", "usd_rate"),
        (USD, {"currency": "EUR", "transfer_fee": "4.5"}, "bad_type", "transfer_fee"),
        (USD, {"credits": [{"on": "2026-01-31", "amount": "1.00", "why": ""}]}, "bad_type", "credits"),
        (USD, {"documents": ["passport"]}, "bad_type", "documents"),
        (USD, {"method": "cash", "note": 1}, "unknown_fact", "note"),
        (
            CAD,
            {"first_payout": True, "credits": credited(("9999-06-01", "1.00")), "as_of": "9999-06-02"},
            "bad_type",
            None,
        ),
    ],
)
def test_questions_that_cannot_be_answered(vendor: str, changes: dict[str, Any], code: str, field: str | None) -> None:
    error = net(vendor, **changes)["error"]
    assert (error["code"], error["field"]) == (code, field)


def test_they_are_told_in_sentences() -> None:
    told = tell_window(Window(date(2026, 3, 17), date(2026, 3, 16), date(2026, 3, 31)))
    assert told == "The commission is determined on 17 March 2026; it is paid from 16 March 2026 to 31 March 2026."
    taken = (Deduction("reissue", Decimal("35.00")), Deduction("transfer_fee", Decimal("4.50")))
    whole = Net(True, Decimal("150.00"), (), Decimal("150.00"), (), None)
    assert tell_net(whole) == "150.00 is paid: 150.00 in credits."
    less = whole._replace(deductions=taken, net=Decimal("110.50"))
    assert (
        tell_net(less) == "110.50 is paid: 150.00 in credits less 35.00 for the reissue and 4.50 for the transfer fee."
    )
    refusal = whole._replace(payable=False, net=Decimal("0.00"), reasons=("below_threshold",))
    assert tell_net(refusal) == "Nothing is paid: below threshold."
    lapsing = refusal._replace(lapses_on=date(2027, 1, 31))
    assert tell_net(lapsing) == "Nothing is paid: below threshold. The credits lapse after 31 January 2027."
