"""Who may ask for support, and when a request is complete enough for its time to run."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Listed, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import RequestPart
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed


class AskerFacts(Facts):
    by_administrator: Flag = fact("A designated administrator asks", False, True)
    agreed_in_writing: Flag = fact("Support for others was agreed in writing", False, True)


class Asker(NamedTuple):
    answered: bool
    reason: str | None
    breach: bool


def tell_asker(outcome: Asker) -> str:
    if outcome.answered:
        return "The request is answered."
    told = "The request is refused because it does not come from a designated administrator"
    return f"{told}; it is a breach of the service levels too." if outcome.breach else f"{told}."


@rule("support.who", "Is a request for support from this person answered?", tell_asker)
def decide_support_who(sheet: Sheet, facts: AskerFacts) -> Decision[Asker]:
    """Whether a request is answered; if not, why, and whether the contract calls it a breach of the customer's."""
    terms = sheet.helpdesk
    if terms is None or terms.administrators_only is None:
        return not_covered(sheet)
    cite = Citations()
    if not cite(terms.administrators_only) or facts.by_administrator:
        return decided(sheet, cite, Asker(True, None, False))
    if terms.others_if_agreed and cite(terms.others_if_agreed) and facts.agreed_in_writing:
        return decided(sheet, cite, Asker(True, None, False))
    breach = cite(terms.others_breach) if terms.others_breach else False
    return decided(sheet, cite, Asker(False, "not_administrator", breach))


class RequestFacts(Facts):
    given: Annotated[tuple[RequestPart, ...], Listed] = fact("The request holds", ["issuer", "description"])


class Completeness(NamedTuple):
    complete: bool
    missing: tuple[str, ...]


def tell_completeness(outcome: Completeness) -> str:
    return "The request is complete." if outcome.complete else f"The request still lacks its {listed(outcome.missing)}."


@rule("support.complete", "Does a request for support hold all it must, so that its time runs?", tell_completeness)
def decide_support_complete(sheet: Sheet, facts: RequestFacts) -> Decision[Completeness]:
    """Whether a request counts, and what is missing from it, in the order in which the contract names the parts."""
    terms = sheet.helpdesk
    if terms is None or terms.request_holds is None:
        return not_covered(sheet)
    cite = Citations()
    missing = tuple(part for part in cite(terms.request_holds) if part not in facts.given)
    return decided(sheet, cite, Completeness(not missing, missing))


class OverdueFacts(Facts):
    noticed_on: Date | None = fact("The written notice of what is overdue was received on", "2026-05-04")
    on: Date = fact("Support is asked for on", "2026-06-04")


class OverdueSupport(NamedTuple):
    answered: bool
    stops_on: date | None


def tell_overdue(outcome: OverdueSupport) -> str:
    if outcome.stops_on is None:
        return "The request is answered, because no written notice of what is overdue was received."
    stops = day_words(outcome.stops_on)
    return (
        f"The request is {'answered; support may stop' if outcome.answered else 'refused: support stopped'} on {stops}."
    )


@rule("support.overdue", "Is support still owed to who has not paid?", tell_overdue)
def decide_support_overdue(sheet: Sheet, facts: OverdueFacts) -> Decision[OverdueSupport]:
    """Whether a request is answered although something is overdue, and the first day on which none need be."""
    if sheet.helpdesk is None or sheet.helpdesk.overdue_days is None:
        return not_covered(sheet)
    cite = Citations()
    days = cite(sheet.helpdesk.overdue_days)
    if facts.noticed_on is None:
        return decided(sheet, cite, OverdueSupport(True, None))
    stops_on = days_after(facts.noticed_on, days + 1)
    return decided(sheet, cite, OverdueSupport(facts.on < stops_on, stops_on))
