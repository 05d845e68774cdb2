"""Service credits, worked out by hand. Toronto is four hours behind UTC in April, Gibraltar two ahead."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.registry import rules
from backoffice.terms.sheet import parse_sheet
from billing.policy.service_levels import Credit, CreditFacts, Outage, decide_sla_credit
from tests.billing.asking import ask, clauses, fault, outcome, without

RULE = "sla.credit"
LEFT_OUT = [
    "planned_maintenance", "hot_fix", "customer_side", "network_attack", "dns", "flooding", "software_bug", "datacenter",
    "aup_breach",
]  # fmt: skip


def down(from_: str, to: str, reported_on: str | None = "2026-04-09", cause: str = "server") -> dict[str, Any]:
    return {"from": f"2026-{from_}:00Z", "to": f"2026-{to}:00Z", "cause": cause, "reported_on": reported_on}


# 1,000 minutes: 97.6852%, which is 2 whole percent below the target.
LONG = down("04-08T10:00", "04-09T02:40")


def facts(*outages: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A claim in time for outages of April, of 90.00 a month."""
    known: dict[str, Any] = {
        "service": "email",
        "month": "2026-04",
        "monthly_fee": "90.00",
        "outages": list(outages),
        "claimed_on": "2026-05-07",
        "traceroutes": 3,
        "users_affected": 10,
        "users_total": 10,
        "in_breach": False,
        "billed_directly": True,
    }
    return {**known, **changes}


def credit(*outages: dict[str, Any], vendor: str = "securegroup", **changes: Any) -> dict[str, Any]:
    return outcome(RULE, vendor, facts(*outages, **changes))


def short(*outages: dict[str, Any], vendor: str = "securegroup", **changes: Any) -> tuple[Any, ...]:
    """Counted minutes, percent, credit and reason."""
    given = credit(*outages, vendor=vendor, **changes)
    assert given["eligible"] is (given["reason"] is None)
    return given["counted_minutes"], given["percent"], given["credit"], given["reason"]


def test_a_month_below_the_target_is_credited() -> None:
    assert credit(LONG) == {
        "availability": "97.6852", "counted_minutes": 1000, "percent": "10", "credit": "9.00", "eligible": True, "reason": None,
    }  # fmt: skip


def test_a_month_without_outages_is_within_the_target() -> None:
    assert credit(claimed_on=None) == {
        "availability": "100.0000", "counted_minutes": 0, "percent": "0", "credit": "0.00", "eligible": False,
        "reason": "within_target",
    }  # fmt: skip


# Minutes from 10:00 on 8 April, at 90.00 a month. The target is missed from 43.2 minutes on, each further 432 add a step.
STEPS = [
    ("04-08T10:43", "0", "0.00", "within_target"),
    ("04-08T10:44", "5", "4.50", None),
    ("04-08T17:55", "5", "4.50", None),  # 475 minutes: 0.9995% below
    ("04-08T17:56", "7.5", "6.75", None),  # 476 minutes
    ("04-18T10:00", "87.5", "78.75", None),  # 10 days: a third of the month, 33.2% below
    ("04-19T22:00", "100", "90.00", None),  # 11.5 days are 38.2% below: 100 exactly
    ("04-20T10:00", "100", "90.00", None),  # 12 days would earn 102.5
]


@pytest.mark.parametrize(
    ("to", "percent", "amount", "reason"), STEPS, ids=[f"SLA 2.6: until {row[0]}" for row in STEPS]
)
def test_each_whole_percent_below_the_target_adds_a_step(
    to: str, percent: str, amount: str, reason: str | None
) -> None:
    answered = credit(down("04-08T10:00", to))
    assert (answered["percent"], answered["credit"], answered["reason"]) == (percent, amount, reason)


def test_availability_is_judged_exactly_and_shown_rounded() -> None:
    # 43 minutes 12 seconds leave exactly 99.9%; a second more leaves 99.89996%, which is shown as 99.9000 too.
    exact = {**LONG, "to": "2026-04-08T10:43:12Z"}
    assert credit(exact)["availability"] == "99.9000"
    assert credit(exact)["reason"] == "within_target"
    below = credit({**LONG, "to": "2026-04-08T10:43:13Z"})
    assert (below["availability"], below["percent"], below["counted_minutes"]) == ("99.9000", "5", 43)


def test_availability_is_not_below_zero() -> None:
    answered = credit(down("04-01T12:00", "05-15T12:00", "2026-04-02"))
    assert (answered["availability"], answered["percent"], answered["credit"]) == ("0.0000", "100", "90.00")


