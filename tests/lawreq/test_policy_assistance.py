"""When a member may submit a notification of an interception, and when the report is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import read_sheet
from lawreq.policy import Submission, tell_submission

HELPER = "ethicmail"
BY_INTERVAL = ["BRIDGE", "ENTRY", "BASIC", "STANDARD", "PREMIUM"]
BY_MONTH = ["SMALLBIZ", "BUSINESS", "ENTERPRISE", "ORGANIZATION"]
MEMBER: dict[str, Any] = {
    "acknowledged_on": [],
    "paid_on": "2026-01-09",
    "covered_until": "2027-01-09",
    "upgraded_on": None,
    "received_on": "2026-04-10",
    "duplicate": False,
    "leaving": False,
}
INTERVAL = {**MEMBER, "level": "BASIC", "interval_days": 90}
MONTHLY = {**MEMBER, "level": "BUSINESS", "monthly_limit": 2}
ALLOWED = (True, None, None, "2026-05-10", "2026-07-09")


def ask(facts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return answer(book(), {"rule": "assistance.submission", "vendor": HELPER, "facts": {**facts, **changes}})


def submitted(facts: dict[str, Any], **changes: Any) -> tuple[bool, str | None, str | None, str | None, str | None]:
    return tuple(ask(facts, **changes)["outcome"].values())


def refused(reason: str, next_on: str | None = None) -> Any:
    return False, reason, next_on, None, None


@pytest.mark.parametrize("facts", [INTERVAL, MONTHLY], ids=["by interval", "by month"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, ALLOWED, id="8.3.3: reported in 30 to 90 days"),
        pytest.param(
            {"received_on": "2026-01-09"}, refused("not_yet_covered", "2026-01-10"), id="8.2: the day of payment"
        ),
        pytest.param(
            {"received_on": "2026-01-10"}, (True, None, None, "2026-02-09", "2026-04-10"), id="8.2: the day after"
        ),
        pytest.param(
            {"received_on": "2027-01-09"}, (True, None, None, "2027-02-08", "2027-04-09"), id="8.2: the last day"
        ),
        pytest.param({"received_on": "2027-01-10"}, refused("coverage_ended"), id="8.2: past the cycle"),
        pytest.param({"duplicate": True}, refused("already_submitted"), id="8.3.2: once each"),
        pytest.param({"leaving": True}, ALLOWED, id="8.1.9 (a): nothing to forfeit yet"),
        pytest.param(
            {"received_on": "2026-01-01", "covered_until": "2025-12-31", "duplicate": True},
            refused("not_yet_covered", "2026-01-10"),
            id="8.2: not yet comes before ended",
        ),
        pytest.param(
            {"received_on": "2027-01-10", "duplicate": True},
            refused("coverage_ended"),
            id="8.2: ended before duplicate",
        ),
        pytest.param({"acknowledged_on": ["2026-04-11", "2026-04-12"]}, ALLOWED, id="later ones are ignored"),
    ],
)
def test_cover(facts: dict[str, Any], changes: dict[str, Any], expected: Any) -> None:
    assert submitted(facts, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"acknowledged_on": ["2026-01-10"]}, ALLOWED, id="8.1.9 (a): ninety days have passed"),
        pytest.param(
            {"acknowledged_on": ["2026-01-11"]}, refused("interval_running", "2026-04-11"), id="8.1.9 (a): eighty-nine"
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-10"]}, refused("interval_running", "2026-07-09"), id="8.1.9 (a): the same day"
        ),
        pytest.param(
            {"acknowledged_on": ["2026-03-01", "2026-02-01"]},
            refused("interval_running", "2026-05-30"),
            id="8.1.9 (a): the last one counts, wherever it is listed",
        ),
        pytest.param({"acknowledged_on": ["2026-04-01"], "interval_days": 0}, ALLOWED, id="8.1.9 (a): no interval"),
        pytest.param(
            {"acknowledged_on": ["2026-01-10"], "leaving": True}, refused("forfeited"), id="8.1.9 (a): leaving forfeits"
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "leaving": True},
            refused("forfeited"),
            id="8.1.9 (a): before the interval",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "leaving": True, "duplicate": True},
            refused("already_submitted"),
            id="8.3.2: a duplicate before the forfeit",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-02"},
            ALLOWED,
            id="8.1.9 (b): an upgrade resets it",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-01"},
            refused("interval_running", "2026-06-30"),
            id="8.1.9 (b): acknowledged on the day of the upgrade",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-11"},
            refused("interval_running", "2026-06-30"),
            id="8.1.9 (b): a later upgrade is ignored",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-10", "leaving": True},
            ALLOWED,
            id="8.1.9 (b): upgraded, nothing left to forfeit",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-12-31"], "received_on": "2027-01-05"},
            refused("interval_running", "2027-03-31"),
            id="8.1.9 (a): even past the end of cover",
        ),
    ],
)
def test_intervals(changes: dict[str, Any], expected: Any) -> None:
    assert submitted(INTERVAL, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"acknowledged_on": ["2026-04-01"]}, ALLOWED, id="8.1.9 (c): one of two"),
        pytest.param(
            {"acknowledged_on": ["2026-04-01", "2026-04-10"]},
            refused("limit_reached", "2026-05-01"),
            id="8.1.9 (c): both",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01", "2026-04-01"]},
            refused("limit_reached", "2026-05-01"),
            id="8.1.9 (c): two of one day",
        ),
        pytest.param({"acknowledged_on": ["2026-03-31", "2025-04-09"]}, ALLOWED, id="8.1.9 (c): other months"),
        pytest.param({"monthly_limit": 0}, refused("limit_reached", "2026-05-01"), id="8.1.9 (c): none at all"),
        pytest.param(
            {"acknowledged_on": ["2026-12-01"] * 3, "received_on": "2026-12-31"},
            refused("limit_reached", "2027-01-01"),
            id="8.1.9 (c): over the year's end",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01", "2026-04-02"], "upgraded_on": "2026-04-02"},
            ALLOWED,
            id="8.1.9 (d): an upgrade drops those before it",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-02", "2026-04-02"], "upgraded_on": "2026-04-02"},
            refused("limit_reached", "2026-05-01"),
            id="8.1.9 (d): not those of its day",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-02", "2026-04-02"], "upgraded_on": "2026-04-11"},
            refused("limit_reached", "2026-05-01"),
            id="8.1.9 (d): a later upgrade is ignored",
        ),
        pytest.param(
            {"acknowledged_on": ["2026-04-01"], "leaving": True}, ALLOWED, id="8.1.9 (a): only the first five"
        ),
    ],
)
def test_months(changes: dict[str, Any], expected: Any) -> None:
    assert submitted(MONTHLY, **changes) == expected


def test_every_level_is_by_interval_or_by_month() -> None:
    both = {**MEMBER, "interval_days": 90, "monthly_limit": 1, "acknowledged_on": ["2026-04-01"]}
    for level in BY_INTERVAL:
        assert submitted(both, level=level)[1] == "interval_running"
    for level in BY_MONTH:
        assert submitted(both, level=level)[1] == "limit_reached"


@pytest.mark.parametrize(
    "changes", [{}, {"received_on": "2026-01-01"}, {"received_on": "2028-01-01"}, {"duplicate": True}]
)
@pytest.mark.parametrize(
    ("level", "other", "needed"),
    [(level, "monthly_limit", "interval_days") for level in BY_INTERVAL]
    + [(level, "interval_days", "monthly_limit") for level in BY_MONTH],
)
def test_the_price_lists_value_must_be_there(changes: Any, level: str, other: str, needed: str) -> None:
    error = ask({**MEMBER, "level": level, other: 1}, **changes)["error"]
    assert (error["code"], error["field"]) == ("missing_fact", needed)


@pytest.mark.parametrize("vendor", ["securegroup", "securegroup_devices", "secureflag", "securepacket", "cryptopass"])
def test_contracts_without_assistance_are_silent_even_without_those_values(vendor: str) -> None:
    facts = {**MEMBER, "level": "BASIC"}
    given = answer(book(), {"rule": "assistance.submission", "vendor": vendor, "facts": facts})
    assert given["outcome"] == {"covered": False}


def test_a_level_that_the_contract_does_not_name_is_not_covered() -> None:
    sheet = read_sheet(SHEETS / HELPER / "2016-10-20.toml")
    assert sheet.assistance is not None
    fewer = sheet.assistance.interval_levels.model_copy(update={"value": ("BRIDGE",)})
    moved = sheet.model_copy(update={"assistance": sheet.assistance.model_copy(update={"interval_levels": fewer})})
    question = {"rule": "assistance.submission", "vendor": HELPER, "facts": {**MEMBER, "level": "BASIC"}}
    assert answer(Book([("moved", moved)]), question)["outcome"] == {"covered": False}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"interval_days": None}, "bad_type", "interval_days"),
        ({"monthly_limit": None}, "bad_type", "monthly_limit"),
        ({"interval_days": -1}, "bad_type", "interval_days"),
        ({"interval_days": "90"}, "bad_type", "interval_days"),
        ({"level": "basic"}, "bad_type", "level"),
        ({"acknowledged_on": [None]}, "bad_type", "acknowledged_on"),
        ({"acknowledged_on": None}, "bad_type", "acknowledged_on"),
        ({"acknowledged_on": ["2026-04-01"], "interval_days": 1_000_000_000}, "bad_type", None),
        ({"level": "basic", "note": 1}, "unknown_fact", "note"),
    ],
)
def test_questions_that_cannot_be_answered(changes: Any, code: str, field: str | None) -> None:
    error = ask(INTERVAL, **changes)["error"]
    assert (error["code"], error["field"]) == (code, field)


@pytest.mark.parametrize(
    ("facts", "changes", "clauses"),
    [
        (INTERVAL, {}, {"8.1.9 (a)", "8.2", "8.3.3"}),
        (INTERVAL, {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-02"}, {"8.1.9 (a)", "8.1.9 (b)", "8.2", "8.3.3"}),
        (INTERVAL, {"duplicate": True}, {"8.1.9 (a)", "8.2", "8.3.2"}),
        (MONTHLY, {"monthly_limit": 0}, {"8.1.9 (a)", "8.1.9 (c)", "8.2"}),
        (MONTHLY, {"acknowledged_on": ["2026-04-01"], "upgraded_on": "2026-04-02"}, {"8.1.9 (a)", "8.1.9 (c)", "8.1.9 (d)"}
         | {"8.2", "8.3.3"}),
    ],
)  # fmt: skip
def test_it_names_the_clauses_that_made_it_so(facts: Any, changes: Any, clauses: set[str]) -> None:
    assert {item["clause"] for item in ask(facts, **changes)["because"]} == clauses


def test_it_is_told_in_sentences() -> None:
    allowed = Submission(True, None, None, date(2026, 5, 10), date(2026, 7, 9))
    assert tell_submission(allowed) == "The submission is allowed; its report is due from 10 May 2026 to 9 July 2026."
    ended = Submission(False, "coverage_ended", None, None, None)
    assert tell_submission(ended) == "The submission is not allowed: coverage ended."
    waiting = ended._replace(reason="interval_running", next_on=date(2026, 7, 9))
    told = "The submission is not allowed: interval running. A submission is possible from 9 July 2026."
    assert tell_submission(waiting) == told
