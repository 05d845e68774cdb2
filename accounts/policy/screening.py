"""Whether the law that a contract names bars a customer or a use."""

from __future__ import annotations

from typing import Annotated, NamedTuple, get_args

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Country, Facts, Listed, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.identity import EndUse, Regime
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed

MEMBER_STATES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""Of the European Union, whose sanctions bind everybody in them (Treaty on the Functioning, article 288)."""


class ScreeningFacts(Facts):
    country: Country = fact("Country of the customer", "FR")
    end_use: EndUse | None = fact("A barred activity that the customer is suspected of", None)
    listed: Annotated[tuple[Regime, ...], Listed] = fact("Lists that have exactly its name", [])
    similar: Annotated[tuple[Regime, ...], Listed] = fact("Lists that have a similar name", [])
    embargoed: Annotated[tuple[Regime, ...], Listed] = fact("Lists that bar its country or its users' country", [])


class Screened(NamedTuple):
    result: str
    reasons: tuple[str, ...]


REASONS = {
    "end_use": "the use is barred",
    "listed": "the name is on a list that counts",
    "embargoed": "the country is on a list that counts",
    "similar": "a similar name is on a list that counts",
    "other_list": "a list has it that the contract does not name",
}


def tell_screened(outcome: Screened) -> str:
    why = listed([REASONS[reason] for reason in outcome.reasons]) if outcome.reasons else ""
    if outcome.result == "blocked":
        return f"The customer may not be served, because {why}."
    if outcome.result == "possible":
        return f"Somebody has to decide, because {why}."
    return "Nothing bars the customer."


@rule("screening.check", "Does the law that the contract names bar this customer?", tell_screened)
def decide_screening(sheet: Sheet, facts: ScreeningFacts) -> Decision[Screened]:
    """An exact name, a country or a use that counts bars; what is only similar, or on a list that the contract does not
    name, is for a person to decide."""
    terms = sheet.screening
    if terms is None or not any((terms.regimes, terms.home_law, terms.end_uses)):
        return not_covered(sheet)
    cite = Citations()
    counting: set[str] = set(cite(terms.regimes)) if terms.regimes is not None else set()
    if terms.home_law is not None and cite(terms.home_law):
        counting |= home_regimes(facts.country)
    barred = cite(terms.end_uses) if terms.end_uses is not None else ()
    bars, doubts = [], []
    if facts.end_use in barred:
        bars.append("end_use")
    if counting & set(facts.listed):
        bars.append("listed")
    if counting & set(facts.embargoed):
        bars.append("embargoed")
    if counting & set(facts.similar):
        doubts.append("similar")
    if {*facts.listed, *facts.similar, *facts.embargoed} - counting:
        doubts.append("other_list")
    result = "blocked" if bars else "possible" if doubts else "clear"
    return decided(sheet, cite, Screened(result, tuple(bars or doubts)))


def home_regimes(country: str) -> set[str]:
    """Whose lists bind everybody in a country: its own, and the Union's in a member state."""
    return {country} & set(get_args(Regime)) | ({"EU"} if country in MEMBER_STATES else set())