@pytest.mark.parametrize("service", ["voice", "chat", "email", "exchange"])
def test_an_outage_of_less_than_five_minutes_does_not_count(service: str) -> None:
    tail = down("04-10T10:00", "04-10T10:05")
    assert credit(tail, service=service)["counted_minutes"] == 5
    almost = {**tail, "to": "2026-04-10T10:04:59.999999Z"}
    assert credit(almost, service=service) == credit(service=service)


@pytest.mark.parametrize("cause", LEFT_OUT)
@pytest.mark.parametrize("vendor", ["securegroup", "ethicmail"])
def test_only_outages_of_the_servers_count(vendor: str, cause: str) -> None:
    assert credit(down("04-08T10:00", "04-10T10:00", cause=cause), vendor=vendor) == credit(vendor=vendor)


MERGED = [
    pytest.param([("10:00", "10:30"), ("10:30", "11:00")], 60, id="they touch"),
    pytest.param([("10:20", "11:00"), ("10:00", "10:40")], 60, id="they overlap, in any order"),
    pytest.param([("10:00", "11:00"), ("10:10", "10:20")], 60, id="one inside the other"),
    pytest.param([("10:00", "10:10"), ("10:00", "11:00")], 60, id="they begin together"),
    pytest.param([("10:00", "10:03"), ("10:03", "10:06")], 6, id="neither would count alone"),
    pytest.param([("10:00", "10:03"), ("10:04", "10:07")], 0, id="a minute between them"),
    pytest.param([("10:00", "11:00"), ("11:01", "12:01")], 120, id="two that count"),
]


@pytest.mark.parametrize(("spans", "minutes"), MERGED)
def test_outages_that_overlap_or_touch_are_one(spans: list[tuple[str, str]], minutes: int) -> None:
    outages = [down(f"04-08T{begin}", f"04-08T{end}") for begin, end in spans]
    assert credit(*outages)["counted_minutes"] == minutes


def test_outages_of_another_cause_join_nothing() -> None:
    fix = down("04-08T10:04", "04-08T10:30", cause="hot_fix")
    assert credit(down("04-08T10:00", "04-08T10:04"), fix)["availability"] == "100.0000"


def test_an_outage_is_reported_in_time_by_the_start_of_one_of_its_parts() -> None:
    first, second = down("04-08T10:00", "04-09T10:00", None), down("04-09T10:00", "04-09T12:00", "2026-04-24")
    assert credit(first, second)["counted_minutes"] == 26 * 60
    # Fifteen days after the second part's start are sixteen after the first's.
    assert short({**first, "reported_on": "2026-04-24"}, {**second, "reported_on": None}) == (
        0,
        "0",
        "0.00",
        "not_reported",
    )


def test_the_day_of_the_report_and_the_month_are_counted_by_the_vendors_clock() -> None:
    # 02:00 UTC on 9 April is 22:00 on 8 April in Toronto: in time up to 23 April.
    night = down("04-09T02:00", "04-09T04:00", "2026-04-23")
    assert short(night) == (120, "5", "4.50", None)
    assert short({**night, "reported_on": "2026-04-24"}) == (0, "0", "0.00", "not_reported")
    # 02:00 UTC on 1 May is still April there, and the outage belongs to April as a whole.
    last = down("05-01T02:00", "05-02T02:00", "2026-05-01")
    assert credit(last)["counted_minutes"] == 24 * 60
    assert credit(last, month="2026-05")["counted_minutes"] == 0
    # 03:00 UTC on 1 April is still March.
    assert credit(down("04-01T03:00", "04-20T03:00"))["availability"] == "100.0000"


def test_an_outage_that_goes_on_from_the_month_before_belongs_to_that_month() -> None:
    march, april = down("03-31T12:00", "04-01T12:00"), down("04-01T12:00", "04-03T12:00")
    assert credit(march, april)["counted_minutes"] == 0
    assert credit(march, april, month="2026-03")["counted_minutes"] == 72 * 60


