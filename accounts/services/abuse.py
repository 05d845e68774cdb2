"""What is done with reports of violations, and with requests to show that recipients agreed to a mailing."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.letters import evidence_letter, refused_report_letter
from accounts.models import AbuseReport, ConductCase, EvidenceAlarm, EvidenceRequest, KeptRecord, Notice, Subscription
from accounts.notices import Draft, about_contract, write_notices
from accounts.policy.conduct import ReportFacts, decide_abuse_report
from accounts.policy.mailing import EvidenceDue, EvidenceFacts, decide_consent_evidence
from accounts.services.conduct import Found, open_case
from accounts.services.customers import NotPossible
from accounts.services.strays import keep
from backoffice import clocks
from backoffice.terms.book import book
from backoffice.terms.decision import Decision

# Staff are warned while a fifth of the time is left, and again when none is.
WARN_PERCENT, LATE_PERCENT = 80, 100


class Told(NamedTuple):
    """A report as it came; ``email_works`` and ``phone_works`` say whether somebody answers there."""

    text: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    email_works: bool = False
    phone: str = ""
    phone_works: bool = False
    hands_on_mail: bool = False
    full_headers: bool = False


@transaction.atomic
def report_abuse(
    *, vendor: str, told: Told, reported_at: datetime, on: date, at: datetime, subscription: Subscription | None = None
) -> AbuseReport:
    """Takes a report of a violation down. One that the contract does not look at is refused with its clause, and its
    author told where an address was given. Where the contract is silent every report is looked at. Who reported it is
    forgotten on a day of its own, whatever becomes of the customer.

    KeyError where the vendor has no terms in force; ValidationError for a report that is still to come, or about
    another vendor's contract.
    """
    if reported_at > at:
        raise ValidationError({"reported_at": "A report cannot have come later than it is written down."})
    if subscription is not None and subscription.vendor != vendor:
        raise ValidationError({"subscription": "This contract is another vendor's."})
    sheet = subscription.terms if subscription else book().sheet_for(vendor, on)
    facts = ReportFacts(
        first_name=bool(told.first_name.strip()),
        last_name=bool(told.last_name.strip()),
        email_works=told.email_works,
        phone_works=told.phone_works,
        hands_on_mail=told.hands_on_mail,
        full_headers=told.full_headers,
    )
    decision = decide_abuse_report(sheet, facts)
    refused = decision.outcome is not None and not decision.outcome.counts
    report = AbuseReport(
        vendor=vendor,
        sheet=sheet.id,
        subscription=subscription,
        reported_at=reported_at,
        state=AbuseReport.State.REFUSED if refused else AbuseReport.State.WAITING,
        lacks=list(decision.outcome.lacks) if decision.outcome else [],
        wanted=list(decision.outcome.wanted) if decision.outcome else [],
        because=decision.because,
        created_at=at,
        **told._asdict(),
    )
    report.full_clean(exclude=["subscription"])
    report.save()
    keep(report, retention=KeptRecord.Retention.REPORT, came_on=on, at=at, vendor=vendor)
    if refused and report.email:
        _tell_reporter(report, on, at)
    return report


def _tell_reporter(report: AbuseReport, on: date, at: datetime) -> None:
    draft = Draft(
        kind=Notice.Kind.ABUSE_REPORT,
        about=f"{report.pk}",
        sheet=report.sheet,
        because=report.because,
        due_on=on,
        written_on=on,
        letter=refused_report_letter(report),
        recipient=report.email,
        party=Notice.Party.REPORTER,
    )
    write_notices([draft], at=at)


@transaction.atomic
def take_up(
    *, report: AbuseReport, found: Found, on: date, at: datetime, subscription: Subscription | None = None
) -> ConductCase:
    """Makes a report a case, or joins it to the one that goes on; NotPossible unless the report waits, or where nobody
    has said whose contract it is about."""
    known = _waiting(report)
    contract = known.subscription or subscription
    if contract is None or contract.vendor != known.vendor:
        raise NotPossible(f"report {known.pk} needs a contract of its vendor that it is about")
    case = open_case(subscription=contract, found=found, on=on, at=at)
    known.subscription, known.case, known.state = contract, case, AbuseReport.State.CASE
    known.save(update_fields=["subscription", "case", "state"])
    return case


@transaction.atomic
def dismiss(*, report: AbuseReport) -> AbuseReport:
    """Notes that a report was looked at and shows no violation; NotPossible unless it waits."""
    known = _waiting(report)
    known.state = AbuseReport.State.DISMISSED
    known.save(update_fields=["state"])
    return known


def _waiting(report: AbuseReport) -> AbuseReport:
    found = AbuseReport.objects.select_for_update(of=("self",)).select_related("subscription").get(pk=report.pk)
    if found.state != AbuseReport.State.WAITING:
        raise NotPossible(f"report {found.pk} is {found.get_state_display()}")
    return found


class Asked(NamedTuple):
    """The request that runs now, or None where the contract knows none; and what it says."""

    request: EvidenceRequest | None
    decision: Decision[EvidenceDue]


@transaction.atomic
def ask_consent_evidence(*, subscription: Subscription, mailing: str, asked_by: str, on: date, at: datetime) -> Asked:
    """Asks a customer to show that the recipients of a mailing agreed to it; its time runs from this moment.

    A mailing that was asked about already keeps its first time.
    """
    decision = decide_consent_evidence(subscription.terms, EvidenceFacts(asked_at=at))
    if decision.outcome is None:
        return Asked(None, decision)
    Subscription.objects.select_for_update().get(pk=subscription.pk)
    waiting = EvidenceRequest.objects.waiting().filter(subscription=subscription, mailing=mailing).first()
    if waiting is not None:
        return Asked(waiting, decision)
    request = EvidenceRequest(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        asked_by=asked_by,
        mailing=mailing,
        asked_at=at,
        due_at=decision.outcome.due_at,
        counts_as=decision.outcome.counts_as or "",
        because=decision.because,
        created_at=at,
    )
    request.alarm_at = _next_alarm(request)
    request.full_clean(exclude=["subscription"])
    request.save()
    letter = evidence_letter(request, decision.because)
    about = f"evidence/{request.pk}"
    kind = Notice.Kind.EVIDENCE
    write_notices([about_contract(kind, subscription, about, decision.because, on=on, letter=letter)], at=at)
    return Asked(request, decision)


@transaction.atomic
def note_consent_evidence(*, request: EvidenceRequest, at: datetime) -> EvidenceRequest:
    """Notes that the consent was shown, which silences the alarms; NotPossible unless the request waits, or once its
    time is over: then it is a violation, and a case goes on."""
    found = _running(request)
    if found.due_at is not None and at > found.due_at:
        raise NotPossible(f"the time of request {found.pk} is over: put it right in the case about it")
    found.state, found.shown_at, found.alarm_at = EvidenceRequest.State.SHOWN, at, None
    found.save(update_fields=["state", "shown_at", "alarm_at"])
    return found


@transaction.atomic
def note_no_evidence(*, request: EvidenceRequest, on: date, at: datetime) -> EvidenceRequest:
    """Notes that the customer has nothing to show, which is the violation that the contract says; NotPossible unless
    the request waits."""
    found = _running(request)
    _miss(found, on, at)
    found.save(update_fields=["state", "alarm_at", "case"])
    return found


def ring(at: datetime) -> int:
    """One chunk of the minute's look: writes the alarms that are due, each once, and makes a case of what was not shown
    in time. Needs a transaction; returns how many requests were moved on."""
    requests = EvidenceRequest.objects.to_alarm(at).claim(clocks.CHUNK)
    alarms = []
    for request in requests:
        over = [part for part, rings_at in _alarms_left(request) if rings_at <= at]
        alarms += [EvidenceAlarm(request=request, percent=part, rang_at=at) for part in over]
        request.alarmed = max(over)
        request.alarm_at = _next_alarm(request)
        if request.alarmed == LATE_PERCENT:
            _miss(request, at.astimezone(request.terms.zone).date(), at)
    EvidenceAlarm.objects.bulk_create(alarms, ignore_conflicts=True)
    EvidenceRequest.objects.bulk_update(requests, ["alarmed", "alarm_at", "state", "case"])
    return len(requests)


def _miss(request: EvidenceRequest, on: date, at: datetime) -> None:
    """The request is over without evidence; where the contract calls that a violation, it becomes a case."""
    request.state, request.alarm_at = EvidenceRequest.State.MISSED, None
    if request.counts_as:
        facts = f"No evidence was shown that the recipients agreed to this mailing: {request.mailing}."
        found = Found(violation=request.counts_as, facts=facts)
        request.case = open_case(subscription=request.subscription, found=found, on=on, at=at)


def _running(request: EvidenceRequest) -> EvidenceRequest:
    rows = EvidenceRequest.objects.select_for_update(of=("self",)).select_related("subscription__customer")
    found = rows.get(pk=request.pk)
    if found.state != EvidenceRequest.State.WAITING:
        raise NotPossible(f"request {found.pk} is {found.get_state_display()}")
    return found


def _next_alarm(request: EvidenceRequest) -> datetime | None:
    left = _alarms_left(request)
    return left[0][1] if left else None


def _alarms_left(request: EvidenceRequest) -> list[tuple[int, datetime]]:
    """The parts of its time that no alarm has told of yet, in percent, each with the moment when it is over."""
    if request.due_at is None:
        return []
    whole = request.due_at - request.asked_at
    parts = ((part, request.asked_at + whole * part / 100) for part in (WARN_PERCENT, LATE_PERCENT))
    return [(part, rings_at) for part, rings_at in parts if part > request.alarmed]
