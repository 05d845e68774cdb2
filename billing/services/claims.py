"""What is done about customers' claims for outages: filed, completed, validated, and credited on the next invoice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import ConductCase, Customer, Notice, Subscription
from accounts.notices import about_contract, write_notices
from accounts.services import NotPossible, together
from accounts.services.conduct import conduct_outcome
from backoffice.terms.decision import Decision
from backoffice.terms.money import from_minor, to_minor
from billing.letters import claim_letter
from billing.models import UNANSWERED, CreditClaim, IncidentReport, Outage
from billing.policy.claims import (
    CapFacts,
    ClaimFacts,
    CreditClaimAnswer,
    CreditClaimFacts,
    decide_sla_cap,
    decide_sla_claim,
    decide_sla_claim_by,
)
from billing.policy.service_levels import Credit, CreditFacts, decide_sla_credit
from billing.policy.service_levels import Outage as OutageFacts
from billing.services.outage_credits import fee_of_month, first_of, given_for
from billing.services.outages import Counted, count_outages

State = CreditClaim.State
# How the first line of what the two common commands print begins.
TRACEROUTE = re.compile(r"^\s*(traceroute to|tracing route to)\b", re.IGNORECASE | re.MULTILINE)


class Incident(NamedTuple):
    """What a customer reports of one time in which its service was down."""

    started_at: datetime
    ended_at: datetime | None = None
    evidence: str = ""
    users_affected: int | None = None
    detail: str = ""


def claim_by(subscription: Subscription, service: str, outage: Outage) -> date | None:
    """The last day for claiming the credit of an outage that is over; None where the contract gives none."""
    over = (outage.ended_at or outage.began_at).astimezone(subscription.terms.zone).date()
    decision = decide_sla_claim_by(subscription.terms, ClaimFacts(service=cast(Any, service), ended_on=over))
    return decision.outcome.claim_by if decision.outcome else None


class Filed(NamedTuple):
    """A claim with the report that was added to it, and what the contract says of it so far."""

    claim: CreditClaim
    decision: Decision[CreditClaimAnswer]


@transaction.atomic
def file_claim(*, subscription: Subscription, service: str, incident: Incident, on: date, at: datetime) -> Filed:
    """Keeps what a customer reports of an outage, and with it the claim for that month's credit of the service; a
    further report completes the claim that is there.

    ValidationError for an incident that ends before it begins or is still to come, or a service that there is not;
    NotPossible where the claim was answered already.
    """
    began = incident.started_at.astimezone(subscription.terms.zone)
    if began > at or (incident.ended_at is not None and incident.ended_at < incident.started_at):
        raise ValidationError({"started_at": "An outage begins before it is told of, and before it is over."})
    month = f"{began:%Y-%m}"
    claim = CreditClaim.objects.select_for_update().filter(subscription=subscription, service=service, month=month)
    known = claim.first()
    if known is None:
        known = _claim(subscription, service, began.date(), on, at)
    elif known.state not in UNANSWERED:
        raise NotPossible(f"the claim for {month} was answered already")
    IncidentReport.objects.create(
        claim=known,
        reported_on=on,
        started_at=incident.started_at,
        ended_at=incident.ended_at,
        users_affected=incident.users_affected,
        traceroutes=len(TRACEROUTE.findall(incident.evidence)),
        evidence=incident.evidence,
        detail=incident.detail,
        created_at=at,
    )
    return Filed(known, ask_claim(known))


def _claim(subscription: Subscription, service: str, began_on: date, on: date, at: datetime) -> CreditClaim:
    claim_by = decide_sla_claim_by(subscription.terms, ClaimFacts(service=cast(Any, service), ended_on=began_on))
    claim = CreditClaim(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        service=service,
        month=f"{began_on:%Y-%m}",
        claimed_on=on,
        claim_by=claim_by.outcome.claim_by if claim_by.outcome else None,
        created_at=at,
    )
    claim.full_clean(exclude=["subscription"])
    clock = _ask(claim, [], began_on)
    if clock.outcome is not None:
        claim.answer_from, claim.answer_by = clock.outcome.answer_from, clock.outcome.answer_by
    claim.because = together(claim_by.because, clock.because)
    claim.save()
    return claim


def ask_claim(claim: CreditClaim) -> Decision[CreditClaimAnswer]:
    """What a claim lacks, by all that was reported in time for it, and the days that run with it."""
    reports = claim.reports.order_by("started_at", "id")
    in_time = _in_time(claim, reports)
    return _ask(claim, in_time, claim.day)


def _in_time(claim: CreditClaim, reports: Iterable[IncidentReport]) -> list[IncidentReport]:
    """The reports that came while the credit could be claimed."""
    return [one for one in reports if claim.claim_by is None or one.reported_on <= claim.claim_by]


def _ask(claim: CreditClaim, reports: Sequence[IncidentReport], began_on: date) -> Decision[CreditClaimAnswer]:
    facts = CreditClaimFacts(
        service=cast(Any, claim.service),
        began_on=began_on,
        claimed_on=claim.claimed_on,
        start_told=bool(reports),
        end_told=bool(reports) and all(one.ended_at is not None for one in reports),
        traceroutes=sum(one.traceroutes for one in reports),
    )
    return decide_sla_claim(claim.subscription.terms, facts)


class Answered(NamedTuple):
    """An answered claim, and the rule's answer behind it."""

    claim: CreditClaim
    decision: Decision[Any]


