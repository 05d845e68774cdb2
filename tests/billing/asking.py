"""Asks a rule of a vendor as the command, the API and the calculator do."""

from __future__ import annotations

from typing import Any

from backoffice.terms.book import book
from backoffice.terms.interpreter import answer


def ask(rule: str, vendor: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The whole answer: outcome and clauses, or an error."""
    return answer(book(), {"rule": rule, "vendor": vendor, "facts": facts})


def outcome(rule: str, vendor: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The outcome of a question that is answered and cites at least one clause."""
    given = ask(rule, vendor, facts)
    assert given.get("because"), given
    answered: dict[str, Any] = given["outcome"]
    return answered


def clauses(rule: str, vendor: str, facts: dict[str, Any]) -> set[str]:
    return {item["clause"] for item in ask(rule, vendor, facts)["because"]}


def fault(rule: str, vendor: str, facts: dict[str, Any]) -> tuple[str, str | None]:
    """Code and field of the error that a question answers with."""
    error = ask(rule, vendor, facts)["error"]
    assert error["message"]
    return error["code"], error["field"]


def without(facts: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != name}
