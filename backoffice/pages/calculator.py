"""The calculator: any rule, asked of one contract or of all side by side. The answers are the interpreter's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from django.apps import apps
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages import questions
from backoffice.pages.questions import Ask
from backoffice.pages.shell import page
from backoffice.terms.book import book
from backoffice.terms.interpreter import decide
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import Rule, find, rules
from backoffice.terms.sheet import Sheet
from backoffice.why import Why, of_decision, sheet_address

# Stands for the currency of whichever contract is asked, so that all of them can be asked at once.
OWN = "own"


class Answer(NamedTuple):
    """What one contract answers: a panel, or what is wrong with the question."""

    sheet: Sheet
    href: str
    why: Why | None
    problem: str = ""


@require_safe
def calculator(request: HttpRequest) -> HttpResponseBase:
    """Every question that can be asked, by the app whose business it is."""
    return page(request, "calculator.html", "Calculator", groups=_groups())


@require_safe
def question(request: HttpRequest, name: str) -> HttpResponseBase:
    """One question with its form and its answers; the address holds all of it. htmx asks for the answers alone."""
    rule = find(name)
    if rule is None:
        raise Http404("there is no rule of this name")
    asks = questions.asks_of(rule.facts)
    asked = "_asked" in request.GET
    facts = questions.read(asks, request.GET) if asked else _first_facts(rule, asks)
    chosen = request.GET.get("_vendor", "")
    context = _answers(rule, asks, chosen, facts)
    if getattr(request, "htmx", False):
        response = render(request, "backoffice/answers.html", context)
        response["HX-Replace-Url"] = request.get_full_path()
        return response
    context |= {
        "rule": rule,
        "fields": questions.fields(asks, facts),
        "chosen": chosen,
        "contracts": [book().versions(vendor) for vendor in book().vendors()],
        "currencies": _currencies(),
        "groups": _groups(),
    }
    return page(request, "question.html", rule.question, **context)


def _answers(rule: Rule, asks: tuple[Ask, ...], chosen: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the contracts that were chosen, and the questions as the API takes them."""
    sheets = _sheets(chosen)
    asked = [{"rule": rule.name, "vendor": sheet.vendor, "sheet": sheet.id, "facts": dict(facts)} for sheet in sheets]
    answers = [_answer(asks, sheet, one) for sheet, one in zip(sheets, asked, strict=True)]
    return {"answers": answers, "as_json": json.dumps(asked if len(asked) > 1 else asked[0], indent=2)}


def _sheets(chosen: str) -> list[Sheet]:
    """All contracts' newest sheets, one contract's, or one version; Http404 for one that the book does not hold."""
    if not chosen:
        return [book().newest(vendor) for vendor in book().vendors()]
    try:
        return [book().sheet(chosen) if "/" in chosen else book().newest(chosen)]
    except KeyError:
        raise Http404("the book holds no such sheet") from None


def _answer(asks: tuple[Ask, ...], sheet: Sheet, asked: dict[str, Any]) -> Answer:
    """One contract's answer; ``asked`` is given the contract's own currency where that was asked for."""
    own = [ask.name for ask in asks if ask.kind == "currency" and asked["facts"].get(ask.name) == OWN]
    asked["facts"] |= dict.fromkeys(own, sheet.currency.value)
    asked["facts"] |= questions.with_moments(asks, asked["facts"], partial(questions.in_zone, zone=sheet.zone))
    try:
        try:
            rule, decision = decide(book(), asked)
        except QuestionError as error:
            # Partners' balances may have a currency of their own, which only the rule knows to ask for.
            if not own or error.code != "currency_mismatch" or sheet.payout is None:
                raise
            asked["facts"] |= dict.fromkeys(own, sheet.payout.balance_currency.value)
            rule, decision = decide(book(), asked)
    except QuestionError as error:
        return Answer(sheet, sheet_address(sheet), None, _problem(asks, error))
    return Answer(sheet, sheet_address(sheet), of_decision(rule, decision, questions.in_words(asks, asked["facts"])))


def _problem(asks: tuple[Ask, ...], error: QuestionError) -> str:
    """What to change, in the words of the form."""
    label = questions.label_of(asks, error.place)
    if not label:
        return f"{error.message[0].upper()}{error.message[1:]}."
    if not error.reason:
        return f"Enter “{label}”."
    return f"Enter “{label}”: {error.reason}." if error.code == "missing_fact" else f"{label}: {error.reason}."


def _first_facts(rule: Rule, asks: tuple[Ask, ...]) -> dict[str, Any]:
    """The rule's examples, in each contract's own currency and time zone."""
    facts = questions.example_of(rule) | {ask.name: OWN for ask in asks if ask.kind == "currency"}
    return questions.with_moments(asks, facts, questions.as_typed)


def _currencies() -> list[str]:
    """The currencies that the book's contracts bill or pay in."""
    found = {sheet.currency.value for sheet in book()}
    found |= {sheet.payout.balance_currency.value for sheet in book() if sheet.payout}
    return sorted(found)


def _groups() -> list[tuple[str, list[Rule]]]:
    """The rules under the names of the apps that bring them, in the order of those."""
    order = [config.name for config in apps.get_app_configs()]

    def owner(rule: Rule) -> str:
        return rule.decide.__module__.partition(".")[0]

    found = sorted(rules().values(), key=lambda rule: order.index(owner(rule)))
    return [(str(apps.get_app_config(app).verbose_name), list(those)) for app, those in groupby(found, key=owner)]