@transaction.atomic
def answer_claim(*, claim: CreditClaim, users_affected: int, on: date, at: datetime) -> Answered:
    """Answers a claim from the outages on record, with how many of its users were on what failed, and tells the
    customer: a credit for the next invoice of the contract, or why there is none.

    While the customer is in breach the claim waits, and is answered again once the breach is cured. NotPossible for one
    that was answered; ValidationError for more users than there are.
    """
    rows = CreditClaim.objects.select_for_update(of=("self",)).select_related("subscription__customer")
    found = rows.get(pk=claim.pk)
    subscription = found.subscription
    if found.state not in UNANSWERED:
        raise NotPossible(f"the {found} already")
    if users_affected > subscription.quantity:
        raise ValidationError({"users_affected": f"The contract has {subscription.quantity} users."})
    # A contract under which nothing can be claimed needs no fee.
    fee = fee_of_month(subscription, found.day) if found.claim_by is not None else 0
    outages = count_outages(subscription, found.service, first_of(found.month))
    decision = _ask_credit(found, outages, fee, users_affected, on)
    found.users_affected, found.decided_on, found.fee_minor = users_affected, on, fee
    _decide(found, decision, outages, on)
    found.save()
    letter = claim_letter(found)
    about = f"claim/{found.pk}/{found.state}"
    write_notices([about_contract(Notice.Kind.CLAIM, subscription, about, found.because, on=on, letter=letter)], at=at)
    return Answered(found, decision)


def _ask_credit(
    claim: CreditClaim, outages: Sequence[Counted], fee: int, users_affected: int, on: date
) -> Decision[Credit]:
    subscription = claim.subscription
    reports = list(claim.reports.all())
    facts = CreditFacts(
        service=cast(Any, claim.service),
        month=claim.month,
        monthly_fee=from_minor(fee, claim.currency),
        outages=tuple(_fact(one, reports) for one in outages),
        claimed_on=claim.claimed_on,
        traceroutes=sum(
            one.traceroutes for one in reports if claim.claim_by is None or one.reported_on <= claim.claim_by
        ),
        users_affected=users_affected,
        users_total=subscription.quantity,
        in_breach=_in_breach(subscription, outages, on),
        billed_directly=subscription.customer.billed_by == Customer.BilledBy.OPERATOR,
    )
    return decide_sla_credit(subscription.terms, facts)


def _fact(counted: Counted, reports: Sequence[IncidentReport]) -> OutageFacts:
    """An outage as the rule is told of it: reported by the first report of a time that it touches."""
    outage = counted.outage
    # None that lasts is counted.
    ended_at = outage.ended_at or outage.began_at
    days = [
        one.reported_on
        for one in reports
        if one.started_at <= ended_at and (one.ended_at is None or one.ended_at >= outage.began_at)
    ]
    return OutageFacts(
        from_=outage.began_at, to=ended_at, cause=cast(Any, counted.cause), reported_on=min(days, default=None)
    )


def _in_breach(subscription: Subscription, outages: Sequence[Counted], on: date) -> bool:
    """Whether the customer was in breach when something was down, and is so still: of the rules of use, of its duty to
    pay, or as it was told."""
    zone = subscription.terms.zone
    days = [one.outage.began_at.astimezone(zone).date() for one in outages]
    since = subscription.overdue_since
    unsettled = subscription.breaches.filter(put_right_on=None).exclude(state="ended")
    told = unsettled.values_list("received_on", flat=True)
    cases = ConductCase.objects.breaches().filter(subscription=subscription).filter(Q(over_on=None) | Q(over_on__gt=on))
    begun = [*told, *cases.values_list("found_on", flat=True), *([since] if since else [])]
    return any(first is not None and first <= day for first in begun for day in days)


def _decide(claim: CreditClaim, decision: Decision[Credit], outages: Sequence[Counted], on: date) -> None:
    """Writes down what became of a claim."""
    answer = decision.outcome
    lacks = ask_claim(claim)
    lost = conduct_outcome(claim.subscription, on).lost
    because = together(decision.because, *(list(one.because) for one in outages))
    claim.availability = answer.availability if answer else None
    claim.percent = answer.percent if answer else None
    claim.credit_minor, claim.state, claim.reason = 0, State.REFUSED, ""
    if "credit" in lost:
        cases = ConductCase.objects.breaches().filter(subscription=claim.subscription)
        because = together(because, *cases.values_list("because", flat=True))
        claim.reason = "lost_by_breach"
    elif answer is None:
        claim.reason = "not_in_contract"
    elif answer.reason == "in_breach":
        claim.state, claim.reason = State.WAITS, answer.reason
    elif answer.reason is not None:
        claim.reason = answer.reason
    elif lacks.outcome is not None and lacks.outcome.lacks:
        claim.reason, because = "incomplete_claim", together(lacks.because, because)
    else:
        because = _grant(claim, answer.credit, because)
    claim.because = because


def _grant(claim: CreditClaim, credit: Decimal, because: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Grants what the month's fee leaves room for."""
    facts = CapFacts(
        service=cast(Any, claim.service),
        monthly_fee=claim.fee,
        given=from_minor(given_for(claim), claim.currency),
        credit=credit,
    )
    capped = decide_sla_cap(claim.subscription.terms, facts)
    allowed = capped.outcome.credit if capped.outcome else credit
    claim.credit_minor = to_minor(allowed, claim.currency)
    if claim.credit_minor:
        claim.state = State.GRANTED
    else:
        claim.reason = "nobody_affected" if not credit else "fee_used_up"
    return together(because, capped.because)
