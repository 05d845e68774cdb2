"""What is done with mailings to many, tests of vulnerability, use by others, and requests about domains: each is asked
of the contract and kept with what it says; what the contract forbids becomes a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import BulkMailing, MailLimit, Misuse, RecordRequest, Subscription, VulnerabilityTest
from accounts.policy.mailing import (
    RECORD,
    TESTED,
    BulkFacts,
    MisuseFacts,
    RecordFacts,
    VulnerabilityFacts,
    decide_dns_change,
    decide_mail_bulk,
    decide_misuse_report,
    decide_test_permission,
    tell_bulk,
    tell_misuse,
)
from accounts.services.conduct import Found, open_case
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision


class Mailing(NamedTuple):
    """A mailing to many, and what the customer has for it."""

    mailing: str
    number: int
    privacy_policy: bool = False
    complaints_address: str = ""
    confirmed_consent: bool = False
    recipient_shown: bool = False


def set_mail_limit(*, vendor: str, most: int, from_on: date) -> MailLimit:
    """Notes the limit that a vendor has set; ValidationError where one was set for that day already."""
    limit = MailLimit(vendor=vendor, most=most, from_on=from_on)
    limit.full_clean()
    limit.save()
    return limit


@transaction.atomic
def check_mailing(*, subscription: Subscription, mailing: Mailing, on: date, at: datetime) -> BulkMailing:
    """Asks whether a mailing is allowed, under the limit that the vendor has set by that day; each thing that it lacks
    becomes a case. ValidationError for a mailing that was checked on that day."""
    limits = MailLimit.objects.filter(vendor=subscription.vendor, from_on__lte=on)
    most = limits.order_by("-from_on").values_list("most", flat=True).first()
    facts = BulkFacts(
        privacy_policy=mailing.privacy_policy,
        complaints_address=bool(mailing.complaints_address),
        confirmed_consent=mailing.confirmed_consent,
        recipient_shown=mailing.recipient_shown,
        number=mailing.number,
        limit=most,
    )
    decision = decide_mail_bulk(subscription.terms, facts)
    says = tell_bulk(decision.outcome) if decision.outcome else ""
    lacks = decision.outcome.lacks if decision.outcome else ()
    checked = BulkMailing(
        **mailing._asdict(), **_judged(subscription, decision, says, at), most=most, checked_on=on, lacks=list(lacks)
    )
    _keep(checked)
    for violation in lacks:
        found = Found(violation=violation, facts=f"The mailing “{mailing.mailing}”: {says}")
        open_case(subscription=subscription, found=found, on=on, at=at)
    return checked


@transaction.atomic
def note_test_consent(
    *, subscription: Subscription, system: str, consent: str, on: date, at: datetime, own_system: bool = True
) -> VulnerabilityTest:
    """Notes that the vendor consents to a test that is still to come."""
    test = VulnerabilityTest(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        system=system,
        own_system=own_system,
        consent=consent,
        consent_on=on,
        created_at=at,
    )
    _keep(test)
    return test


@transaction.atomic
def note_test(
    *, subscription: Subscription, system: str, on: date, at: datetime, own_system: bool = True
) -> VulnerabilityTest:
    """Notes that a system was tested, under the consent that still waits for its test; one without the consent that the
    contract wants becomes a case."""
    waiting = VulnerabilityTest.objects.select_for_update().filter(
        subscription=subscription, system=system, tested_on=None, consent_on__lte=on
    )
    test = waiting.order_by("consent_on", "id").first() or VulnerabilityTest(
        subscription=subscription, system=system, own_system=own_system
    )
    consent = cast(Literal["none", "oral", "written"], test.consent)
    facts = VulnerabilityFacts(consent=consent, consent_on=test.consent_on, own_system=test.own_system, tested_on=on)
    decision = decide_test_permission(subscription.terms, facts)
    says = TESTED[decision.outcome.reason] if decision.outcome else ""
    for name, value in _judged(subscription, decision, says, at).items():
        setattr(test, name, value)
    test.tested_on, test.allowed = on, decision.outcome.allowed if decision.outcome else None
    if decision.outcome and decision.outcome.violation:
        found = Found(violation=decision.outcome.violation, facts=f"The system “{system}” was tested: {says}")
        test.case = open_case(subscription=subscription, found=found, on=on, at=at)
    _keep(test)
    return test


@transaction.atomic
def report_misuse(
    *,
    subscription: Subscription,
    reporter_email: str,
    text: str,
    known_at: datetime,
    reported_at: datetime,
    at: datetime,
) -> Misuse:
    """Takes a report down that somebody used the account who may not, with whether it came in time.

    ValidationError for a report that is still to come, or that came before it was known.
    """
    if not known_at <= reported_at <= at:
        raise ValidationError({"reported_at": "It is reported after it was known, and not later than now."})
    decision = decide_misuse_report(subscription.terms, MisuseFacts(known_at=known_at, reported_at=reported_at))
    outcome = decision.outcome
    misuse = Misuse(
        reporter_email=reporter_email,
        text=text,
        known_at=known_at,
        reported_at=reported_at,
        due_at=outcome.due_at if outcome else None,
        in_time=outcome.in_time if outcome else None,
        customer_answers=bool(outcome and outcome.customer_answers),
        **_judged(subscription, decision, tell_misuse(outcome) if outcome else "", at),
    )
    _keep(misuse)
    return misuse


@transaction.atomic
def ask_record_change(
    *, subscription: Subscription, domain: str, change: str, asked_by: str, on: date, at: datetime
) -> RecordRequest:
    """Notes that somebody asks to change a domain's records, and whether the contract lets them; NotPossible for
    somebody of no known kind."""
    if asked_by not in RecordRequest.By.values:
        raise NotPossible(f"{asked_by} is nobody whom a register knows")
    decision = decide_dns_change(subscription.terms, RecordFacts.model_validate({"asked_by": asked_by}))
    allowed = decision.outcome.allowed if decision.outcome else None
    asked = RecordRequest(
        domain=domain,
        change=change,
        asked_by=asked_by,
        asked_on=on,
        allowed=allowed,
        **_judged(subscription, decision, "" if allowed is None else RECORD[allowed], at),
    )
    _keep(asked)
    return asked


def _judged(subscription: Subscription, decision: Decision[Any], says: str, at: datetime) -> dict[str, Any]:
    """What every row keeps of whose contract judged it, and how."""
    return {
        "subscription": subscription,
        "vendor": subscription.vendor,
        "sheet": decision.sheet,
        "says": says,
        "because": decision.because,
        "created_at": at,
    }


def _keep(row: Any) -> None:
    row.full_clean(exclude=["subscription"])
    row.save()
