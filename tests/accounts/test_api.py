"""The rules over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.api import MOST_QUESTIONS, facts_schema
from accounts.keys import make_key
from backoffice.terms.book import book
from backoffice.terms.interpreter import LONGEST_LINE, answer
from backoffice.terms.registry import rules
from tests import people
from tests.builders import NOON

pytestmark = pytest.mark.django_db

QUESTION = {"rule": "retention.until", "vendor": "cryptopass", "facts": {"data": "contact", "ended_on": "2026-03-31"}}


def ask(client: Client, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/api/v1/decisions/", raw, content_type="application/json", headers=headers)


def key(*scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {make_key(name='Test', scopes=scopes, at=NOON)[1]}"}


def test_a_question_is_answered_as_the_command_line_answers_it() -> None:
    answered = ask(people.clerk(), QUESTION)
    assert (answered.status_code, answered.json()) == (200, answer(book(), QUESTION))


def test_a_list_is_answered_in_order_each_by_itself() -> None:
    wrong = {**QUESTION, "vendor": "nobody"}
    answers = ask(people.clerk(), [QUESTION, wrong, 7, QUESTION]).json()
    assert [found.get("error", {}).get("code") for found in answers] == [None, "unknown_vendor", "bad_json", None]
    assert ask(people.clerk(), []).json() == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"5", b'"text"', b"[" * 100_000])
def test_a_body_that_is_no_question_is_refused(body: bytes) -> None:
    answered = ask(people.clerk(), body)
    assert (answered.status_code, answered.json()["error"]["code"]) == (400, "bad_json")


def test_a_bad_question_alone_is_an_answer_and_no_failure() -> None:
    answered = ask(people.clerk(), {**QUESTION, "facts": {}})
    assert (answered.status_code, answered.json()["error"]["code"]) == (200, "missing_fact")


def test_a_list_that_is_too_long_is_refused_whole() -> None:
    client = people.clerk()
    assert len(ask(client, [{}] * MOST_QUESTIONS).json()) == MOST_QUESTIONS
    answered = ask(client, [{}] * (MOST_QUESTIONS + 1))
    assert answered.status_code == 400
    message = f"at most {MOST_QUESTIONS} questions at a time; these are {MOST_QUESTIONS + 1}"
    assert answered.json()["error"] == {"code": "too_many", "field": None, "message": message}


def test_a_body_that_is_too_large_is_not_read() -> None:
    answered = ask(people.clerk(), b'"' + b"x" * LONGEST_LINE + b'"')
    assert answered.status_code == 413 and "several requests" in answered.json()["detail"]


def test_another_kind_of_body_is_refused() -> None:
    assert people.clerk().post("/api/v1/decisions/", {"rule": "x"}).status_code == 415


def test_a_key_opens_it_if_it_has_the_scope() -> None:
    assert ask(Client(), QUESTION, **key("decisions")).status_code == 200
    assert ask(Client(), QUESTION, **key()).status_code == 403
    assert ask(Client(), QUESTION, authorization="Bearer 1234.nothing").status_code == 401


def test_nobody_else_may_ask() -> None:
    assert ask(Client(), QUESTION).status_code in (401, 403)
    assert ask(people.outsider(), QUESTION).status_code == 403


def test_a_sign_in_is_no_use_to_another_site() -> None:
    client = people.clerk(Client(enforce_csrf_checks=True))
    assert ask(client, QUESTION).status_code == 403


def test_the_rules_tell_what_they_ask_for() -> None:
    listed = people.clerk().get("/api/v1/rules/").json()
    assert [one["rule"] for one in listed] == list(rules())
    late = next(one for one in listed if one["rule"] == "late.charges")["facts"]
    assert late["properties"]["principal"]["format"] == "decimal"
    assert "from" in json.dumps(late["$defs"])


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_fact_of_every_rule_is_described(name: str) -> None:
    schema = facts_schema(rules()[name])
    assert schema["additionalProperties"] is False
    for fact, told in schema["properties"].items():
        assert told["title"] and told["examples"], fact


def test_the_description_names_every_rule_and_refers_to_nothing_that_is_missing() -> None:
    client = people.clerk()
    described = client.get("/api/v1/schema/?format=json").json()
    assert described["openapi"].startswith("3.1")
    schemas = described["components"]["schemas"]
    assert set(schemas["Question"]["discriminator"]["mapping"]) == set(rules())
    text = json.dumps(described)
    references = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert references <= set(schemas)


def test_the_description_and_its_page_are_for_who_is_signed_in() -> None:
    assert Client().get("/api/v1/schema/").status_code in (401, 403)
    assert Client().get("/api/v1/docs/").status_code == 302
    page = people.clerk().get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<style" not in page.content and b"<script>" not in page.content