def test_hours_pass_when_the_clocks_change() -> None:
    # At 07:00 UTC on 8 March the clocks of Toronto spring from 2:00 to 3:00: services may hold moments by that clock.
    toronto = ZoneInfo("America/Toronto")
    begin, end = datetime(2026, 3, 8, 1, 30, tzinfo=toronto), datetime(2026, 3, 8, 3, 30, tzinfo=toronto)
    asked = CreditFacts(
        service="email", month="2026-03", monthly_fee=Decimal("90.00"), traceroutes=3, users_affected=1, users_total=1,
        in_breach=False, billed_directly=True, claimed_on=date(2026, 4, 7),
        outages=(Outage(from_=begin, to=end, cause="server", reported_on=date(2026, 3, 8)),),
    )  # fmt: skip
    assert decide_sla_credit(book().newest("securegroup"), asked).answer.counted_minutes == 60


def test_the_credit_is_worked_out_on_what_was_reported_and_availability_on_all() -> None:
    answered = credit(LONG, down("04-15T10:00", "04-16T10:00", None))
    assert (answered["availability"], answered["counted_minutes"], answered["percent"]) == ("94.3519", 1000, "10")
    both = [down("04-08T10:00", "04-08T10:30"), down("04-10T10:00", "04-10T10:30", None)]
    assert short(*both) == (30, "0", "0.00", "not_reported")


HOURLY = [
    pytest.param([("04-08T10:00", "04-08T11:59")], "5", id="SLA 3.7: below the target"),
    pytest.param([("04-08T10:00", "04-08T12:00")], "5", id="SLA 3.8: two hours"),
    pytest.param(
        [("04-08T10:00", "04-08T12:00"), ("04-10T10:00", "04-10T11:59")], "5", id="SLA 3.8: almost four in all"
    ),
    pytest.param([("04-08T10:00", "04-08T12:00"), ("04-10T10:00", "04-10T12:00")], "10", id="SLA 3.8: four in all"),
    pytest.param([("04-08T10:00", "04-08T16:00")], "15", id="SLA 3.8: six"),
    pytest.param([("04-08T10:00", "04-09T10:00")], "15", id="SLA 3.8: at most"),
    pytest.param([("04-08T10:00", "04-10T20:20")], "25", id="SLA 3.7: 8.0019% below the target is more"),
]


@pytest.mark.parametrize(("spans", "percent"), HOURLY)
def test_hosted_mailboxes_earn_the_greater_credit(spans: list[tuple[str, str]], percent: str) -> None:
    outages = [down(begin, end) for begin, end in spans]
    assert credit(*outages, service="exchange")["percent"] == percent


@pytest.mark.parametrize(
    ("affected", "total", "amount"), [(10, 10, "9.00"), (1, 3, "3.00"), (1, 7, "1.29"), (0, 5, "0.00")], ids=str
)
def test_only_the_share_of_the_users_affected_is_credited(affected: int, total: int, amount: str) -> None:
    answered = credit(LONG, users_affected=affected, users_total=total)
    assert (answered["percent"], answered["credit"], answered["eligible"]) == ("10", amount, True)


# In the order in which they are looked for: each holds while those before it do not.
REASONS: list[tuple[str, dict[str, Any]]] = [
    ("within_target", {"outages": []}),
    ("not_billed_directly", {"billed_directly": False}),
    ("not_reported", {"outages": [{**LONG, "reported_on": None}]}),
    ("not_claimed", {"claimed_on": None}),
    ("late_claim", {"claimed_on": "2026-05-08"}),
    ("incomplete_claim", {"traceroutes": 2}),
    ("in_breach", {"in_breach": True}),
]


@pytest.mark.parametrize("place", range(len(REASONS)), ids=[reason for reason, _ in REASONS])
@pytest.mark.parametrize("service", ["voice", "exchange"])
def test_the_first_reason_that_holds_is_given(service: str, place: int) -> None:
    reason, change = REASONS[place]
    alone = credit(**{"service": service, "outages": [LONG], **change})
    together: dict[str, Any] = {"service": service, "outages": [LONG]}
    for _, later in reversed(REASONS[place:]):
        together.update(later)
    for answered in (alone, credit(**together)):
        assert (answered["reason"], answered["percent"], answered["credit"]) == (reason, "0", "0.00")


def test_a_claim_may_come_before_the_month_is_over() -> None:
    assert credit(LONG, claimed_on="2026-04-10")["eligible"] is True


@pytest.mark.parametrize(
    ("month", "day"), [("2026-02", "2026-03-07"), ("2024-02", "2024-03-07"), ("2026-12", "2027-01-07")]
)
def test_seven_days_after_the_months_end(month: str, day: str) -> None:
    outage = {
        "from": f"{month}-10T10:00:00Z",
        "to": f"{month}-10T12:00:00Z",
        "cause": "server",
        "reported_on": f"{month}-10",
    }
    assert credit(outage, month=month, claimed_on=day)["eligible"] is True
    assert credit(outage, month=month, claimed_on=f"{day[:-1]}8")["reason"] == "late_claim"


