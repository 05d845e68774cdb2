"""Who may ask for support, what a request must hold, and when a part of its time is over."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

import pytest

from accounts.policy.helpdesk import (
    Asker,
    AskerFacts,
    Completeness,
    RequestFacts,
    decide_support_complete,
    decide_support_who,
    tell_asker,
    tell_completeness,
)
from accounts.policy.support import SupportFacts, decide_support_due, part_over_at
from backoffice.terms.book import SHEETS, book
from backoffice.terms.sheet import Sheet, parse_sheet
from tests.accounts.sheets import changed

ALL = ("issuer", "reason", "severity", "type", "description")


def who(sheet: Sheet, by_administrator: bool, agreed: bool = False) -> tuple[Asker | None, list[str]]:
    decision = decide_support_who(sheet, AskerFacts(by_administrator=by_administrator, agreed_in_writing=agreed))
    return decision.outcome, [item["clause"] for item in decision.because]


@pytest.mark.parametrize(
    ("vendor", "by_administrator", "agreed", "outcome", "clause"),
    [
        pytest.param("securegroup", True, False, Asker(True, None, False), "SLA 1.4", id="SLA 1.4 administrator"),
        pytest.param(
            "securegroup", False, False, Asker(False, "not_administrator", True), "SLA 1.4", id="SLA 1.4 breach"
        ),
        pytest.param("securegroup", False, True, Asker(True, None, False), "SLA 1.4", id="SLA 1.4 agreed"),
        pytest.param("secureflag", True, False, Asker(True, None, False), "Schedule 1", id="Schedule 1 administrator"),
        pytest.param(
            "secureflag", False, True, Asker(False, "not_administrator", False), "Schedule 1", id="Schedule 1"
        ),
        pytest.param("cryptopass", True, True, Asker(True, None, False), "6.2", id="6.2 administrator"),
        pytest.param("cryptopass", False, False, Asker(False, "not_administrator", False), "6.2", id="6.2"),
        *(
            pytest.param(v, False, False, None, None, id=v)
            for v in ("ethicmail", "securepacket", "securegroup_devices")
        ),
    ],
)
def test_who_is_answered(vendor: str, by_administrator: bool, agreed: bool, outcome: Asker | None, clause: str) -> None:
    given, clauses = who(book().newest(vendor), by_administrator, agreed)
    assert given == outcome
    assert set(clauses) == ({clause} if clause else set())


def test_every_value_of_who_is_answered_counts() -> None:
    assert who(changed("securegroup", "helpdesk", administrators_only=False), False) == (
        Asker(True, None, False),
        ["X 1"],
    )
    assert who(changed("securegroup", "helpdesk", others_if_agreed=False), False, True)[0] == Asker(
        False, "not_administrator", True
    )
    assert who(changed("securegroup", "helpdesk", others_breach=False), False)[0] == Asker(
        False, "not_administrator", False
    )
    assert who(changed("cryptopass", "helpdesk", administrators_only=None), False) == (None, [])


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (ALL, ()),
        (ALL[::-1], ()),
        ((), ALL),
        (ALL[1:], ("issuer",)),
        (("type", "issuer"), ("reason", "severity", "description")),
    ],
)
def test_what_a_request_lacks(given: tuple[Any, ...], missing: tuple[str, ...]) -> None:
    decision = decide_support_complete(book().newest("cryptopass"), RequestFacts(given=given))
    assert decision.answer == Completeness(not missing, missing)
    assert [item["clause"] for item in decision.because] == ["6.2"]


def test_what_a_request_must_hold_is_the_sheets() -> None:
    sheet = changed("cryptopass", "helpdesk", request_holds=["severity"])
    assert decide_support_complete(sheet, RequestFacts(given=("issuer", "reason"))).answer == Completeness(
        False, ("severity",)
    )
    for silent in (changed("cryptopass", "helpdesk", request_holds=None), book().newest("ethicmail")):
        assert not decide_support_complete(silent, RequestFacts(given=())).covered


def test_the_answers_are_told() -> None:
    assert tell_asker(Asker(True, None, False)) == "The request is answered."
    refused = "The request is refused because it does not come from a designated administrator"
    assert tell_asker(Asker(False, "not_administrator", False)) == f"{refused}."
    assert (
        tell_asker(Asker(False, "not_administrator", True)) == f"{refused}; it is a breach of the service levels too."
    )
    assert tell_completeness(Completeness(True, ())) == "The request is complete."
    lacking = Completeness(False, ("reason", "severity", "type"))
    assert tell_completeness(lacking) == "The request still lacks its reason, severity and type."


def due(sheet: Sheet, priority: str, reported_at: str) -> datetime:
    facts = SupportFacts(priority=priority, reported_at=datetime.fromisoformat(reported_at))
    return decide_support_due(sheet, facts).answer.due_at


@pytest.mark.parametrize(
    ("vendor", "priority", "reported_at", "percent", "over"),
    [
        # Twelve office hours from ten on a Monday: half of them are over an hour before closing.
        ("secureflag", "P0", "2026-03-02T10:00+00:00", 50, "2026-03-02T16:00+00:00"),
        ("secureflag", "P0", "2026-03-02T10:00+00:00", 100, "2026-03-03T14:00+00:00"),
        # A report on Saturday, whose time begins on Monday at nine.
        ("secureflag", "P1", "2026-03-07T12:00+00:00", 50, "2026-03-09T13:00+00:00"),
        # A month that holds 184 office hours, and the change of the clocks.
        ("secureflag", "P4", "2026-03-02T10:00+00:00", 50, "2026-03-17T14:00+00:00"),
        # A day that is all holiday in France, 14 July, is no part of the four hours.
        ("cryptopass", "ticket", "2026-07-13T17:00+02:00", 50, "2026-07-15T10:00+02:00"),
        ("securegroup_devices", "critical", "2026-03-28T12:00+02:00", 50, "2026-03-29T01:00+03:00"),
    ],
)
def test_a_part_of_the_time_is_counted_as_the_contract_counts(
    vendor: str, priority: str, reported_at: str, percent: int, over: str
) -> None:
    sheet = book().newest(vendor)
    found = part_over_at(
        sheet, priority, datetime.fromisoformat(reported_at), due(sheet, priority, reported_at), percent
    )
    assert found == datetime.fromisoformat(over)


def test_where_no_time_passes_the_warning_is_the_deadline() -> None:
    sheet, saturday = book().newest("secureflag"), datetime.fromisoformat("2026-03-07T12:00+00:00")
    assert part_over_at(sheet, "P1", saturday, saturday, 80) == saturday


@pytest.mark.parametrize("missing", [{"opens": None}, {"closes": None}])
def test_without_office_hours_all_time_counts(missing: dict[str, None]) -> None:
    sheet = changed("cryptopass", "support", **missing)
    begin, end = (datetime.fromisoformat(f"2026-03-0{day}T12:00+01:00") for day in (7, 9))
    assert part_over_at(sheet, "ticket", begin, end, 50) == datetime.fromisoformat("2026-03-08T12:00+01:00")


def test_without_holidays_only_weekends_are_closed() -> None:
    raw = tomllib.loads(max((SHEETS / "cryptopass").glob("*.toml")).read_text())
    del raw["public_holidays"]
    sheet = parse_sheet(raw, "changed")
    begin = "2026-07-13T17:00+02:00"
    found = part_over_at(sheet, "ticket", datetime.fromisoformat(begin), due(sheet, "ticket", begin), 50)
    assert found == datetime.fromisoformat("2026-07-14T10:00+02:00")
