"""What may be answered to an authority that asks about a customer, and when a member may ask for help against one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from backoffice.terms.calendar import days_after, last_of_month
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import MOST, Country, Date, FactKind, Facts, Flag, Listed, fact
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import rule
from backoffice.terms.sections.authorities import Assistance, Element, Level, Process, Requests
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import day_words, listed, spoken

RequestKind = Literal["account_information", "content", "civil"]
Verdict = Literal["valid", "deficient", "refused"]
Told = Literal["before_disclosure", "never"]
# Any of these refuses a request; what else is wrong with it can still be put right.
REFUSALS = frozenset(("foreign_process", "no_legal_process", "warrant_required", "not_in_litigation"))
ELEMENTS: tuple[Element, ...] = get_args(Element)


class RequestFacts(Facts):
    kind: RequestKind = fact("What is asked for", "account_information")
    process: Process = fact("Legal process", "court_order")
    jurisdiction: Country = fact("Country of the authority", "CA")
    channel: Literal["post", "courier", "email"] = fact("It came by", "courier")
    email_ordered_by_court: Flag = fact("A court ordered service by e-mail", False)
    elements: Annotated[tuple[Element, ...], Listed] = fact("The request holds", list(ELEMENTS))
    litigation_pending: Flag = fact("It belongs to a pending litigation", False)
    notice_prohibited: Flag = fact("The law prohibits telling the user", False)
    prohibition_stated: Flag = fact("The authority stated that prohibition", False)


class Assessment(NamedTuple):
    verdict: Verdict
    reasons: tuple[str, ...]
    missing: tuple[Element, ...]
    may_disclose: tuple[str, ...]
    notify_user: Told | None


def tell_assessment(outcome: Assessment) -> str:
    if outcome.verdict != "valid":
        lacks = f" It lacks: {listed([spoken(element) for element in outcome.missing])}." if outcome.missing else ""
        return f"The request is {outcome.verdict}: {listed([spoken(reason) for reason in outcome.reasons])}.{lacks}"
    if not outcome.may_disclose:
        return "The request is valid; nothing need be disclosed."
    told = {
        "before_disclosure": "The user is told before that.",
        "never": "The user may not be told.",
        None: "The contract owes the user no notice.",
    }
    disclosed = listed([spoken(code) for code in outcome.may_disclose])
    return f"The request is valid. To be disclosed: {disclosed}. {told[outcome.notify_user]}"


@rule("lawreq.assess", "May a request for information about a customer be answered?", tell_assessment)
def decide_request(sheet: Sheet, facts: RequestFacts) -> Decision[Assessment]:
    """Whether a request is valid, what it lacks, what may then be disclosed, and whether the user is told before."""
    terms = sheet.requests
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    missing = _missing(terms, facts, cite)
    reasons = _objections(terms, facts, missing, cite)
    if reasons:
        verdict: Verdict = "deficient" if REFUSALS.isdisjoint(reasons) else "refused"
        return decided(sheet, cite, Assessment(verdict, reasons, missing, (), None))
    fields = {"account_information": terms.account_fields, "content": terms.content_fields, "civil": terms.civil_fields}
    may_disclose = cite(fields[facts.kind])
    told = _told(terms, facts, cite) if may_disclose else None
    return decided(sheet, cite, Assessment("valid", (), (), may_disclose, told))


def _missing(terms: Requests, facts: RequestFacts, cite: Citations) -> tuple[Element, ...]:
    """What a request for account information should hold and does not."""
    if facts.kind != "account_information" or terms.elements is None:
        return ()
    wanted = cite(terms.elements)
    return tuple(element for element in ELEMENTS if element in wanted and element not in facts.elements)


def _objections(terms: Requests, facts: RequestFacts, missing: Sequence[Element], cite: Citations) -> tuple[str, ...]:
    """Everything that stands against a request, in one order for every vendor."""
    found = {
        "foreign_process": terms.jurisdictions is not None and facts.jurisdiction not in cite(terms.jurisdictions),
        "no_legal_process": facts.process not in cite(terms.processes),
        "warrant_required": facts.kind == "content"
        and terms.content_processes is not None
        and facts.process not in cite(terms.content_processes),
        "not_in_litigation": facts.kind == "civil"
        and not facts.litigation_pending
        and terms.civil_pending is not None
        and cite(terms.civil_pending),
        "served_by_email": facts.channel == "email"
        and not facts.email_ordered_by_court
        and terms.email_needs_order is not None
        and cite(terms.email_needs_order),
        "incomplete": bool(missing),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _told(terms: Requests, facts: RequestFacts, cite: Citations) -> Told | None:
    """Whether the user is told before a disclosure; None where the contract says nothing of it."""
    if terms.notice is None:
        return None
    if terms.no_notice_for is not None and facts.process in cite(terms.no_notice_for):
        return None
    must_be_stated = cite(terms.notice) == "unless_prohibited_and_stated"
    prohibited = facts.notice_prohibited and (facts.prohibition_stated or not must_be_stated)
    return "never" if prohibited else "before_disclosure"


def _given(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("wrong_fact", "a whole number, or left out")
    return value


# A value of the price list is left out of a question that does not need it; it is never null.
PriceListCount = Annotated[int | None, BeforeValidator(_given), Field(ge=0, le=MOST), FactKind("count")]


class SubmissionFacts(Facts):
    level: Level = fact("Level of the membership", "BASIC")
    interval_days: PriceListCount = fact("Days between submissions, by the price list", 90, default=None)
    monthly_limit: PriceListCount = fact("Submissions a month, by the price list", 1, default=None)
    acknowledged_on: Annotated[tuple[Date, ...], Listed] = fact(
        "Earlier submissions were acknowledged on", [], ["2026-03-02"]
    )
    paid_on: Date = fact("The membership was paid on", "2026-01-09")
    covered_until: Date = fact("The prepaid cycle ends on", "2027-01-09")
    upgraded_on: Date | None = fact("The service was upgraded on", None, "2026-03-20")
    received_on: Date = fact("The notification was received on", "2026-04-01")
    duplicate: Flag = fact("This notification was submitted before", False)
    leaving: Flag = fact("A downgrade or an end was asked for since the last acknowledgement", False)


class Submission(NamedTuple):
    allowed: bool
    reason: str | None
    next_on: date | None
    report_from: date | None
    report_by: date | None


def tell_submission(outcome: Submission) -> str:
    if outcome.report_from and outcome.report_by:
        due = f"from {day_words(outcome.report_from)} to {day_words(outcome.report_by)}"
        return f"The submission is allowed; its report is due {due}."
    further = f" A submission is possible from {day_words(outcome.next_on)}." if outcome.next_on else ""
    return f"The submission is not allowed: {spoken(outcome.reason or '')}.{further}"


@rule("assistance.submission", "May a member submit a notification of an interception?", tell_submission)
def decide_submission(sheet: Sheet, facts: SubmissionFacts) -> Decision[Submission]:
    """Whether a member may submit a notification, from which day on otherwise, and when its report is due;
    ``missing_fact`` without the value of the price list that the level needs."""
    terms = sheet.assistance
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    by_interval = facts.level in cite(terms.interval_levels)
    if not by_interval and facts.level not in cite(terms.monthly_levels):
        return not_covered(sheet)
    field, allowance = ("interval_days", facts.interval_days) if by_interval else ("monthly_limit", facts.monthly_limit)
    if allowance is None:
        raise QuestionError("missing_fact", field, f"the level {facts.level} needs {field} of the price list")
    refusal = _outside_cover(terms, facts, cite)
    if refusal is None:
        refusal = (_too_soon if by_interval else _too_many)(terms, facts, allowance, cite)
    if refusal is not None:
        return decided(sheet, cite, refusal)
    report_from = days_after(facts.received_on, cite(terms.report_from_days))
    report_by = days_after(facts.received_on, cite(terms.report_by_days))
    return decided(sheet, cite, Submission(True, None, None, report_from, report_by))


def _refused(reason: str, next_on: date | None = None) -> Submission:
    return Submission(False, reason, next_on, None, None)


def _outside_cover(terms: Assistance, facts: SubmissionFacts, cite: Citations) -> Submission | None:
    """A refusal because the membership does not cover the notification, or covered it before."""
    begins = days_after(facts.paid_on, cite(terms.cover_days_after))
    if facts.received_on < begins:
        return _refused("not_yet_covered", begins)
    if facts.received_on > facts.covered_until and cite(terms.cover_ends):
        return _refused("coverage_ended")
    if facts.duplicate and cite(terms.once_each):
        return _refused("already_submitted")
    return None


def _too_soon(terms: Assistance, facts: SubmissionFacts, interval_days: int, cite: Citations) -> Submission | None:
    """A refusal because the interval since the last submission runs, or because who is leaving forfeited the next."""
    counted = _counted(facts, facts.acknowledged_on, terms.interval_upgrade_resets, cite)
    if not counted:
        return None
    if facts.leaving and cite(terms.leaving_forfeits):
        return _refused("forfeited")
    next_on = days_after(max(counted), interval_days)
    return _refused("interval_running", next_on) if facts.received_on < next_on else None


def _too_many(terms: Assistance, facts: SubmissionFacts, monthly_limit: int, cite: Citations) -> Submission | None:
    """A refusal because the calendar month's submissions are used up."""
    month_end = last_of_month(facts.received_on)
    this_month = [day for day in facts.acknowledged_on if last_of_month(day) == month_end]
    if len(_counted(facts, this_month, terms.monthly_upgrade_resets, cite)) < monthly_limit:
        return None
    return _refused("limit_reached", days_after(month_end, 1))


def _counted(facts: SubmissionFacts, days: Sequence[date], resets: Term[bool], cite: Citations) -> list[date]:
    """The acknowledgements up to the reception that still count after an upgrade up to it."""
    known = [day for day in days if day <= facts.received_on]
    upgraded_on = facts.upgraded_on
    if upgraded_on is None or upgraded_on > facts.received_on:
        return known
    since = [day for day in known if day >= upgraded_on]
    return since if len(since) < len(known) and cite(resets) else known
