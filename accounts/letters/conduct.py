"""The letters about violations of the rules of use: warnings, suspensions, what is to be shown, what was reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings

from accounts.letters.writing import Letter, letter_about, one_line, reasons
from accounts.models import AbuseReport, ConductCase, EvidenceRequest, Suspension
from backoffice.terms.book import book
from backoffice.terms.words import day_words, listed, moment_words

Because = Sequence[dict[str, Any]]


def warning_letter(case: ConductCase, because: Because) -> Letter:
    """Tells what was found, and by when it is to be put right."""
    text = [*_found(case), *_cure(case)]
    return letter_about(f"Warning about your subscription to {_plan(case)}", case.subscription, text, because)


def revocation_letter(case: ConductCase, because: Because) -> Letter:
    """Tells that the access of a user who broke the rules was taken away."""
    text = [*_found(case), f"The access of the user {case.end_user} was therefore taken away at once."]
    return letter_about(f"Access to {_plan(case)} was taken away", case.subscription, text, because)


def conduct_suspension_letter(case: ConductCase, suspension: Suspension) -> Letter:
    """Tells of a suspension for a violation: the reason, the date, the period, and what it costs."""
    from_on = day_words(suspension.from_on)
    until = case.suspended_until
    lasts = f"until {day_words(until)}, that day included" if until else "until it is put right"
    text = [
        *_found(case),
        f"Your subscription to {_plan(case)} ({case.terms.name}) is therefore suspended from {from_on} on, {lasts}.",
        *_cure(case),
        *_fees(case.fees),
        "Its other fees run on meanwhile.",
    ]
    subject = f"Your subscription to {_plan(case)} is suspended"
    return letter_about(subject, case.subscription, text, suspension.because)


def evidence_letter(request: EvidenceRequest, because: Because) -> Letter:
    """Asks a customer to show that the recipients of a mailing agreed to it."""
    by = f"by {moment_words(request.due_at.astimezone(request.terms.zone))} at the latest" if request.due_at else "now"
    text = [
        f"{request.get_asked_by_display().capitalize()} asked that the recipients' consent to this mailing be shown: "
        f"{one_line(request.mailing)}.",
        f"Please send us the evidence {by}. A mailing whose consent is not shown breaks the rules of use.",
    ]
    subject = f"Evidence of consent: {one_line(request.mailing)}"[:200]
    return letter_about(subject, request.subscription, text, because)


def refused_report_letter(report: AbuseReport) -> Letter:
    """Tells who reported a violation that the report is not looked at, and what it lacks."""
    name = book().sheet(report.sheet).name
    parts = [
        "Dear Sir or Madam,",
        f"We cannot look at your report of a violation, because it lacks {listed(report.lacks)}. "
        "Send it again with that, and we will.",
        *reasons(name, report.because),
        settings.OPERATOR_NAME,
    ]
    return Letter("Your report of a violation", "\n\n".join(parts) + "\n")


def _plan(case: ConductCase) -> str:
    return one_line(case.subscription.plan)


def _found(case: ConductCase) -> list[str]:
    return [f"The rules of use were broken. What was found: {one_line(case.facts)}"]


def _cure(case: ConductCase) -> list[str]:
    if case.cure_until is None:
        return []
    by = day_words(case.cure_until)
    return [f"Put it right by {by} at the latest, and tell us. After that day the contract may be ended."]


def _fees(fees: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"The {fee['kind']} costs {fee['amount']} {fee['currency']}, which will be invoiced." for fee in fees]
