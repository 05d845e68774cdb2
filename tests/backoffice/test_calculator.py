"""The calculator: its forms are made from the rules' facts, and its answers are the interpreter's."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from backoffice.pages import questions
from backoffice.pages.questions import Ask, asks_of, example_of, fields, in_words, read
from backoffice.terms.book import book
from backoffice.terms.interpreter import answer
from backoffice.terms.registry import Rule, find, rules
from tests import people

NAMES = sorted(rules())


def asks(rule: str) -> tuple[Ask, ...]:
    found = find(rule)
    assert found is not None
    return asks_of(found.facts)


def sent(form: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What a browser sends of a form that nobody touched."""
    pairs: list[tuple[str, str]] = []
    for field in form:
        ask, name, value = field["ask"], field["name"], field["value"]
        if ask.kind == "rows":
            pairs += [pair for row in field["rows"] for pair in sent(row)]
        elif ask.kind == "record":
            pairs += [(name, "on")] if value is not None else []
            pairs += sent(field["parts"])
        elif ask.kind == "choices":
            pairs += [(name, choice) for choice in value or []]
        elif ask.kind == "flag":
            pairs += [(name, "on")] if value else []
        else:
            pairs.append((name, "" if value is None else str(value)))
    return pairs


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_form_that_sends_its_examples_back_unchanged(name: str) -> None:
    rule = rules()[name]
    example = example_of(rule)
    form = fields(asks_of(rule.facts), example)
    assert read(asks_of(rule.facts), QueryDict(urlencode(sent(form)))) == example


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_s_examples_get_an_answer_from_at_least_one_contract(name: str) -> None:
    facts = example_of(rules()[name])
    answers = [answer(book(), {"rule": name, "vendor": vendor, "facts": facts}) for vendor in book().vendors()]
    assert any("error" not in found and found["outcome"] != {"covered": False} for found in answers)


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_words(name: str) -> None:
    rule: Rule = rules()[name]
    assert [ask.name for ask in asks_of(rule.facts) if ask.label == ask.name] == []


def test_what_is_left_empty_is_null_or_left_out() -> None:
    facts = read(asks("term.period"), QueryDict("start=&cycle_months=&index=2"))
    assert facts == {"cycle_months": None, "index": 2, "commitment": False}


def test_a_wrong_number_is_handed_on_as_it_was_typed() -> None:
    facts = read(asks("term.period"), QueryDict("start=2026-01-01&index=two"))
    assert facts["index"] == "two"


def test_rows_keep_their_order_and_blank_ones_are_left_out() -> None:
    typed = QueryDict(
        "costs.7.kind=bank&costs.7.amount=1.00&costs.7.on=2026-01-02&costs.2.amount=&costs.2.kind=&costs.2.on="
    )
    facts = read(asks("late.charges"), typed)
    assert facts["costs"] == [{"kind": "bank", "amount": "1.00", "on": "2026-01-02"}]


def test_a_record_is_null_until_it_is_ticked() -> None:
    typed = "claim.filed_at=2026-03-04T09:00:00%2B01:00&claim.letters=2"
    assert read(asks("referral.qualify"), QueryDict(typed))["claim"] is None
    claim = read(asks("referral.qualify"), QueryDict(f"{typed}&claim=on"))["claim"]
    assert claim == {"filed_at": "2026-03-04T09:00:00+01:00", "letters": 2}


def test_a_list_of_bare_days_has_rows_of_one_fact() -> None:
    facts = read(asks("assistance.submission"), QueryDict("acknowledged_on.0.=2026-01-05&acknowledged_on.1.="))
    assert facts["acknowledged_on"] == ["2026-01-05"]


def test_facts_are_told_in_words() -> None:
    facts = {"start": "2026-01-31", "cycle_months": None, "index": 0, "commitment": True}
    assert ("The term began on", "31 January 2026") in in_words(asks("term.period"), facts)
    costs = {"costs": [{"kind": "bank", "amount": "1.00", "on": "2026-99-01"}], "incidents": [], "rates": []}
    told = dict(in_words(asks("late.charges"), costs))
    label = next(ask.label for ask in asks("late.charges") if ask.name == "costs")
    assert "bank" in told[label] and "2026-99-01" in told[label]


def test_a_kind_of_fact_that_no_form_knows_is_a_broken_rule() -> None:
    with pytest.raises(TypeError, match="no form for the fact odd"):
        questions._typed(Ask("odd", "Odd", "text"), dict, [])


@pytest.mark.django_db
def test_the_page_shows_every_contract_s_answer_with_its_clauses() -> None:
    page = people.clerk().get("/admin/calculator/term.end/")
    text = unescape(page.content.decode())
    assert page.status_code == 200
    for sheet in (book().newest(vendor) for vendor in book().vendors()):
        assert f'<a href="/admin/terms/{sheet.vendor}/{sheet.from_}/">{sheet.name}</a>' in text
    assert "The contract does not say." in text
    assert 'class="clause"' in text


@pytest.mark.django_db
def test_the_address_holds_the_question() -> None:
    typed = {
        "_asked": 1,
        "_vendor": "secureflag",
        "start": "2025-05-05",
        "index": 1,
        "cycle_months": "",
        "commitment": "on",
    }
    text = unescape(people.clerk().get(f"/admin/calculator/term.period/?{urlencode(typed)}").content.decode())
    assert 'value="2025-05-05"' in text
    assert "The period runs from 5 May 2026 to 4 May 2027" in text


