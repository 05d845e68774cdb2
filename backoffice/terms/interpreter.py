"""Questions in, answers out: the one way in for the command, the API, the calculator and tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from .book import Book
from .decision import Decision
from .facts import CURRENCIES, Facts
from .money import minor_digits
from .question import QuestionError
from .registry import Rule, find
from .sheet import Sheet

# Anything longer is no question: it is refused before it is parsed.
LONGEST_LINE = 1_000_000
# The order in which faults of facts are looked for.
FAULTS = {"missing": "missing_fact", "extra_forbidden": "unknown_fact"}
# What pydantic says of a fact that is not there.
MISSING = "Field required"
ORDER = ("missing_fact", "unknown_fact", "bad_type")


def answer(book: Book, question: object) -> dict[str, Any]:
    """The answer to one question, or ``{"error": {"code", "field", "message"}}``; never an exception."""
    try:
        rule, decision = decide(book, question)
    except QuestionError as error:
        return error.as_json()
    return {"rule": rule.name, "vendor": decision.sheet.partition("/")[0], **decision.as_json()}


def decide(book: Book, question: object) -> tuple[Rule, Decision[Any]]:
    """The rule that was asked and its decision; QuestionError for a question that cannot be answered."""
    if not isinstance(question, dict):
        raise QuestionError("bad_json", None, "a question is a JSON object with rule, vendor and facts")
    rule = find(question.get("rule"))
    if rule is None:
        raise QuestionError("unknown_rule", "rule", "there is no rule of this name")
    sheet = _sheet(book, question)
    facts = read_facts(rule, sheet, question.get("facts"))
    try:
        return rule, rule.decide(sheet, facts)
    except OverflowError:
        raise QuestionError("bad_type", None, "with these facts the calendar runs past the year 9999") from None


def _sheet(book: Book, question: dict[str, Any]) -> Sheet:
    vendor, wanted = question.get("vendor"), question.get("sheet")
    if not isinstance(vendor, str) or vendor not in book:
        raise QuestionError("unknown_vendor", "vendor", "there is no term sheet of this vendor")
    if wanted is None:
        return book.newest(vendor)
    for sheet in book.versions(vendor):
        if sheet.id == wanted:
            return sheet
    raise QuestionError("unknown_vendor", "sheet", "this vendor has no sheet of that date")


def read_facts(rule: Rule, sheet: Sheet, raw: object) -> Facts:
    """The facts of a question as the rule takes them; QuestionError names the first fault in the order of codes."""
    if not isinstance(raw, dict):
        raise QuestionError("bad_type", "facts", "the facts are a JSON object")
    balance = sheet.payout.balance_currency.value if sheet.payout else sheet.currency.value
    asked = raw.get("currency")
    currency = asked if isinstance(asked, str) and asked in CURRENCIES else sheet.currency.value
    context = {"decimals": minor_digits(currency), "balance_decimals": minor_digits(balance)}
    try:
        return rule.facts.model_validate(raw, context=context, by_alias=True, by_name=False)
    except ValidationError as error:
        raise _fault(error) from None


def _fault(error: ValidationError) -> QuestionError:
    found = [
        (FAULTS.get(item["type"], "bad_type") if len(item["loc"]) == 1 else "bad_type", item["loc"], item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    code, place, message = min(found, key=lambda fault: ORDER.index(fault[0]))
    field = str(place[0])
    words = {
        "missing_fact": f"the fact {field} is missing",
        "unknown_fact": f"this rule asks for no fact named {field}",
    }
    # A fact that is missing within a record or a row is a bad record to programs, and still only missing to people.
    missing = message == MISSING
    said = words.get(code) or f"{'.'.join(map(str, place))}: {message}"
    return QuestionError(code, field, said, place=place, reason="" if missing else message)


def answer_lines(book: Book, lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """One answer a line, in order, as JSON ending in a line feed, and whether it is an error."""
    for line in lines:
        result = answer_line(book, line)
        yield to_json(result) + b"\n", "error" in result


def answer_line(book: Book, line: bytes) -> dict[str, Any]:
    """The answer to one line of JSON."""
    if len(line) > LONGEST_LINE:
        return QuestionError("bad_json", None, "the line is too long for a question").as_json()
    try:
        question = from_json(line, allow_inf_nan=False)
    except ValueError:
        return QuestionError("bad_json", None, "the line is not JSON").as_json()
    return answer(book, question)
