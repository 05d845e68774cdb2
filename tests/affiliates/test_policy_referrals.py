"""When a referred purchase earns: what it lacks, how long it is held, what undoes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from affiliates.policy.referrals import Qualification, ReferralFacts, decide_referral, tell_referral
from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import read_sheet

CAD = "securegroup"
USD = "ethicmail"
GOOD: dict[str, Any] = {
    "enrolled_on": "2025-06-01",
    "partner_active": True,
    "click_at": "2026-02-20T18:30:00Z",
    "signup_at": "2026-03-01T17:00:00Z",
    "paid_on": "2026-03-03",
    "kind": "first",
    "standard_rate": True,
    "new_customer": True,
    "related": False,
    "same_person": False,
    "plan_changed": False,
    "claim": None,
    "events": [],
    "as_of": "2026-12-31",
}
CLAIM = {"filed_at": "2026-03-05T10:00:00Z", "funds_at": "2026-03-03T10:00:00Z", "letters": 2, "ids": 2}
EVERYTHING_WRONG = {
    "enrolled_on": "2026-03-02",
    "partner_active": False,
    "click_at": None,
    "kind": "additional",
    "standard_rate": False,
    "new_customer": False,
    "related": True,
    "same_person": True,
    "plan_changed": True,
}


def ask(vendor: str, **changes: Any) -> dict[str, Any]:
    return answer(book(), {"rule": "referral.qualify", "vendor": vendor, "facts": {**GOOD, **changes}})


def standing(vendor: str, **changes: Any) -> tuple[str, str, list[str]]:
    outcome = ask(vendor, **changes)["outcome"]
    return outcome["status"], outcome["on"], outcome["reasons"]


def clauses(vendor: str, **changes: Any) -> set[str]:
    return {item["clause"] for item in ask(vendor, **changes)["because"]}


def event(on: str, kind: str) -> dict[str, str]:
    return {"on": on, "kind": kind}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        pytest.param({"enrolled_on": "2026-03-01"}, [], id="AFF 3: enrolled on the day of the sign-up"),
        pytest.param({"enrolled_on": "2026-03-02"}, ["not_enrolled"], id="AFF 3: enrolled the day after"),
        pytest.param({"partner_active": False}, ["inactive_partner"], id="AFF 3: no longer taking part"),
        pytest.param({"click_at": None}, ["no_click"], id="AFF definition 12: no click"),
        pytest.param({"click_at": None, "claim": CLAIM}, ["no_click"], id="AFF definition 12: letters are no click"),
        pytest.param({"click_at": "2025-12-01T12:00:00Z"}, [], id="AFF definition 12: ninety days after the click"),
        pytest.param({"click_at": "2025-11-30T12:00:00Z"}, ["click_expired"], id="AFF definition 12: ninety-one days"),
        pytest.param({"new_customer": False}, ["not_new"], id="AFF definition 12: a customer known before"),
        pytest.param({"related": True}, ["related_party"], id="AFF 24: related"),
        pytest.param({"same_person": True}, ["related_party"], id="AFF 24: the partner itself"),
        pytest.param({"standard_rate": False}, ["non_standard_rate"], id="AFF 16: a special price"),
        pytest.param({"kind": "renewal"}, ["not_a_first_purchase"], id="AFF 2: a renewal"),
        pytest.param({"kind": "additional"}, ["not_a_first_purchase"], id="AFF 2: an additional product"),
        pytest.param({"plan_changed": True}, [], id="AFF 14: a change of plan counts as an event only"),
        pytest.param(
            EVERYTHING_WRONG,
            [
                "not_enrolled",
                "inactive_partner",
                "no_click",
                "not_new",
                "related_party",
                "non_standard_rate",
                "not_a_first_purchase",
            ],
            id="AFF: every reason, in order",
        ),
        pytest.param(
            {**EVERYTHING_WRONG, "click_at": "2025-11-01T12:00:00Z", "related": False, "same_person": False},
            [
                "not_enrolled",
                "inactive_partner",
                "click_expired",
                "not_new",
                "non_standard_rate",
                "not_a_first_purchase",
            ],
            id="AFF: an expired click stands between",
        ),
    ],
)
def test_what_a_purchase_lacks_in_canadian_dollars(changes: dict[str, Any], reasons: list[str]) -> None:
    expected = ("rejected", "2026-03-01", reasons) if reasons else ("qualified", "2026-05-30", [])
    assert standing(CAD, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        pytest.param({"enrolled_on": "2026-06-01"}, [], id="11.1.5: enrolment has no day of its own"),
        pytest.param({"partner_active": False}, ["inactive_partner"], id="11.1.7: inactive"),
        pytest.param({"same_person": True}, ["same_person"], id="11.1.9: the partner itself"),
        pytest.param({"related": True}, [], id="11.1.9: related is not the same"),
        pytest.param({"click_at": None}, ["untracked"], id="11.1.10: neither click nor letters"),
        pytest.param({"click_at": None, "claim": CLAIM}, [], id="11.1.10: 48 hours to the second"),
        pytest.param(
            {"click_at": None, "claim": {**CLAIM, "filed_at": "2026-03-05T10:00:01Z"}},
            ["untracked"],
            id="11.1.10: late",
        ),
        pytest.param(
            {"click_at": None, "claim": {**CLAIM, "filed_at": "2026-03-02T10:00:00Z"}},
            [],
            id="11.1.10: before the funds",
        ),
        pytest.param({"click_at": None, "claim": {**CLAIM, "letters": 1}}, ["untracked"], id="11.1.10: one letter"),
        pytest.param({"click_at": None, "claim": {**CLAIM, "ids": 1}}, ["untracked"], id="11.1.10: one document"),
        pytest.param({"click_at": None, "claim": {**CLAIM, "letters": 3, "ids": 3}}, [], id="11.1.10: more than asked"),
        pytest.param({"click_at": "2025-12-01T12:00:00Z"}, [], id="11.1.2: three months after the click"),
        pytest.param({"click_at": "2025-11-30T12:00:00Z"}, ["click_expired"], id="11.1.2: 1 March is past 28 February"),
        pytest.param(
            {"click_at": "2025-11-29T12:00:00Z", "claim": CLAIM},
            ["click_expired"],
            id="11.1.10: letters do not excuse it",
        ),
        pytest.param({"kind": "additional"}, ["additional_product"], id="11.2.2: an additional product"),
        pytest.param({"plan_changed": True}, ["plan_changed"], id="11.2.3: up- or downgraded"),
        pytest.param({"new_customer": False}, ["not_new"], id="11.2.1: a client known before"),
        pytest.param({"new_customer": False, "kind": "renewal"}, [], id="11.2.1: a renewal's client is not new"),
        pytest.param({"standard_rate": False}, [], id="11.2: prices do not matter"),
        pytest.param(
            EVERYTHING_WRONG,
            ["inactive_partner", "same_person", "untracked", "additional_product", "plan_changed"],
            id="11: every reason, in order",
        ),
        pytest.param(
            {"partner_active": False, "click_at": "2025-10-01T12:00:00Z", "plan_changed": True, "new_customer": False},
            ["inactive_partner", "click_expired", "plan_changed", "not_new"],
            id="11: an expired click stands between",
        ),
    ],
)
def test_what_a_purchase_lacks_in_us_dollars(changes: dict[str, Any], reasons: list[str]) -> None:
    expected = ("rejected", "2026-03-03", reasons) if reasons else ("qualified", "2026-06-01", [])
    assert standing(USD, **changes) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-05-29", ("pending", "2026-05-30", [])),
        ("2026-05-30", ("qualified", "2026-05-30", [])),
        ("2026-02-01", ("pending", "2026-05-30", [])),
    ],
)
def test_it_qualifies_on_the_ninetieth_day_from_the_sign_up(as_of: str, expected: Any) -> None:
    assert standing(CAD, as_of=as_of) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-05-31", ("pending", "2026-06-01", [])),
        ("2026-06-01", ("qualified", "2026-06-01", [])),
        ("2026-02-01", ("pending", "2026-06-01", [])),
    ],
)
def test_it_qualifies_the_day_after_89_days_from_the_payment(as_of: str, expected: Any) -> None:
    assert standing(USD, as_of=as_of) == expected


@pytest.mark.parametrize(
    ("kind", "early", "late"),
    [
        pytest.param("cancel", ("rejected", "cancelled_early"), ("reversed", "cancel"), id="AFF 13, 14: cancel"),
        pytest.param("downgrade", ("rejected", "downgraded"), ("reversed", "downgrade"), id="AFF 14: downgrade"),
        pytest.param("refund", ("rejected", "uncollected"), None, id="AFF 13: refund"),
        pytest.param("chargeback", ("rejected", "chargeback"), ("reversed", "chargeback"), id="AFF 15: charge-back"),
        pytest.param("fraud", ("rejected", "fraud"), ("reversed", "fraud"), id="AFF 15: fraud"),
    ],
)
def test_events_before_and_from_the_qualifying_day(
    kind: str, early: tuple[str, str], late: tuple[str, str] | None
) -> None:
    # The sign-up's day, the last day before it qualifies, the qualifying day, years later.
    for on in ("2026-03-01", "2026-05-29"):
        assert standing(CAD, events=[event(on, kind)]) == (early[0], on, [early[1]])
    for on in ("2026-05-30", "2029-01-31"):
        expected = (late[0], on, [late[1]]) if late else ("qualified", "2026-05-30", [])
        assert standing(CAD, events=[event(on, kind)], as_of="2030-01-01") == expected


@pytest.mark.parametrize("kind", ["refund", "chargeback"])
def test_refunds_and_chargebacks_within_89_days_reject(kind: str) -> None:
    for on in ("2026-03-03", "2026-05-31"):
        assert standing(USD, events=[event(on, kind)]) == ("rejected", on, [kind])
    for on in ("2026-03-02", "2026-06-01"):
        assert standing(USD, events=[event(on, kind)]) == ("qualified", "2026-06-01", [])


@pytest.mark.parametrize("kind", ["cancel", "downgrade", "fraud"])
def test_other_events_do_not_undo_where_the_contract_names_only_two(kind: str) -> None:
    assert standing(USD, events=[event("2026-03-10", kind)]) == ("qualified", "2026-06-01", [])


def test_where_no_day_begins_the_events_one_before_the_sign_up_counts() -> None:
    assert standing(CAD, events=[event("2026-02-01", "fraud")]) == ("rejected", "2026-02-01", ["fraud"])


def test_the_earliest_event_with_an_effect_decides() -> None:
    later_first = [event("2026-07-02", "fraud"), event("2026-06-10", "refund"), event("2026-07-01", "cancel")]
    assert standing(CAD, events=later_first) == ("reversed", "2026-07-01", ["cancel"])
    assert standing(CAD, events=later_first, as_of="2026-06-30") == ("qualified", "2026-05-30", [])


@pytest.mark.parametrize("kinds", [("fraud", "cancel"), ("cancel", "fraud")])
def test_events_of_one_day_apply_as_listed(kinds: tuple[str, str]) -> None:
    events = [event("2026-07-01", kind) for kind in kinds]
    assert standing(CAD, events=events) == ("reversed", "2026-07-01", [kinds[0]])


def test_an_event_does_not_hide_what_the_purchase_lacks() -> None:
    given = standing(CAD, kind="renewal", events=[event("2026-03-10", "fraud")])
    assert given == ("rejected", "2026-03-01", ["not_a_first_purchase"])


@pytest.mark.parametrize(
    ("vendor", "signup_at", "on"),
    [
        pytest.param(CAD, "2026-03-08T04:59:00Z", "2026-03-07", id="the evening before in Toronto"),
        pytest.param(CAD, "2026-03-09T03:59:00Z", "2026-03-08", id="Toronto after the clocks went forward"),
        pytest.param(CAD, "2026-03-09T04:00:00Z", "2026-03-09", id="midnight in Toronto"),
    ],
)
def test_days_are_those_of_the_vendors_clock(vendor: str, signup_at: str, on: str) -> None:
    assert standing(vendor, signup_at=signup_at, partner_active=False) == ("rejected", on, ["inactive_partner"])


def test_without_a_clock_of_its_own_a_contracts_days_are_utc() -> None:
    sheet = read_sheet(SHEETS / CAD / "2015-01-01.toml").model_copy(update={"time_zone": None})
    facts = {**GOOD, "signup_at": "2026-03-08T00:30:00Z", "partner_active": False}
    given = answer(Book([("moved", sheet)]), {"rule": "referral.qualify", "vendor": CAD, "facts": facts})
    assert given["outcome"]["on"] == "2026-03-08"


def test_a_click_is_dated_by_the_vendors_clock() -> None:
    # At 23:00 UTC the day after has begun in Gibraltar, an hour ahead in winter.
    inside = {"click_at": "2025-11-30T23:00:00Z", "signup_at": "2026-03-01T22:59:00Z"}
    assert standing(USD, **inside)[0] == "qualified"
    assert standing(USD, **{**inside, "click_at": "2025-11-30T22:59:00Z"})[2] == ["click_expired"]


def test_days_to_sign_up_reach_over_a_leap_day() -> None:
    leap = {"signup_at": "2028-03-01T17:00:00Z", "as_of": "2028-12-31"}
    assert standing(CAD, **leap, click_at="2027-12-02T17:00:00Z") == ("qualified", "2028-05-30", [])
    assert standing(CAD, **leap, click_at="2027-12-01T17:00:00Z")[2] == ["click_expired"]
    assert standing(USD, **leap, click_at="2027-12-01T17:00:00Z")[0] == "qualified"


def test_hours_of_a_claim_are_real_hours_across_a_change_of_the_clocks() -> None:
    rome = ZoneInfo("Europe/Rome")
    funds_at = datetime(2026, 3, 28, 12, 0, tzinfo=rome)
    filed_at = (funds_at.astimezone(UTC) + timedelta(hours=48, minutes=1)).astimezone(rome)
    claim = {"filed_at": filed_at, "funds_at": funds_at, "letters": 2, "ids": 2}
    facts = ReferralFacts.model_validate({**GOOD, "click_at": None, "claim": claim})
    assert decide_referral(book().newest(USD), facts).answer.reasons == ("untracked",)


@pytest.mark.parametrize("vendor", ["securegroup_devices", "secureflag", "securepacket", "cryptopass"])
def test_a_contract_without_partners_is_silent(vendor: str) -> None:
    assert ask(vendor)["outcome"] == {"covered": False}


@pytest.mark.parametrize(
    ("vendor", "changes", "expected"),
    [
        (CAD, {}, {"AFF definition 12", "TOS 13"}),
        (CAD, {"kind": "renewal"}, {"AFF definition 12", "TOS 13", "AFF 2"}),
        (CAD, {"events": [event("2026-07-01", "cancel")]}, {"AFF definition 12", "TOS 13", "AFF 14"}),
        (USD, {}, {"11.1.8", "11.1.2", "12.1"}),
        (USD, {"click_at": None, "claim": CLAIM}, {"11.1.8", "11.1.10"}),
        (USD, {"plan_changed": True}, {"11.1.8", "11.1.2", "12.1", "11.2.3"}),
    ],
)
def test_it_names_the_clauses_that_made_it_so(vendor: str, changes: dict[str, Any], expected: set[str]) -> None:
    assert clauses(vendor, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"claim": {**CLAIM, "extra": 1}}, "bad_type", "claim"),
        ({"claim": {"filed_at": "2026-03-05T10:00:00Z"}}, "bad_type", "claim"),
        ({"claim": {**CLAIM, "letters": -1}}, "bad_type", "claim"),
        ({"events": [{"on": "2026-07-01"}]}, "bad_type", "events"),
        ({"events": [event("2026-07-01", "regret")]}, "bad_type", "events"),
        ({"events": [event("2026-02-30", "cancel")]}, "bad_type", "events"),
        ({"signup_at": "2026-03-01T17:00:00"}, "bad_type", "signup_at"),
        ({"signup_at": None}, "bad_type", "signup_at"),
        (
            {"paid_on": "9999-12-31", "signup_at": "9999-12-30T12:00:00Z", "click_at": None, "claim": CLAIM},
            "bad_type",
            None,
        ),
        ({"note": "x"}, "unknown_fact", "note"),
        ({"note": "x", "as_of": "soon"}, "unknown_fact", "note"),
    ],
)
def test_questions_that_cannot_be_answered(changes: dict[str, Any], code: str, field: str | None) -> None:
    error = ask(USD, **changes)["error"]
    assert (error["code"], error["field"]) == (code, field)


def test_a_missing_fact_comes_before_every_other_fault() -> None:
    for name in GOOD:
        facts = {key: value for key, value in GOOD.items() if key != name}
        error = answer(
            book(), {"rule": "referral.qualify", "vendor": "secureflag", "facts": {**facts, "note": 1, "events": 1}}
        )["error"]
        expected = "unknown_fact" if name == "events" else "missing_fact"
        assert error["code"] == expected


def test_it_is_told_in_sentences() -> None:
    day = date(2026, 5, 30)
    assert tell_referral(Qualification("pending", day, ())).startswith(
        "The referral is held, and will qualify on 30 May 2026"
    )
    assert tell_referral(Qualification("qualified", day, ())) == "The referral qualified on 30 May 2026."
    told = tell_referral(Qualification("rejected", day, ("not_new", "related_party")))
    assert told == "The referral was rejected on 30 May 2026: not new and related party."