@pytest.mark.django_db
def test_htmx_gets_the_answers_alone_and_the_address_that_holds_them() -> None:
    address = "/admin/calculator/term.period/?_asked=1&_vendor=secureflag&start=2025-05-05&index=0"
    answered = people.clerk().get(address, headers={"hx-request": "true"})
    assert answered.headers["HX-Replace-Url"] == address
    assert b"<html" not in answered.content and b"The period runs from 5 May 2025" in answered.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("term.period/?_asked=1&_vendor=secureflag&start=&index=0", "Enter “The term began on”."),
        (
            "term.start/?_asked=1&_vendor=secureflag&accepted_on=2026-03-01&method=card",
            "Enter “Start that was agreed”: the term begins on the day that was agreed.",
        ),
        (
            "late.charges/?_asked=1&_vendor=cryptopass&currency=own&principal=10.00&due_on=2026-05-01&as_of=2026-06-01"
            "&costs.0.kind=collection&costs.0.amount=80&costs.0.on=2026-05-20",
            "Costs of recovering the debt, row 1: Amount: an amount in this currency is written with exactly 2 decimals.",
        ),
        (
            "term.period/?_asked=1&_vendor=cryptopass&start=2026-05-05&index=0&cycle_months=5",
            "Months of a period (empty for the contract's own): periods of 5 months are not offered.",
        ),
        (
            "term.period/?_asked=1&_vendor=secureflag&start=9999-05-05&index=99999",
            "With these facts the calendar runs past the year 9999.",
        ),
    ],
)
def test_an_error_names_the_fact_as_the_form_does_and_what_to_change(question: str, told: str) -> None:
    text = unescape(people.clerk().get(f"/admin/calculator/{question}").content.decode())
    assert f'<p class="problem">{told}</p>' in text


@pytest.mark.django_db
def test_a_moment_is_picked_and_each_contract_reads_it_in_its_own_zone() -> None:
    client = people.clerk()
    form = client.get("/admin/calculator/misuse.report/").content.decode()
    assert re.search(r'type="datetime-local"\s+name="known_at"\s+value="[0-9-]{10}T[0-9:]{5}"', form)
    asked = {"_asked": 1, "_vendor": "securegroup", "known_at": "2026-04-08T11:00", "reported_at": "2026-04-08T12:00"}
    page = unescape(client.get(f"/admin/calculator/misuse.report/?{urlencode(asked)}").content.decode())
    assert '"known_at": "2026-04-08T11:00:00-04:00"' in page and "8 April 2026 at 11:00 (UTC-04:00)" in page
    given = unescape(
        client.get(
            f"/admin/calculator/misuse.report/?{urlencode(asked | {'known_at': '2026-04-08T11:00:00-07:00'})}"
        ).content.decode()
    )
    assert re.search(r'type="text"\s+name="known_at"\s+value="2026-04-08T11:00:00-07:00"', given)
    assert '"known_at": "2026-04-08T11:00:00-07:00"' in given
    wrong = client.get(f"/admin/calculator/misuse.report/?{urlencode(asked | {'known_at': 'noon'})}").content.decode()
    assert "The customer knew of it at: a moment is written in ISO 8601" in wrong


def test_moments_in_rows_and_records_are_read_too() -> None:
    row = Ask("", "Seen at", "moment")
    asks = (
        Ask("outages", "Outages", "rows", parts=(Ask("from", "From", "moment"), Ask("kind", "Kind", "text"))),
        Ask("seen", "Seen", "rows", parts=(row,)),
        Ask("claim", "Claim", "record", parts=(Ask("at", "At", "moment"),)),
    )
    facts = {
        "outages": [{"from": "2026-04-08T11:00:00+01:00", "kind": "mail"}],
        "seen": ["2026-04-08T11:00:00Z"],
        "claim": {"at": "2026-04-08T11:00:00Z"},
        "other": None,
    }
    assert questions.with_moments(asks, facts, questions.as_typed) == {
        "outages": [{"from": "2026-04-08T11:00", "kind": "mail"}],
        "seen": ["2026-04-08T11:00"],
        "claim": {"at": "2026-04-08T11:00"},
        "other": None,
    }
    assert questions.label_of(asks, ("outages", 0, "from")) == "Outages, row 1: From"
    assert questions.label_of(asks, ("facts",)) == ""
    assert questions.in_words(asks[2].parts, {"at": "noon"}) == [("At", "noon")]


@pytest.mark.django_db
def test_each_contract_is_asked_in_its_own_currency_also_where_balances_have_another() -> None:
    client = people.clerk()
    for name in ("late.charges", "payout.net", "commission.amount"):
        text = client.get(f"/admin/calculator/{name}/").content.decode()
        assert "This contract's currency is" not in text and "contract's currency" not in unescape(text), name


@pytest.mark.django_db
def test_the_question_as_json_is_one_that_the_interpreter_answers() -> None:
    client = people.clerk()
    for chosen in ("", "secureflag", "secureflag/2024-01-01"):
        address = f"/admin/calculator/seats.add/?{urlencode({'_vendor': chosen})}"
        text = unescape(client.get(address).content.decode())
        shown = json.loads(text.partition('<pre class="code">')[2].partition("</pre>")[0])
        for question in shown if isinstance(shown, list) else [shown]:
            assert "error" not in answer(book(), question)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["no.rule/", "term.end/?_vendor=nobody", "term.end/?_vendor=secureflag/1999-01-01"])
def test_what_does_not_exist_is_not_found(address: str) -> None:
    assert people.clerk().get(f"/admin/calculator/{address}").status_code == 404


@pytest.mark.django_db
def test_only_staff_get_in() -> None:
    assert people.outsider().get("/admin/calculator/").status_code == 302
    index = people.clerk().get("/admin/calculator/").content.decode()
    assert all(f"/admin/calculator/{name}/" in index for name in NAMES)
