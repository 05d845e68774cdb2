"""What follows when a customer breaks the rules of use, and which reports of it count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Text, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.conduct import Course
from backoffice.terms.sections.service import Cure
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed


class ReportFacts(Facts):
    first_name: Flag = fact("It gives a first name", True)
    last_name: Flag = fact("It gives a last name", True)
    email_works: Flag = fact("It gives an e-mail address that works", True, False)
    phone_works: Flag = fact("It gives a telephone number that works", False, True)
    hands_on_mail: Flag = fact("It hands on a mail", False, True)
    full_headers: Flag = fact("That mail has all its headers", False, True)


class ReportCounts(NamedTuple):
    counts: bool
    lacks: tuple[str, ...]
    wanted: tuple[str, ...]


def tell_report(outcome: ReportCounts) -> str:
    wanted = f" It should be completed by {listed(outcome.wanted)}." if outcome.wanted else ""
    if outcome.counts:
        return f"The report is looked at.{wanted}"
    return f"The report is not looked at, because it lacks {listed(outcome.lacks)}.{wanted}"


REACHED = {"email": "an e-mail address that works", "phone": "a telephone number that works"}


@rule("abuse.report", "Is this report of a violation looked at?", tell_report)
def decide_abuse_report(sheet: Sheet, facts: ReportFacts) -> Decision[ReportCounts]:
    """Whether a report counts, what it lacks for that, and what it should have beside."""
    terms = sheet.conduct.reports if sheet.conduct else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    lacks: list[str] = []
    if terms.full_name and cite(terms.full_name):
        names = {"a first name": facts.first_name, "a last name": facts.last_name}
        lacks += [name for name, given in names.items() if not given]
    if terms.reachable_by:
        ways = cite(terms.reachable_by)
        given = {"email": facts.email_works, "phone": facts.phone_works}
        if ways and not any(given[way] for way in ways):
            lacks.append(" or ".join(REACHED[way] for way in ways))
    wants_headers = facts.hands_on_mail and not facts.full_headers
    wanted = ("the mail's headers",) if terms.full_headers and cite(terms.full_headers) and wants_headers else ()
    return decided(sheet, cite, ReportCounts(not lacks, tuple(lacks), wanted))


class ConductFacts(Facts):
    violation: Text = fact("Violation, as the contract's list calls it", "spam", "hacking", "software")
    told_on: Date | None = fact("The customer was told of it on", "2026-03-02")
    cured_on: Date | None = fact("It was put right on", None, "2026-03-05")
    as_of: Date = fact("Asked for the day", "2026-03-02")
    remediable: Flag = fact("It can be put right", True)
    urgent: Flag = fact("It is an emergency", False)
    hindering: Flag = fact("It clearly hinders the service", False)
    repeated: Flag = fact("It went on after the service was restored", False)
    helped_another: Flag = fact("It was done by somebody whom the customer helped", False)


class Fee(NamedTuple):
    kind: str
    amount: Decimal
    currency: str


class Consequence(NamedTuple):
    """``steps`` is what may be done on the day, the mildest first; ``must`` what is done in any case; ``notice`` when a
    notice of a suspension is owed, and ``told`` what it says; ``fees`` what a suspension costs the customer; ``lost``
    what it loses by the violation."""

    steps: tuple[str, ...]
    must: str | None
    notice: str | None
    told: tuple[str, ...]
    cure_by: date | None
    fees: tuple[Fee, ...]
    lost: tuple[str, ...]


ORDER = ("warn", "revoke", "suspend", "resume", "end")
STEPS = {
    "warn": "warn the customer",
    "revoke": "take the user's access away",
    "suspend": "suspend the service",
    "resume": "restore the service",
    "end": "end the contract",
}
MUST = {"revoke": "The user's access is taken away at once.", "suspend": "The service is suspended at once."}
NOTICE = {
    "none": "No notice of a suspension is owed.",
    "before": "The customer is told of a suspension before it.",
    "after": "The customer may be told of a suspension after it.",
}


def tell_consequence(outcome: Consequence) -> str:
    said = [f"The vendor may {listed([STEPS[step] for step in outcome.steps])}."]
    said += [MUST[outcome.must]] if outcome.must else []
    said += [f"It may be put right until {day_words(outcome.cure_by)}."] if outcome.cure_by else []
    said += [NOTICE[outcome.notice]] if outcome.notice else []
    said += [f"The notice tells the {listed(outcome.told)}."] if outcome.told else []
    said += [f"The {fee.kind} costs {fee.amount} {fee.currency}." for fee in outcome.fees]
    said += [f"The customer loses every {listed(outcome.lost)} for it."] if outcome.lost else []
    return " ".join(said)


@rule("conduct.consequence", "What may be done about a violation of the rules of use?", tell_consequence)
def decide_conduct_consequence(sheet: Sheet, facts: ConductFacts) -> Decision[Consequence]:
    """What may be done on a day about one violation, by when the customer may put it right, and what it costs."""
    terms = sheet.conduct
    violation = terms.violations.get(facts.violation) if terms else None
    if terms is None or violation is None:
        return not_covered(sheet)
    cite = Citations()
    course: Course | None = getattr(terms, cite(violation))
    if course is None:
        return not_covered(sheet)
    cure = _cure(sheet, course, cite)
    days = cite(course.cure_days) if course.cure_days else cite(cure.days) if cure and cure.days else None
    cure_by = days_after(facts.told_on, days) if facts.told_on and days is not None else None
    steps = _steps(course, cure, facts, cure_by, cite)
    notice: str | None = cite(course.notice) if course.notice else None
    if notice == "before" and facts.urgent and course.after_if_urgent and cite(course.after_if_urgent):
        notice = "after"
    outcome = Consequence(
        steps=tuple(step for step in ORDER if step in steps),
        must=cite(course.must) if course.must else None,
        notice=notice,
        told=cite(course.told) if course.told else (),
        cure_by=cure_by,
        fees=tuple(_fees(sheet, course, facts, cite)),
        lost=cite(terms.lost) if terms.lost else (),
    )
    return decided(sheet, cite, outcome)


def _cure(sheet: Sheet, course: Course, cite: Citations) -> Cure | None:
    """How a breach of the kind that this is put right as is cured."""
    cure: Cure | None = getattr(sheet.breach, cite(course.cured_as)) if course.cured_as and sheet.breach else None
    return cure


def _steps(course: Course, cure: Cure | None, facts: ConductFacts, cure_by: date | None, cite: Citations) -> set[str]:
    """What may be done on the day, beside what is done in any case."""
    cured = facts.cured_on is not None and facts.cured_on <= facts.as_of
    if cured and cure_by is not None and facts.cured_on is not None and facts.cured_on <= cure_by:
        # Who was given a time to put it right, and did, has nothing more to fear.
        return {"resume"}
    steps = {"warn", "resume"} if cured else {"warn"}
    steps |= set(cite(course.at_once)) if course.at_once else set()
    if cure is not None and cite(cure.suspend_at_once):
        steps.add("suspend")
    for applies, term in (
        (facts.hindering, course.hindering_ends),
        (facts.repeated, course.repeated_ends),
        (not facts.remediable, cure.irremediable_at_once if cure else None),
    ):
        if applies and term is not None and cite(term):
            steps.add("end")
    if cure_by is not None and facts.as_of > cure_by and course.not_cured:
        steps |= set(cite(course.not_cured))
    return steps


def _fees(sheet: Sheet, course: Course, facts: ConductFacts, cite: Citations) -> Sequence[Fee]:
    fees = []
    if course.suspension_fee:
        fees.append(Fee("suspension", cite(course.suspension_fee), cite(sheet.currency)))
    if course.investigation_fee and facts.helped_another:
        fees.append(Fee("investigation", cite(course.investigation_fee), cite(sheet.currency)))
    return fees
