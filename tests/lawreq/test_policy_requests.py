"""Which requests of authorities are answered, with what, and who is told."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import read_sheet
from lawreq.policy import Assessment, tell_assessment

STRICT = "securegroup"
PLAIN = "secureflag"
INFORMAL = "securepacket"
ALL = ["username", "official_email", "letterhead", "description"]
ACCOUNT = ["created_on", "purchaser_name", "billing_method", "username", "device_type", "last_used_on"]
GOOD: dict[str, Any] = {
    "kind": "account_information",
    "process": "court_order",
    "jurisdiction": "CA",
    "channel": "courier",
    "email_ordered_by_court": False,
    "elements": ALL,
    "litigation_pending": False,
    "notice_prohibited": False,
    "prohibition_stated": False,
}
CONTENT = {"kind": "content", "process": "search_warrant"}
CIVIL = {"kind": "civil", "litigation_pending": True}


def ask(vendor: str, **changes: Any) -> dict[str, Any]:
    return answer(book(), {"rule": "lawreq.assess", "vendor": vendor, "facts": {**GOOD, **changes}})


def assessed(vendor: str, **changes: Any) -> tuple[str, list[str], list[str], list[str], str | None]:
    return tuple(ask(vendor, **changes)["outcome"].values())


@pytest.mark.parametrize(
    ("changes", "may_disclose", "notify_user"),
    [
        pytest.param({}, ACCOUNT, "before_disclosure", id="LEG: what is known of an account"),
        pytest.param({"process": "subpoena"}, ACCOUNT, "before_disclosure", id="LEG: on a subpoena"),
        pytest.param({"process": "search_warrant"}, ACCOUNT, "before_disclosure", id="LEG: on a warrant"),
        pytest.param(CONTENT, ["undelivered_ciphertext"], "before_disclosure", id="LEG: enciphered contents"),
        pytest.param(
            {**CONTENT, "elements": []}, ["undelivered_ciphertext"], "before_disclosure", id="LEG: no elements"
        ),
        pytest.param(CIVIL, [], None, id="AUP 6: a civil demand, at discretion"),
        pytest.param(
            {"channel": "email", "email_ordered_by_court": True}, ACCOUNT, "before_disclosure", id="LEG: ordered"
        ),
        pytest.param({"channel": "post"}, ACCOUNT, "before_disclosure", id="LEG: by post"),
        pytest.param({"notice_prohibited": True}, ACCOUNT, "before_disclosure", id="AUP 6: prohibited, not stated"),
        pytest.param({"prohibition_stated": True}, ACCOUNT, "before_disclosure", id="AUP 6: stated, not prohibited"),
        pytest.param(
            {"notice_prohibited": True, "prohibition_stated": True}, ACCOUNT, "never", id="AUP 6: prohibited and stated"
        ),
    ],
)
def test_valid_requests_under_the_guideline(changes: Any, may_disclose: list[str], notify_user: str | None) -> None:
    assert assessed(STRICT, **changes) == ("valid", [], [], may_disclose, notify_user)


@pytest.mark.parametrize(
    ("changes", "verdict", "reasons", "missing"),
    [
        pytest.param({"jurisdiction": "US"}, "refused", ["foreign_process"], [], id="LEG: foreign"),
        pytest.param({"process": "none"}, "refused", ["no_legal_process"], [], id="LEG: no process"),
        pytest.param({"process": "formal_request"}, "refused", ["no_legal_process"], [], id="LEG: a mere request"),
        pytest.param({"kind": "content"}, "refused", ["warrant_required"], [], id="LEG: contents without a warrant"),
        pytest.param({"kind": "civil"}, "refused", ["not_in_litigation"], [], id="AUP 6: no litigation"),
        pytest.param({"channel": "email"}, "deficient", ["served_by_email"], [], id="LEG: by e-mail"),
        pytest.param({"elements": ALL[:3]}, "deficient", ["incomplete"], ["description"], id="LEG: one missing"),
        pytest.param({"elements": []}, "deficient", ["incomplete"], ALL, id="LEG: all missing, in order"),
        pytest.param(
            {"elements": ["letterhead", "letterhead"]},
            "deficient",
            ["incomplete"],
            ["username", "official_email", "description"],
            id="LEG: one twice",
        ),
        pytest.param(
            {"channel": "email", "elements": ALL[1:]},
            "deficient",
            ["served_by_email", "incomplete"],
            ["username"],
            id="LEG: two that can be put right",
        ),
        pytest.param(
            {"jurisdiction": "FR", "process": "none", "channel": "email", "elements": []},
            "refused",
            ["foreign_process", "no_legal_process", "served_by_email", "incomplete"],
            ALL,
            id="LEG: refused wins, all are listed",
        ),
        pytest.param(
            {"kind": "content", "process": "none", "jurisdiction": "FR", "channel": "email", "elements": []},
            "refused",
            ["foreign_process", "no_legal_process", "warrant_required", "served_by_email"],
            [],
            id="LEG: contents, every reason",
        ),
        pytest.param(
            {"kind": "civil", "process": "formal_request", "jurisdiction": "FR", "channel": "email", "elements": []},
            "refused",
            ["foreign_process", "no_legal_process", "not_in_litigation", "served_by_email"],
            [],
            id="AUP 6: civil, every reason",
        ),
    ],
)
def test_requests_that_the_guideline_does_not_answer(changes: Any, verdict: str, reasons: Any, missing: Any) -> None:
    # Whether the user might be told changes nothing where nothing is disclosed.
    for told in ({}, {"notice_prohibited": True, "prohibition_stated": True}):
        assert assessed(STRICT, **changes, **told) == (verdict, reasons, missing, [], None)


@pytest.mark.parametrize("vendor", [PLAIN, INFORMAL])
@pytest.mark.parametrize("kind", ["account_information", "content", "civil"])
def test_other_contracts_answer_any_process(vendor: str, kind: str) -> None:
    loose = {"kind": kind, "jurisdiction": "US", "channel": "email", "elements": []}
    for process in ("subpoena", "court_order", "search_warrant"):
        asked = {**loose, "process": process}
        assert assessed(vendor, **asked) == ("valid", [], [], ["as_required"], "before_disclosure")
        assert assessed(vendor, **asked, notice_prohibited=True) == ("valid", [], [], ["as_required"], "never")
    assert assessed(vendor, **loose, process="none") == ("refused", ["no_legal_process"], [], [], None)


def test_a_formal_request_is_told_of_only_where_the_contract_says_so() -> None:
    for prohibited in (False, True):
        asked = {"process": "formal_request", "notice_prohibited": prohibited}
        assert assessed(INFORMAL, **asked)[4] is None
        assert assessed(PLAIN, **asked)[4] == ("never" if prohibited else "before_disclosure")


def test_where_a_contract_says_nothing_of_notice_none_is_invented() -> None:
    sheet = read_sheet(SHEETS / PLAIN / "2024-01-01.toml")
    assert sheet.requests is not None
    silent = sheet.model_copy(update={"requests": sheet.requests.model_copy(update={"notice": None})})
    given = answer(Book([("moved", silent)]), {"rule": "lawreq.assess", "vendor": PLAIN, "facts": GOOD})
    assert given["outcome"]["may_disclose"] == ["as_required"]
    assert given["outcome"]["notify_user"] is None


@pytest.mark.parametrize("vendor", ["securegroup_devices", "ethicmail", "cryptopass"])
def test_other_contracts_are_silent(vendor: str) -> None:
    assert ask(vendor)["outcome"] == {"covered": False}


@pytest.mark.parametrize(
    ("vendor", "changes", "clauses", "readings"),
    [
        (STRICT, {}, {"LEG", "AUP 6"}, {"LEG", "AUP 6"}),
        (STRICT, {"jurisdiction": "US"}, {"LEG"}, {"LEG"}),
        (STRICT, CIVIL, {"LEG", "AUP 6"}, {"LEG"}),
        (PLAIN, {}, {"12.2", "Schedule 2 2.2.3"}, set()),
        (PLAIN, {"process": "none"}, {"12.2"}, set()),
        (INFORMAL, {}, {"8"}, set()),
    ],
)
def test_it_names_the_clauses_and_our_readings(
    vendor: str, changes: Any, clauses: set[str], readings: set[str]
) -> None:
    because = ask(vendor, **changes)["because"]
    assert {item["clause"] for item in because} == clauses
    assert {item["clause"] for item in because if item.get("reading")} == readings


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"jurisdiction": "CAN"}, "bad_type", "jurisdiction"),
        ({"jurisdiction": "ca"}, "bad_type", "jurisdiction"),
        ({"jurisdiction": "UK"}, "bad_type", "jurisdiction"),
        ({"elements": ["stamp"]}, "bad_type", "elements"),
        ({"elements": "username"}, "bad_type", "elements"),
        ({"channel": "fax"}, "bad_type", "channel"),
        ({"notice_prohibited": 1}, "bad_type", "notice_prohibited"),
        ({"process": None}, "bad_type", "process"),
        ({"process": None, "note": 1}, "unknown_fact", "note"),
    ],
)
def test_questions_that_cannot_be_answered(changes: Any, code: str, field: str) -> None:
    for vendor in (STRICT, "cryptopass"):
        error = ask(vendor, **changes)["error"]
        assert (error["code"], error["field"]) == (code, field)


@pytest.mark.parametrize("name", list(GOOD))
def test_every_fact_must_be_there(name: str) -> None:
    facts = {key: value for key, value in GOOD.items() if key != name}
    error = answer(book(), {"rule": "lawreq.assess", "vendor": STRICT, "facts": {**facts, "note": 1}})["error"]
    assert (error["code"], error["field"]) == ("missing_fact", name)


def test_it_is_told_in_sentences() -> None:
    valid = Assessment("valid", (), (), ("created_on", "username"), "before_disclosure")
    assert tell_assessment(valid).startswith("The request is valid. To be disclosed: created on and username.")
    assert "may not be told" in tell_assessment(valid._replace(notify_user="never"))
    assert "owes the user no notice" in tell_assessment(valid._replace(notify_user=None))
    assert tell_assessment(valid._replace(may_disclose=())) == "The request is valid; nothing need be disclosed."
    foreign = Assessment("refused", ("foreign_process",), (), (), None)
    assert tell_assessment(foreign) == "The request is refused: foreign process."
    incomplete = Assessment("deficient", ("incomplete",), ("letterhead",), (), None)
    assert tell_assessment(incomplete) == "The request is deficient: incomplete. It lacks: letterhead."
