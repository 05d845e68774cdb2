"""Errors of a product: when they are taken, how they are corrected for good, and who else is told of them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class IntakeFacts(Facts):
    working_hours: Flag = fact("Within working hours", False)


class Intake(NamedTuple):
    taken: bool
    by_email: bool


def tell_intake(outcome: Intake) -> str:
    if not outcome.taken:
        return "Errors are taken within working hours only."
    return f"The error is taken{' by e-mail' if outcome.by_email else ''}, as at any hour of any day."


@rule("errors.intake", "May an error be reported now?", tell_intake)
def decide_errors_intake(sheet: Sheet, facts: IntakeFacts) -> Decision[Intake]:
    """Whether a report of an error is taken at this hour, and whether that is by e-mail."""
    terms = sheet.errors
    if terms is None or terms.taken_always is None:
        return not_covered(sheet)
    cite = Citations()
    if not (cite(terms.taken_always) or facts.working_hours):
        return decided(sheet, cite, Intake(False, False))
    by_email = terms.outside_hours_by_email is not None and cite(terms.outside_hours_by_email)
    return decided(sheet, cite, Intake(True, by_email and not facts.working_hours))


class CorrectionFacts(Facts):
    worked_around: Flag = fact("A temporary correction was given", True)
    next_release_on: Date | None = fact("The next release is planned for", "2026-06-01")


class Correction(NamedTuple):
    """``fix_by`` is the last day for the permanent correction; None where none is planned yet."""

    replaces: bool
    fix_by: date | None


def tell_correction(outcome: Correction) -> str:
    by = f" by {day_words(outcome.fix_by)}" if outcome.fix_by else ""
    return f"The error is corrected for good{by}{', in place of the work-around' if outcome.replaces else ''}."


@rule("errors.correct", "By when is an error corrected for good?", tell_correction)
def decide_errors_correct(sheet: Sheet, facts: CorrectionFacts) -> Decision[Correction]:
    """By when a permanent correction comes, and whether it takes the place of a temporary one."""
    if sheet.errors is None or sheet.errors.fixed_by_next_release is None:
        return not_covered(sheet)
    cite = Citations()
    by_release = cite(sheet.errors.fixed_by_next_release)
    return decided(sheet, cite, Correction(facts.worked_around, facts.next_release_on if by_release else None))


class FoundFacts(Facts):
    learned_on: Date = fact("It was learned of on", "2026-03-02")


class Found(NamedTuple):
    told: bool
    tell_on: date | None


def tell_found(outcome: Found) -> str:
    if outcome.tell_on is None:
        return "Other customers need not be told."
    return f"Every customer of the product is told from {day_words(outcome.tell_on)} on."


@rule("errors.elsewhere", "Who is told of an error that was found at another user's?", tell_found)
def decide_errors_elsewhere(sheet: Sheet, facts: FoundFacts) -> Decision[Found]:
    """Whether the other customers of a product are told of an error, which is on the day that it was learned of."""
    if sheet.errors is None or sheet.errors.told_to_all is None:
        return not_covered(sheet)
    cite = Citations()
    told = cite(sheet.errors.told_to_all)
    return decided(sheet, cite, Found(told, facts.learned_on if told else None))
