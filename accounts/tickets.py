"""What is done with requests for support: each verb locks the ticket, asks the rules and writes in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Administrator, Reclassification, Subscription, Ticket, TicketAlarm
from accounts.policy.errors import Correction, CorrectionFacts, decide_errors_correct
from accounts.policy.helpdesk import (
    AskerFacts,
    OverdueSupport,
    RequestFacts,
    decide_support_complete,
    decide_support_who,
)
from accounts.policy.support import SupportDue, SupportFacts, decide_support_due, part_over_at
from accounts.services import NotPossible
from accounts.services.overdue import ask_support
from backoffice import clocks
from backoffice.terms.decision import Decision
from backoffice.terms.facts import Party
from backoffice.terms.sections.service import RequestPart
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed

# Staff are warned while a fifth of the time is left, and again when none is.
WARN_PERCENT, LATE_PERCENT = 80, 100

# Why a request was refused whose customer owes something.
OVERDUE = "overdue"

# Where a ticket keeps each part that a contract may want of a request.
PARTS: Mapping[RequestPart, str] = {
    "issuer": "reporter_name",
    "reason": "reason",
    "severity": "severity",
    "type": "type",
    "description": "text",
}
# Tickets that still wait for something; the rest is over, and is never changed again but to be closed.
LIVE = (Ticket.State.INCOMPLETE, Ticket.State.OPEN)


class Request(NamedTuple):
    """What was asked, and by whom."""

    reporter_email: str
    subject: str
    priority: str = ""
    reporter_name: str = ""
    reason: str = ""
    severity: str = ""
    type: str = ""
    text: str = ""
    agreed_in_writing: bool = False


@transaction.atomic
def report(*, subscription: Subscription, request: Request, reported_at: datetime, at: datetime) -> Ticket:
    """Takes a request for support down, refused where the contract does not answer this person.

    ``reported_at`` is when it came, ``at`` when it is written down. ValidationError names each field that is not right:
    a priority that the contract does not name, or a report that is still to come.
    """
    check_priority(subscription.terms, request.priority)
    if reported_at > at:
        raise ValidationError({"reported_at": "A request cannot have come later than it is written down."})
    ticket = Ticket(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        reported_at=reported_at,
        created_at=at,
        by_administrator=is_administrator(subscription, request.reporter_email, reported_at),
        **request._asdict(),
    )
    facts = AskerFacts(by_administrator=ticket.by_administrator, agreed_in_writing=request.agreed_in_writing)
    who = decide_support_who(ticket.terms, facts)
    ticket.who_because = who.because
    overdue = _over_overdue(subscription, reported_at)
    if overdue is not None:
        ticket.state, ticket.refused_for, ticket.who_because = Ticket.State.REFUSED, OVERDUE, overdue.because
    elif who.outcome is not None and not who.outcome.answered:
        ticket.state, ticket.sla_breach = Ticket.State.REFUSED, who.outcome.breach
        ticket.refused_for = who.outcome.reason or ""
    else:
        _begin(ticket, reported_at)
    ticket.full_clean(exclude=["subscription"])
    ticket.save()
    return ticket


def _over_overdue(subscription: Subscription, reported_at: datetime) -> Decision[OverdueSupport] | None:
    """The answer by which support has stopped because something is overdue; None while it is owed."""
    if subscription.overdue_since is None:
        return None
    decision = ask_support(subscription, reported_at.astimezone(subscription.terms.zone).date())
    return decision if decision.outcome is not None and not decision.outcome.answered else None


def is_administrator(subscription: Subscription, email: str, at: datetime) -> bool:
    """Whether this address was a designated administrator's of the customer on the vendor's day of a moment."""
    day = at.astimezone(subscription.terms.zone).date()
    named = Administrator.objects.filter(
        customer=subscription.customer_id, vendor=subscription.vendor, email__iexact=email, added_on__lte=day
    )
    return named.filter(Q(removed_on=None) | Q(removed_on__gt=day)).exists()


def check_priority(sheet: Sheet, priority: str) -> None:
    """ValidationError unless the contract names this priority; an empty one is one that it gives no time to."""
    named = list(sheet.support.priorities) if sheet.support else []
    if priority and priority not in named:
        known = f"it names {listed(named)}" if named else "it names none, so leave it empty"
        raise ValidationError({"priority": f"This contract has no priority “{priority}”: {known}."})


@transaction.atomic
def complete(*, ticket: Ticket, parts: Mapping[RequestPart, str], at: datetime) -> Ticket:
    """Adds what a request still lacked; its time begins when nothing is missing any more, which is at ``at``.

    NotPossible for a ticket that lacks nothing.
    """
    found = _locked(ticket, (Ticket.State.INCOMPLETE,), "lacks nothing that could be added")
    for part, words in parts.items():
        setattr(found, PARTS[part], words)
    _begin(found, at)
    found.full_clean(exclude=["subscription"])
    found.save()
    return found


@transaction.atomic
def reclassify(*, ticket: Ticket, priority: str, by: Party, at: datetime) -> Ticket:
    """Gives a ticket another priority, at any time until it is closed. The time it has is counted anew from its first
    beginning, not from now, and what was said before stays in its history.

    NotPossible for one that was refused or is closed, or that has this priority already; ValidationError for a priority
    that the contract does not name.
    """
    found = _locked(ticket, (*LIVE, Ticket.State.ANSWERED), "is over and keeps its priority")
    check_priority(found.terms, priority)
    if priority == found.priority:
        raise NotPossible(f"ticket {found.reference} has this priority already")
    old_priority, old_due_at = found.priority, found.due_at
    found.priority = priority
    _set_deadline(found)
    found.save()
    Reclassification.objects.create(
        ticket=found,
        at=at,
        by=by,
        old_priority=old_priority,
        new_priority=priority,
        old_due_at=old_due_at,
        new_due_at=found.due_at,
        sheet=found.sheet,
        because=found.due_because,
    )
    return found


@transaction.atomic
def answer(*, ticket: Ticket, at: datetime) -> Ticket:
    """Notes the answer that the contract gives a time for, which silences its alarms; NotPossible for one that does not
    wait for an answer, or for an answer before its time began."""
    found = _locked(ticket, (Ticket.State.OPEN,), "waits for no answer")
    if found.clock_from is not None and at < found.clock_from:
        raise NotPossible(f"ticket {found.reference} cannot have been answered before it came")
    found.state, found.answered_at, found.alarm_at = Ticket.State.ANSWERED, at, None
    found.save(update_fields=["state", "answered_at", "alarm_at"])
    return found


@transaction.atomic
def work_around(*, ticket: Ticket, next_release_on: date | None, at: datetime) -> Ticket:
    """Notes a temporary correction, which is the answer to an error that waits for one, and by when the permanent one
    comes in its place, where the contract says. NotPossible for a ticket that is over, or has one already."""
    found = _locked(ticket, (Ticket.State.OPEN, Ticket.State.ANSWERED), "takes no work-around")
    if found.worked_around_at is not None:
        raise NotPossible(f"ticket {found.reference} has a work-around already")
    decision = ask_correction(found, next_release_on)
    found.worked_around_at, found.fix_because = at, decision.because
    found.fix_by = decision.outcome.fix_by if decision.outcome else None
    if found.state == Ticket.State.OPEN:
        found.state, found.answered_at, found.alarm_at = Ticket.State.ANSWERED, at, None
    found.save()
    return found


def ask_correction(ticket: Ticket, next_release_on: date | None) -> Decision[Correction]:
    """By when an error that was worked around is corrected for good."""
    facts = CorrectionFacts(worked_around=True, next_release_on=next_release_on)
    return decide_errors_correct(ticket.terms, facts)


@transaction.atomic
def correct(*, ticket: Ticket, at: datetime) -> Ticket:
    """Notes the permanent correction of an error; NotPossible for one that is over or corrected already."""
    found = _locked(ticket, (Ticket.State.OPEN, Ticket.State.ANSWERED), "takes no correction")
    if found.fixed_at is not None:
        raise NotPossible(f"ticket {found.reference} is corrected already")
    found.fixed_at = at
    if found.state == Ticket.State.OPEN:
        found.state, found.answered_at, found.alarm_at = Ticket.State.ANSWERED, at, None
    found.save()
    return found


@transaction.atomic
def close(*, ticket: Ticket, at: datetime) -> Ticket:
    """Ends a ticket, answered or withdrawn; NotPossible for one that was refused or is closed already."""
    found = _locked(ticket, (*LIVE, Ticket.State.ANSWERED), "is over already")
    found.state, found.closed_at, found.alarm_at = Ticket.State.CLOSED, at, None
    found.save(update_fields=["state", "closed_at", "alarm_at"])
    return found


def ring(at: datetime) -> int:
    """One chunk of the minute's look: writes the alarms that are due, each once, and notes when the next one is.

    Needs a transaction; returns how many tickets were moved on.
    """
    tickets = Ticket.objects.to_alarm(at).claim(clocks.CHUNK)
    alarms: list[TicketAlarm] = []
    for ticket in tickets:
        over = [part for part, rings_at in _alarms_left(ticket) if rings_at <= at]
        alarms += [_alarm(ticket, part, at) for part in over]
        ticket.alarmed = max(over)
        _set_alarm(ticket)
    TicketAlarm.objects.bulk_create(alarms, ignore_conflicts=True)
    Ticket.objects.bulk_update(tickets, ["alarmed", "alarm_at"])
    return len(tickets)


def _alarm(ticket: Ticket, percent: int, at: datetime) -> TicketAlarm:
    return TicketAlarm(ticket=ticket, due_at=cast(datetime, ticket.due_at), percent=percent, rang_at=at)


def _locked(ticket: Ticket, states: tuple[Ticket.State, ...], otherwise: str) -> Ticket:
    """The ticket as it is now, locked until the transaction ends; NotPossible where it is in none of the states."""
    found = Ticket.objects.select_for_update(of=("self",)).select_related("subscription").get(pk=ticket.pk)
    if found.state not in states:
        raise NotPossible(f"ticket {found.reference} is {found.get_state_display()}: it {otherwise}")
    return found


def _begin(ticket: Ticket, at: datetime) -> None:
    """Lets the time of a ticket run from a moment on, if the request holds all that the contract wants of it."""
    given = tuple(part for part, name in PARTS.items() if getattr(ticket, name).strip())
    decision = decide_support_complete(ticket.terms, RequestFacts(given=given))
    ticket.missing = list(decision.outcome.missing) if decision.outcome else []
    ticket.complete_because = decision.because
    ticket.state = Ticket.State.INCOMPLETE if ticket.missing else Ticket.State.OPEN
    if not ticket.missing:
        ticket.clock_from = at
        _set_deadline(ticket)


def ask_due(ticket: Ticket) -> Decision[SupportDue] | None:
    """By when a ticket is to be answered; None where its time has not begun, or it has no priority."""
    if ticket.clock_from is None or not ticket.priority:
        return None
    return decide_support_due(ticket.terms, SupportFacts(priority=ticket.priority, reported_at=ticket.clock_from))


def _set_deadline(ticket: Ticket) -> None:
    """Asks by when this priority is to be answered, from when the ticket's time began; another deadline rings anew."""
    before = ticket.due_at
    ticket.due_at, ticket.warn_at, ticket.due_because = None, None, []
    decision = ask_due(ticket)
    if decision is not None and decision.outcome is not None and ticket.clock_from is not None:
        due_at = decision.outcome.due_at
        ticket.due_at, ticket.due_because = due_at, decision.because
        ticket.warn_at = part_over_at(ticket.terms, ticket.priority, ticket.clock_from, due_at, WARN_PERCENT)
    if ticket.due_at != before:
        ticket.alarmed = 0
    _set_alarm(ticket)


def _set_alarm(ticket: Ticket) -> None:
    """The moment of the next alarm of a ticket that waits for an answer; none for any other."""
    left = _alarms_left(ticket) if ticket.state == Ticket.State.OPEN else []
    ticket.alarm_at = left[0][1] if left else None


def _alarms_left(ticket: Ticket) -> list[tuple[int, datetime]]:
    """The parts of its time that no alarm has told of yet, in percent, each with the moment when it is over."""
    parts = ((WARN_PERCENT, ticket.warn_at), (LATE_PERCENT, ticket.due_at))
    return [(part, rings_at) for part, rings_at in parts if part > ticket.alarmed and rings_at is not None]
