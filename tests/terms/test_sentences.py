"""Every answer can be told in plain words, whatever it says."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from decimal import Decimal

import pytest

from backoffice.terms import registry
from backoffice.terms.book import SHEETS, book
from backoffice.terms.decision import Citations, decided, not_covered
from backoffice.terms.facts import Date, Facts, Money, Rate, fact
from backoffice.terms.interpreter import decide
from backoffice.terms.question import QuestionError
from backoffice.terms.sheet import Sheet, SheetError, parse_sheet

from .questions import Asker, worked_examples


@pytest.mark.parametrize("name", sorted(registry.rules()))
def test_an_answer_is_told_in_sentences(name: str) -> None:
    rule = registry.rules()[name]
    questions = [row for row in worked_examples() if row["rule"] == name]
    for vendor in book().vendors():
        asker = Asker(book().newest(vendor), "sentences")
        questions += [asker.question(rule) for _ in range(60)]
    told = set()
    for question in questions:
        try:
            _, decision = decide(book(), question)
        except QuestionError:
            continue
        if decision.covered:
            told.add(rule.tell(decision.answer))
    assert told
    for sentence in told:
        assert re.fullmatch(r"[A-Z0-9].*\.", sentence), sentence
        assert not re.search(r"None(?! was)|\{|\}|_|  ", sentence), sentence


def test_the_sentences_say_what_a_reader_needs() -> None:
    question = {
        "rule": "term.end",
        "vendor": "securegroup",
        "facts": {
            "start": "2026-01-01",
            "cycle_months": None,
            "commitment": False,
            "notice_on": "2026-02-20",
            "by": "customer",
        },
    }
    rule, decision = decide(book(), question)
    sentence = rule.tell(decision.answer)
    assert sentence == "The service ends on 31 March 2026 because the notice came too late for the period before."


def test_where_a_contract_is_silent_there_is_no_answer_to_act_on() -> None:
    decision = not_covered(book().newest("securepacket"))
    assert not decision.covered
    with pytest.raises(ValueError, match="securepacket/2020-01-01 does not answer this"):
        _ = decision.answer


def test_a_decision_names_each_term_once_in_the_order_it_was_read() -> None:
    sheet = book().newest("securegroup")
    assert sheet.period is not None
    cite = Citations()
    cite(sheet.period.notice_days)
    cite(sheet.currency)
    cite(sheet.period.notice_days)
    decision = decided(sheet, cite, date(2026, 1, 1))
    assert [item["clause"] for item in decision.because] == ["TOS 8", "TOS 6"]
    assert decision.because[1]["reading"] is True
    assert "reading" not in decision.because[0]


class Numbers(Facts):
    on: Date = fact("Day")
    amount: Money = fact("Amount")
    rate: Rate = fact("Rate")


def test_services_hand_in_python_values_as_they_are() -> None:
    facts = Numbers(on=date(2026, 1, 1), amount=Decimal("1.005"), rate=Decimal("0.05"))
    assert (facts.on, facts.amount, facts.rate) == (date(2026, 1, 1), Decimal("1.005"), Decimal("0.05"))
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        Numbers(on=datetime(2026, 1, 1), amount=Decimal(1), rate=Decimal(1))


def test_two_rules_may_not_share_a_name() -> None:
    rule = registry.rules()["term.start"]
    with pytest.raises(ValueError, match=r"two rules are named term\.start"):
        registry.rule("term.start", rule.question, rule.tell)(rule.decide)


def test_a_step_of_nothing_is_refused() -> None:
    sheet: Sheet = book().newest("securegroup")
    raw = tomllib.loads((SHEETS / f"{sheet.id}.toml").read_text())
    assert parse_sheet(raw, "copy") == sheet
    raw["service_credit"]["by_month"]["step_loss"]["value"] = "0"
    with pytest.raises(SheetError, match="a step must be above 0"):
        parse_sheet(raw, "copy")