def test_a_contract_that_asks_for_less_credits_more() -> None:
    raw = tomllib.loads((SHEETS / "securegroup" / "2015-01-01.toml").read_text())
    by_month = raw["service_credit"]["by_month"]
    for name in ("by_affected_users", "billed_directly", "report_days", "claim_days", "traceroutes", "breach_bars"):
        del by_month[name]
    sheets = Book([("silent", parse_sheet(raw, "silent"))])
    asked = facts({**LONG, "reported_on": None}, traceroutes=0, users_affected=0, in_breach=True, billed_directly=False)
    answered = answer(sheets, {"rule": RULE, "vendor": "securegroup", "facts": {**asked, "claimed_on": "2027-01-01"}})
    assert answered["outcome"] == credit(LONG)


# Each whole day is worth 90.00 / 30 = 3.00; both days' worth of outage were over on 10 April.
BY_OUTAGE = [
    pytest.param([("04-08T10:00", "04-09T09:59")], "2026-05-09", (0, "0.00", "within_target"), id="7.1: under 24 hours"),
    pytest.param([("04-08T10:00", "04-09T10:00")], "2026-05-09", (1440, "3.00", None), id="7.1: 24 hours, on the last day"),
    pytest.param([("04-08T10:00", "04-09T10:00")], "2026-05-10", (0, "0.00", "late_claim"), id="7.1: a day too late"),
    pytest.param([("04-08T10:00", "04-09T10:00")], None, (0, "0.00", "not_claimed"), id="7.1: not claimed"),
    pytest.param([("04-08T10:00", "04-10T09:59")], "2026-04-11", (2879, "3.00", None), id="7.1: whole days only"),
    pytest.param(
        [("04-01T10:00", "04-02T22:00"), ("04-08T10:00", "04-09T22:00")], "2026-05-03", (4320, "6.00", None),
        id="7.1: each outage by itself, not three days in all",
    ),
    pytest.param(
        [("04-01T10:00", "04-02T10:00"), ("04-08T10:00", "04-10T10:00")], "2026-05-03", (2880, "6.00", None),
        id="7.1: one of two claimed in time",
    ),
    pytest.param([("04-08T10:00", "04-08T22:00"), ("04-08T22:00", "04-09T10:00")], "2026-04-10", (1440, "3.00", None), id="merged"),
    pytest.param([("04-01T10:00", "05-31T10:00")], "2026-06-30", (86400, "180.00", None), id="7.1: not capped; 31 May clips"),
    pytest.param([("04-01T10:00", "05-31T10:00")], "2026-07-01", (0, "0.00", "late_claim"), id="7.1: clipped to 30 June"),
]  # fmt: skip


@pytest.mark.parametrize(("spans", "claimed_on", "expected"), BY_OUTAGE)
def test_ethicmail_credits_each_long_outage(
    spans: list[tuple[str, str]], claimed_on: str | None, expected: Any
) -> None:
    outages = [down(begin, end, None) for begin, end in spans]
    for others in (
        {},
        {"in_breach": True, "billed_directly": False, "traceroutes": 0, "users_affected": 0, "service": "exchange"},
    ):
        answered = credit(*outages, vendor="ethicmail", claimed_on=claimed_on, **others)
        assert (answered["counted_minutes"], answered["credit"], answered["reason"]) == expected
        assert (answered["availability"], answered["percent"]) == (None, None)
        assert answered["eligible"] is (answered["reason"] is None)


def test_ethicmail_rounds_the_exact_sum_once() -> None:
    # 100.10 / 30 is 3.33666…: two such days are 6.67333…, where 3.34 twice would be 6.68.
    days = [down("04-01T10:00", "04-02T10:00"), down("04-08T10:00", "04-09T10:00")]
    assert credit(*days, vendor="ethicmail", claimed_on="2026-04-10", monthly_fee="100.10")["credit"] == "6.67"


def test_ethicmail_counts_months_and_the_claim_by_the_clock_of_gibraltar() -> None:
    # 22:30 UTC on 31 March is 00:30 on 1 April there, and 22:30 UTC on 9 April is the 10th.
    night = down("03-31T22:30", "04-09T22:30")
    assert short(night, vendor="ethicmail", claimed_on="2026-05-10") == (9 * 1440, None, "27.00", None)
    assert short(night, vendor="ethicmail", claimed_on="2026-05-11") == (0, None, "0.00", "late_claim")


