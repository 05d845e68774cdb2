"""Bad questions: each code of the interface, and which of two faults is found first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backoffice.terms.book import book
from backoffice.terms.interpreter import LONGEST_LINE, answer, answer_line, answer_lines

PERIOD = {"start": "2026-01-31", "cycle_months": 1, "index": 0, "commitment": False}
END = {"start": "2026-01-31", "cycle_months": 1, "commitment": False, "notice_on": "2026-02-01", "by": "customer"}
START = {"accepted_on": "2026-01-01", "payment_confirmed_on": None, "method": "card", "agreed_start": None}
LATE = {
    "principal": "100.00", "currency": "GBP", "due_on": "2026-01-01", "as_of": "2026-02-01", "incidents": [], "costs": [],
    "rates": [{"from": "2020-01-01", "rate": "0.04"}], "collection_on": None,
}  # fmt: skip
REFUND = {
    "price": "100.00", "currency": "USD", "start": "2026-01-01", "cycle_months": 12, "terminated_on": "2026-03-01",
    "by": "customer", "cause": "convenience", "product": "service",
}  # fmt: skip
SEATS = {
    "currency": "GBP", "unit_price": "10.00", "seats": 1, "period_start": "2026-01-01", "period_end": "2026-12-31",
    "added_on": "2026-02-01", "commitment": True,
}  # fmt: skip
AMENDMENT = {
    "subject": "price", "published_on": "2026-01-01", "emergency": False, "material": False, "exempt": False,
    "period_end": "2026-06-30", "old_price": "1.00", "new_price": "1.20",
}  # fmt: skip
WINDOW = {"qualified_on": "2026-01-10", "hold_months": 0}
FEE = {"amount": "10.00", "currency": "USD", "kind": "first", "agreed_fee": None}
OUTAGE = {"from": "2026-03-01T10:00:00Z", "to": "2026-03-01T09:00:00Z", "cause": "dns", "reported_on": None}
CREDIT = {
    "service": "email", "month": "2026-03", "monthly_fee": "10.00", "outages": [OUTAGE], "claimed_on": None, "traceroutes": 3,
    "in_breach": False, "billed_directly": True, "users_affected": 1, "users_total": 2,
}  # fmt: skip
COVER: dict[str, Any] = {
    "level": "BASIC", "acknowledged_on": [], "paid_on": "2026-01-01", "covered_until": "2026-12-31", "upgraded_on": None,
    "received_on": "2026-02-01", "duplicate": False, "leaving": False,
}  # fmt: skip


def ask(rule: str, vendor: str, facts: dict[str, Any], *without: str, **more: Any) -> Any:
    """The code and field of the error, or the outcome."""
    facts = {name: value for name, value in {**facts, **more}.items() if name not in without}
    given = answer(book(), {"rule": rule, "vendor": vendor, "facts": facts})
    error = given.get("error")
    return (error["code"], error["field"]) if error else given["outcome"]


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"{", b"nonsense", b"[1, 2]", b'"rule"', b"null", b"17", b"\xff\xfe{}", b"{'rule': 1}", b"[" * 100_000, b'{"rule": ' + b"9" * 5000 + b"}",
        b'{"rule": NaN}',
     b'{"rule": "' + b"x" * LONGEST_LINE + b'"}'],
    ids=lambda line: repr(line[:12]),
)  # fmt: skip
def test_bad_json(line: bytes) -> None:
    assert answer_line(book(), line)["error"]["code"] == "bad_json"


@pytest.mark.parametrize("rule", ["term.begin", "", None, 17, ["term.start"], {"rule": "term.start"}, "TERM.START"])
def test_unknown_rule(rule: object) -> None:
    error = answer(book(), {"rule": rule, "vendor": "nobody", "facts": 3})["error"]
    assert (error["code"], error["field"]) == ("unknown_rule", "rule")


@pytest.mark.parametrize("vendor", ["acme", "", None, 17, ["secureflag"], "SecureFlag"])
def test_unknown_vendor(vendor: object) -> None:
    error = answer(book(), {"rule": "term.start", "vendor": vendor, "facts": 3})["error"]
    assert (error["code"], error["field"]) == ("unknown_vendor", "vendor")


@pytest.mark.parametrize("sheet", ["secureflag/2023-01-01", "ethicmail/2016-10-20", "secureflag", 17])
def test_a_sheet_the_vendor_has_not(sheet: object) -> None:
    error = answer(book(), {"rule": "term.start", "vendor": "secureflag", "sheet": sheet, "facts": START})["error"]
    assert (error["code"], error["field"]) == ("unknown_vendor", "sheet")


def test_the_sheet_that_was_asked_is_named() -> None:
    question = {"rule": "term.period", "vendor": "securegroup", "facts": PERIOD}
    assert answer(book(), question)["sheet"] == "securegroup/2015-01-01"
    assert answer(book(), {**question, "sheet": "securegroup/2015-01-01"}) == answer(book(), question)


@pytest.mark.parametrize("vendor", ["securegroup", "securepacket", "cryptopass"])
@pytest.mark.parametrize("fact", list(PERIOD))
def test_a_fact_that_is_not_there_is_missing_for_every_vendor(vendor: str, fact: str) -> None:
    assert ask("term.period", vendor, PERIOD, fact) == ("missing_fact", fact)


@pytest.mark.parametrize(
    ("rule", "vendor", "facts", "field"),
    [
        ("term.start", "secureflag", START, "agreed_start"),
        ("terms.amendment", "secureflag", {**AMENDMENT, "period_end": None}, "period_end"),
        ("terms.amendment", "securegroup_devices", {**AMENDMENT, "old_price": None}, "old_price"),
        ("terms.amendment", "securegroup_devices", {**AMENDMENT, "new_price": None, "exempt": True}, "new_price"),
        ("assistance.submission", "ethicmail", COVER, "interval_days"),
        ("assistance.submission", "ethicmail", {**COVER, "level": "BUSINESS", "interval_days": 3}, "monthly_limit"),
    ],
)
def test_a_null_that_this_vendor_needs_is_missing(rule: str, vendor: str, facts: dict[str, Any], field: str) -> None:
    assert ask(rule, vendor, facts) == ("missing_fact", field)


@pytest.mark.parametrize("vendor", ["securegroup", "securepacket"])
@pytest.mark.parametrize("fact", ["until", "Start", "cycle"])
def test_a_fact_that_was_not_asked_for_is_unknown(vendor: str, fact: str) -> None:
    assert ask("term.period", vendor, PERIOD, **{fact: 1}) == ("unknown_fact", fact)


BAD = [
    ("term.period", PERIOD, "start", ["2026-02-30", "2026-1-31", "20260131", "2026-W05-6", 20260131, None, "", "2026-01-31T00:00:00", "\uff12\uff10\uff12\uff16-01-31", True]),
    ("term.period", PERIOD, "cycle_months", [0, -1, 1.0, "1", True, 10**12, []]),
    ("term.period", PERIOD, "index", [-1, 0.0, "0", None, False, 10**30]),
    ("term.period", PERIOD, "commitment", [0, 1, "true", None, []]),
    ("term.start", START, "method", ["cash", "CARD", None, 1, ["card"]]),
    ("late.charges", LATE, "principal", ["100", "100.0", "100.000", "-1.00", "1e2", "100,00", " 1.00", "NaN", "1" * 16 + ".00", 100, 1.5, None]),
    ("late.charges", LATE, "currency", ["EURO", "eur", "ZZZ", None, 978]),
    ("late.charges", LATE, "incidents", ["returned_check", [None], ["theft"], None, {}]),
    ("late.charges", LATE, "costs", [[{"kind": "bank", "amount": "1.00"}], [{"kind": "bank", "amount": "1.00", "on": "2026-01-01", "why": ""}], [{"kind": "x", "amount": "1.00", "on": "2026-01-01"}], [1], [[]]]),
    ("late.charges", LATE, "rates", [[{"from": "2026-01-01", "rate": 0.04}], [{"from_": "2026-01-01", "rate": "0.04"}], [{"from": "2026-01-01", "rate": "-0.04"}], [{"from": "2026-01-01", "rate": "4%"}]]),
    ("notice.deemed", {"method": "email", "sent_at": "2026-01-01T10:00:00Z"}, "sent_at", ["2026-01-01", "2026-01-01T10:00:00", "2026-13-01T10:00:00Z", "2026-01-01x10:00:00Z", "2026-01-01 10:00:00Z", 0, None]),
    ("sla.credit", CREDIT, "month", ["2026-3", "2026-13", "2026-03-01", "0000-01", 202603, None]),
    ("eligibility.check", {"country": "FR", "phone": None, "vat_number": None, "effective_on": "2026-01-01", "documents_on": None, "reminded_on": None}, "country", ["FRA", "fr", "ZZ", "", None]),
]  # fmt: skip


@pytest.mark.parametrize("vendor", ["securegroup", "securepacket"])
@pytest.mark.parametrize(
    ("rule", "facts", "fact", "values"), BAD, ids=lambda value: value if isinstance(value, str) else ""
)
def test_bad_type_for_every_vendor(vendor: str, rule: str, facts: dict[str, Any], fact: str, values: list[Any]) -> None:
    for value in values:
        assert ask(rule, vendor, facts, **{fact: value}) == ("bad_type", fact), value


@pytest.mark.parametrize("facts", [None, [], "start", 3, True])
def test_facts_that_are_no_object(facts: object) -> None:
    error = answer(book(), {"rule": "term.start", "vendor": "securegroup", "facts": facts})["error"]
    assert (error["code"], error["field"]) == ("bad_type", "facts")
    assert answer(book(), {"rule": "term.start", "vendor": "securegroup"})["error"]["code"] == "bad_type"


def test_more_users_affected_than_there_are() -> None:
    assert ask("sla.credit", "securepacket", CREDIT, users_affected=3) == ("bad_type", "users_total")
    assert ask("sla.credit", "securegroup", CREDIT, users_affected=3) == ("bad_type", "users_total")
    assert ask("sla.credit", "securegroup", CREDIT, users_affected="3") == ("bad_type", "users_affected")
    assert ask("sla.credit", "cryptopass", CREDIT, users_total=0) == ("bad_type", "users_total")


@pytest.mark.parametrize(
    ("currency", "amount", "right"),
    [
        ("JPY", "100", True),
        ("JPY", "100.00", False),
        ("KWD", "100.000", True),
        ("KWD", "100.00", False),
        ("GBP", "100.00", True),
    ],
)
def test_amounts_are_written_with_their_currencys_decimals(currency: str, amount: str, right: bool) -> None:
    given = ask("seats.add", "securepacket", SEATS, currency=currency, unit_price=amount)
    assert given == ({"covered": False} if right else ("bad_type", "unit_price"))


@pytest.mark.parametrize(
    ("rule", "vendor", "facts"),
    [
        ("late.charges", "secureflag", {**LATE, "currency": "EUR"}),
        ("seats.add", "secureflag", {**SEATS, "currency": "JPY", "unit_price": "10"}),
        ("refund.early_termination", "ethicmail", {**REFUND, "currency": "CAD"}),
        ("refund.early_termination", "securegroup", {**REFUND, "currency": "EUR"}),
        ("commission.amount", "ethicmail", {**FEE, "currency": "CAD"}),
    ],
)
def test_currency_mismatch(rule: str, vendor: str, facts: dict[str, Any]) -> None:
    assert ask(rule, vendor, facts) == ("currency_mismatch", "currency")


@pytest.mark.parametrize(
    ("rule", "vendor", "facts"),
    [
        ("term.period", "ethicmail", {**PERIOD, "cycle_months": 2}),
        ("term.period", "cryptopass", {**PERIOD, "cycle_months": 1, "commitment": True}),
        ("term.period", "cryptopass", {**PERIOD, "cycle_months": 12}),
        ("term.end", "ethicmail", {**END, "cycle_months": 9}),
    ],
)
def test_cycle_not_offered(rule: str, vendor: str, facts: dict[str, Any]) -> None:
    assert ask(rule, vendor, facts) == ("cycle_not_offered", "cycle_months")


def test_a_cycle_is_judged_only_where_a_period_is_looked_up() -> None:
    assert ask("term.end", "ethicmail", END, cycle_months=9, by="vendor", notice_on="2020-01-01") == {
        "ends_on": "2020-01-15",
        "in_time": True,
    }
    assert ask("term.end", "cryptopass", END, cycle_months=9, by="vendor", notice_on="2020-01-01") == {
        "ends_on": "2020-01-31",
        "in_time": True,
    }


@pytest.mark.parametrize(
    ("rule", "vendor", "facts"),
    [
        ("term.end", "securegroup", {**END, "notice_on": "2026-01-30"}),
        ("seats.add", "secureflag", {**SEATS, "added_on": "2025-12-31"}),
        ("seats.add", "secureflag", {**SEATS, "added_on": "2027-01-01"}),
        ("seats.add", "secureflag", {**SEATS, "period_end": "2025-12-31"}),
        ("refund.early_termination", "ethicmail", {**REFUND, "terminated_on": "2025-12-31"}),
        ("refund.early_termination", "secureflag", {**REFUND, "currency": "GBP", "terminated_on": "2025-12-31"}),
        ("sla.credit", "securegroup", CREDIT),
        ("sla.credit", "ethicmail", CREDIT),
    ],
)
def test_date_order(rule: str, vendor: str, facts: dict[str, Any]) -> None:
    assert ask(rule, vendor, facts)[0] == "date_order"


@pytest.mark.parametrize("rates", [[], [{"from": "2026-01-03", "rate": "0.04"}], [{"from": "2027-01-01", "rate": "0"}]])
@pytest.mark.parametrize(("vendor", "currency"), [("secureflag", "GBP"), ("cryptopass", "EUR")])
def test_rate_missing(vendor: str, currency: str, rates: list[Any]) -> None:
    assert ask("late.charges", vendor, LATE, currency=currency, rates=rates) == ("rate_missing", "rates")
    assert ask("late.charges", vendor, LATE, currency=currency, rates=rates, as_of="2026-01-01")["charges"] == "0.00"


@pytest.mark.parametrize("amount", ["10.00", "0.00", "999999.99"])
def test_fee_missing(amount: str) -> None:
    assert ask("commission.amount", "securegroup", FEE, amount=amount) == ("fee_missing", "agreed_fee")
    assert ask("commission.amount", "securegroup", FEE, amount=amount, kind="renewal") == {"commission": "0.00"}


@pytest.mark.parametrize("months", [3, 4, 1_000_000_000])
def test_hold_too_long(months: int) -> None:
    assert ask("payout.window", "securegroup", WINDOW, hold_months=months) == ("hold_too_long", "hold_months")
    assert ask("payout.window", "cryptopass", WINDOW, hold_months=months) == {"covered": False}


TWO_FAULTS = [
    ("missing before unknown", "term.period", "securegroup", {"start": "2026-01-31", "index": 0, "commitment": False, "extra": 1}, "missing_fact"),
    ("missing before bad", "term.period", "securegroup", {"start": "soon", "index": 0, "commitment": False}, "missing_fact"),
    ("unknown before bad", "term.period", "securegroup", {**PERIOD, "start": "soon", "extra": 1}, "unknown_fact"),
    ("bad before not covered", "term.period", "securepacket", {**PERIOD, "start": "soon"}, "bad_type"),
    ("not covered before cycle", "term.period", "securepacket", {**PERIOD, "cycle_months": 7}, None),
    ("not covered before order", "term.end", "secureflag", {**END, "by": "vendor", "notice_on": "2020-01-01"}, None),
    ("not covered before currency", "refund.early_termination", "securegroup", {**REFUND, "by": "vendor", "currency": "EUR"}, None),
    ("currency before order", "seats.add", "secureflag", {**SEATS, "currency": "EUR", "added_on": "2030-01-01"}, "currency_mismatch"),
    ("currency before rates", "late.charges", "secureflag", {**LATE, "currency": "EUR", "rates": []}, "currency_mismatch"),
    ("currency before order", "refund.early_termination", "ethicmail", {**REFUND, "currency": "EUR", "terminated_on": "2020-01-01"}, "currency_mismatch"),
    ("cycle before order", "term.end", "ethicmail", {**END, "cycle_months": 7, "notice_on": "2020-01-01"}, "cycle_not_offered"),
    ("bad inside a list before rates", "late.charges", "secureflag", {**LATE, "rates": [{"from": "2026-05-01"}]}, "bad_type"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "vendor", "facts", "code"), [row[1:] for row in TWO_FAULTS], ids=[row[0] for row in TWO_FAULTS]
)
def test_of_two_faults_the_first_in_order_is_found(
    rule: str, vendor: str, facts: dict[str, Any], code: str | None
) -> None:
    given = answer(book(), {"rule": rule, "vendor": vendor, "facts": facts})
    assert given.get("error", {}).get("code") == code
    if code is None:
        assert given["outcome"] == {"covered": False}


def test_dates_past_the_calendar_are_answered() -> None:
    assert ask("term.period", "securegroup", PERIOD, index=10**9)[0] == "bad_type"
    assert ask("term.period", "ethicmail", PERIOD, start="9999-12-31")[0] == "bad_type"
    assert (
        ask("breach.cure", "securegroup", {"kind": "material", "notified_on": "9999-12-31", "remediable": True})[0]
        == "bad_type"
    )


def test_a_stream_answers_line_by_line_and_goes_on_after_a_bad_line() -> None:
    lines = [
        b'{"rule": "x"}\n',
        b"\n",
        b'{"rule": "retention.until", "vendor": "cryptopass", "facts": {"data": "contact", "ended_on": "2024-02-29"}}',
    ]
    found = list(answer_lines(book(), lines))
    assert [error for _, error in found] == [True, True, False]
    assert json.loads(found[2][0])["outcome"] == {"erase_on": "2027-02-28"}
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line, _ in found)
