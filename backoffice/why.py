"""The why-panel: an answer in one sentence, and under it each term that made it so, with its clause.

One Python shape and one template serve every page: ``{% include "backoffice/why.html" %}`` with ``why`` in the context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.registry import Rule
from backoffice.terms.sheet import Place, Sheet
from backoffice.terms.words import day_words, value_words

SILENT = "The contract does not say."


class Step(NamedTuple):
    """One term: what it is about and its value (empty where the book cannot tell any more), and its clause."""

    label: str
    value: str
    says: str
    clause: str
    reading: bool
    href: str

    @property
    def text(self) -> str:
        fact = f"{self.label}: {self.value}. " if self.value else ""
        return f"- [{self.clause}{', our reading' if self.reading else ''}] {fact}{self.says}."


class Why(NamedTuple):
    """What the panel shows. ``found`` are the facts that were given, as words and values."""

    sentence: str
    covered: bool
    found: Sequence[tuple[str, str]]
    steps: Sequence[Step]
    contract: str
    href: str

    @property
    def text(self) -> str:
        """The panel as plain text, to be pasted into a letter or a ticket."""
        given = [f"- {label}: {value}" for label, value in self.found]
        parts = [self.sentence, *(["Given:", *given] if given else [])]
        parts += ["Because:", *(step.text for step in self.steps)] if self.steps else []
        return "\n".join([*parts, f"Under {self.contract}."])


def of_decision(rule: Rule, decision: Decision[Any], found: Iterable[tuple[str, str]] = ()) -> Why:
    """The panel of an answer that was just given."""
    sheet = book().sheet(decision.sheet)
    # What was agreed specially with one customer stands in no sheet.
    by_term = {id(place.term): place for place in sheet.places()}
    steps = [_step(sheet, term.citation, [by_term[id(term)]] if id(term) in by_term else []) for term in decision.terms]
    sentence = rule.tell(decision.outcome) if decision.covered else SILENT
    return Why(sentence, decision.covered, list(found), steps, contract_words(sheet), sheet_address(sheet))


def of_row(sentence: str, sheet_id: str, because: Iterable[Mapping[str, Any]]) -> Why:
    """The panel of what a row has stored: its own clauses and sheet, never asked for anew.

    The book only adds what a term is called and its value. Where it does not hold the sheet any more, the stored
    clauses stand alone.
    """
    try:
        sheet = book().sheet(sheet_id)
    except KeyError:
        steps = [Step("", "", item["says"], item["clause"], bool(item.get("reading")), "") for item in because]
        return Why(sentence, True, (), steps, sheet_id, "")
    steps = [_step(sheet, item, list(_places_of(sheet, item))) for item in because]
    return Why(sentence, True, (), steps, contract_words(sheet), sheet_address(sheet))


def panel(why: Why) -> SafeString:
    """The panel as HTML, for a read-only field of the admin."""
    return render_to_string("backoffice/why.html", {"why": why})


def contract_words(sheet: Sheet) -> str:
    """``Name: title of the contract, in force from 1 January 2026``."""
    return f"{sheet.name}: {sheet.contract}, in force from {day_words(sheet.from_)}"


def sheet_address(sheet: Sheet, key: str = "") -> str:
    """Where the book of terms shows this version, or one term of it."""
    return reverse("pages:sheet", args=(sheet.vendor, sheet.from_)) + (f"#{key}" if key else "")


def _places_of(sheet: Sheet, item: Mapping[str, Any]) -> Iterator[Place]:
    return (place for place in sheet.places() if (place.term.clause, place.term.says) == (item["clause"], item["says"]))


def _step(sheet: Sheet, item: Mapping[str, Any], places: list[Place]) -> Step:
    """One step; a clause that stands behind several terms is shown with a value only where they agree on it."""
    words = {place.labels[-1] for place in places}
    values = {value_words(place.term.value, place.labels[-1]) for place in places}
    label = words.pop() if len(words) == 1 else ""
    value = values.pop() if label and len(values) == 1 else ""
    address = sheet_address(sheet, places[0].key if places else "")
    return Step(label, value, item["says"], item["clause"], bool(item.get("reading")), address)