@pytest.mark.parametrize("vendor", ["securepacket", "secureflag", "cryptopass", "securegroup_devices"])
def test_other_contracts_credit_nothing_and_judge_no_dates(vendor: str) -> None:
    backwards = down("04-09T10:00", "04-08T10:00")
    assert ask(RULE, vendor, facts(backwards))["outcome"] == {"covered": False}


def test_the_clauses_of_a_credit_are_those_of_its_service() -> None:
    mail = clauses(RULE, "securegroup", facts(LONG))
    assert mail == {"SLA 2.5", "TOS 13", "SLA 1.9", "SLA 2.6", "SLA 1.10", "SLA preamble", "SLA 2.7"}
    hosted = clauses(RULE, "securegroup", facts(LONG, service="exchange"))
    assert hosted == {"SLA 3.7", "TOS 13", "SLA 1.9", "SLA 3.8", "SLA 1.10", "SLA preamble", "SLA 3.9"}
    assert clauses(RULE, "securegroup", facts()) == {"SLA 2.5"}
    assert clauses(RULE, "ethicmail", facts()) == {"7.1"}
    assert clauses(RULE, "ethicmail", facts(down("04-08T10:00", "04-09T10:00"))) == {"7.1", "7.1 (d)", "12.1"}


@pytest.mark.parametrize("cause", ["server", *LEFT_OUT])
@pytest.mark.parametrize("vendor", ["securegroup", "ethicmail"])
def test_an_outage_that_ends_before_it_begins_is_date_order_whatever_its_cause(vendor: str, cause: str) -> None:
    backwards = {**down("04-08T10:00", "04-08T10:00", cause=cause), "to": "2026-04-08T11:59:59+02:00"}
    assert fault(RULE, vendor, facts(LONG, backwards)) == ("date_order", "outages")


def test_an_outage_of_no_length_is_no_fault() -> None:
    assert credit(down("04-08T10:00", "04-08T10:00"))["availability"] == "100.0000"


@pytest.mark.parametrize("name", list(facts()))
def test_every_fact_must_be_there(name: str) -> None:
    assert fault(RULE, "cryptopass", without(facts(), name)) == ("missing_fact", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service", "fax"),
        ("month", "2026-13"),
        ("month", "2026-4"),
        ("monthly_fee", "90"),
        ("outages", [{**LONG, "from": "2026-04-08T10:00:00"}]),
        ("outages", [{**LONG, "cause": "aliens"}]),
        ("outages", [without(LONG, "reported_on")]),
        ("outages", [{**LONG, "minutes": 5}]),
        ("traceroutes", -1),
        ("traceroutes", 3.0),
        ("users_total", 0),
        ("in_breach", None),
    ],
)
def test_a_fact_of_the_wrong_kind_is_bad_type_before_dates_are_judged(name: str, value: Any) -> None:
    asked = facts(**{"outages": [down("04-09T10:00", "04-08T10:00")], name: value})
    assert fault(RULE, "securegroup", asked) == ("bad_type", name)
    assert fault(RULE, "securegroup", {**asked, "fee": 1}) == ("unknown_fact", "fee")


@pytest.mark.parametrize(("affected", "total"), [(2, 1), (11, 10), (1_000_000_000, 999_999_999)])
def test_more_users_affected_than_there_are_is_bad_type_for_every_vendor(affected: int, total: int) -> None:
    backwards = down("04-09T10:00", "04-08T10:00")
    for vendor in ("securegroup", "secureflag"):
        asked = facts(backwards, users_affected=affected, users_total=total)
        assert fault(RULE, vendor, asked) == ("bad_type", "users_total")


def test_moments_at_the_ends_of_the_calendar_are_bad_type() -> None:
    first = {**LONG, "from": "0001-01-01T00:00:00+14:00"}
    assert fault(RULE, "securegroup", facts(first)) == ("bad_type", None)


def test_the_answer_in_words() -> None:
    tell = rules()[RULE].tell
    given = Credit(Decimal("33.3333"), 28800, Decimal("1E+2"), Decimal("40.00"), True, None)
    assert tell(given) == "40.00 is credited, 100% of the fee of what was affected, for 28800 minutes."
    assert tell(given._replace(percent=None)) == "40.00 is credited, for 28800 minutes."
    assert tell(given._replace(reason="late_claim")) == "Nothing is credited: late claim."
