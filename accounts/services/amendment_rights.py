"""What customers may do about a change of their contract: claim that it affects them, leave, agree, or be spared it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, cast

from django.db import transaction

from accounts.models import Agreement, AmendmentExit, AmendmentNotice, MaterialClaim, PlannedEnd, Reason, Waiver
from accounts.policy.amendment import Amendment, AmendmentFacts, PriceAmendment, Subject, decide_amendment
from accounts.policy.changes import (
    Leaving,
    LeavingFacts,
    Waiving,
    WaivingFacts,
    decide_amendment_leave,
    decide_amendment_waive,
)
from accounts.services import states
from accounts.services.agreements import Signatory, accept_change
from accounts.services.amendment_reach import facts_of, period_ends
from accounts.services.amendments import change_sheets
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision

State = AmendmentNotice.State


class Left(NamedTuple):
    """What a wish to leave came to; no exit is noted where the contract says nothing of such changes."""

    exit: AmendmentExit | None
    decision: Decision[Leaving]


class Waived(NamedTuple):
    """Whether a change is waived for a customer; nothing is noted where the contract says nothing of that."""

    waiver: Waiver | None
    decision: Decision[Waiving]


@transaction.atomic
def claim_material_effect(*, notice: AmendmentNotice, words: str, on: date, at: datetime) -> MaterialClaim:
    """Notes a customer's claim that a change materially affects its use; one that comes too late is refused at once.

    NotPossible where leaving needs no such claim, the customer was not told yet, or has claimed it before.
    """
    found = _locked(notice, (State.TOLD, State.IN_EFFECT))
    if not found.only_if_material or MaterialClaim.objects.filter(notice=found).exists():
        raise NotPossible(f"no claim is open to subscription {found.subscription_id} about this change")
    decision = ask_change(found)
    in_time = found.leave_until is not None and on <= found.leave_until
    return MaterialClaim.objects.create(
        notice=found,
        received_on=on,
        words=words,
        in_time=in_time,
        state=MaterialClaim.State.OPEN if in_time else MaterialClaim.State.REFUSED,
        answered_on=None if in_time else on,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )


def ask_change(notice: AmendmentNotice) -> Decision[Amendment | PriceAmendment]:
    """What the contract says of a change to a customer whom it materially affects."""
    return decide_amendment(notice.terms, _facts(notice, material=True))


@transaction.atomic
def answer_claim(*, claim: MaterialClaim, accepted: bool, on: date) -> MaterialClaim:
    """Accepts or refuses a claim that waits for its answer; NotPossible for any other."""
    found = MaterialClaim.objects.select_for_update().get(pk=claim.pk)
    if found.state != MaterialClaim.State.OPEN:
        raise NotPossible(f"the claim is {found.get_state_display()} already")
    found.state = MaterialClaim.State.ACCEPTED if accepted else MaterialClaim.State.REFUSED
    found.answered_on = on
    found.save(update_fields=["state", "answered_on"])
    return found


@transaction.atomic
def leave_over_amendment(*, notice: AmendmentNotice, in_writing: bool, on: date, at: datetime) -> Left:
    """Ends a contract because of a change, if its version before the change allows that; a "no" is kept as well.

    Where only a material effect lets a customer leave, it has to have claimed one that was not refused. NotPossible
    for a customer that was not told of the change, or has left because of it.
    """
    found = _locked(notice, (State.TOLD, State.IN_EFFECT))
    claims = MaterialClaim.objects.filter(notice=found).exclude(state=MaterialClaim.State.REFUSED)
    asked = {**_facts(found, material=claims.exists()).model_dump(), "left_on": on, "in_writing": in_writing}
    facts = LeavingFacts.model_validate(asked)
    decision = decide_amendment_leave(found.terms, facts)
    if decision.outcome is None:
        return Left(None, decision)
    # A contract that does not say when the service ends for who leaves ends it when it was said.
    ends_on = (decision.outcome.ends_on or on) if decision.outcome.allowed else None
    made = AmendmentExit.objects.create(
        notice=found,
        asked_on=on,
        in_writing=in_writing,
        allowed=decision.outcome.allowed,
        reason=decision.outcome.reason,
        ends_on=ends_on,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    if ends_on is not None:
        leaving = PlannedEnd(
            subscription=found.subscription,
            reason=Reason.CHANGE,
            by=PlannedEnd.By.CUSTOMER,
            told_on=on,
            ends_on=ends_on,
            amendment_notice=found,
            sheet=decision.sheet,
            because=decision.because,
        )
        states.plan_ends([leaving])
        _close(found, State.LEFT, on)
    return Left(made, decision)


@transaction.atomic
def agree_to_amendment(*, notice: AmendmentNotice, by: Signatory, how: str, on: date, at: datetime) -> list[Agreement]:
    """Lets a change take effect on the day on which the customer agrees to it, be it one that needed its consent or one
    that it need not take yet, and records that the customer accepted its texts. NotPossible for any other."""
    found = _locked(notice, (State.OFFERED, State.TOLD))
    change_sheets([found], on=on, agreed=True)
    _close(found, State.IN_EFFECT, on)
    return accept_change(found.amendment, found.subscription, by=by, how=how, at=at)


@transaction.atomic
def waive_amendment(*, notice: AmendmentNotice, severe: bool, words: str, on: date, at: datetime) -> Waived:
    """Spares a customer a change that the contract lets be waived, and keeps the answer if it is "no" as well.

    NotPossible for a change that is in effect, or was asked to be waived before.
    """
    found = _locked(notice, (State.PLANNED, State.TOLD, State.OFFERED))
    decision = decide_amendment_waive(found.terms, WaivingFacts(subject=_subject(found), severe=severe))
    if decision.outcome is None:
        return Waived(None, decision)
    if Waiver.objects.filter(notice=found).exists():
        raise NotPossible(f"subscription {found.subscription_id} has asked to be spared this change before")
    waiver = Waiver.objects.create(
        notice=found,
        on=on,
        severe=severe,
        words=words,
        allowed=decision.outcome.allowed,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    if waiver.allowed:
        states.take_back(found.planned_ends.standing(), on=on)
        _close(found, State.WAIVED, on)
    return Waived(waiver, decision)


@transaction.atomic
def tell_again(*, notice: AmendmentNotice, on: date) -> AmendmentNotice:
    """Has a customer told anew of a change whose letter came back; its days count from the new letter."""
    found = _locked(notice, (State.UNTOLD,))
    found.times_told, found.tell_on = found.times_told + 1, on
    found.save(update_fields=["times_told", "tell_on"])
    return _close(found, State.PLANNED, on)


def _locked(notice: AmendmentNotice, states_: tuple[AmendmentNotice.State, ...]) -> AmendmentNotice:
    """The row as it is now with its contract, both locked; NotPossible where it is in none of the states."""
    rows = AmendmentNotice.objects.select_related("amendment", "subscription__customer")
    found = rows.select_for_update(of=("self", "subscription")).get(pk=notice.pk)
    if found.state not in states_:
        raise NotPossible(f"the change is {found.get_state_display()} for subscription {found.subscription_id}")
    return found


def _close(notice: AmendmentNotice, state: AmendmentNotice.State, on: date) -> AmendmentNotice:
    notice.state, notice.done_on = state, on
    notice.save(update_fields=["state", "done_on"])
    return notice


def _subject(notice: AmendmentNotice) -> Subject:
    return cast(Subject, notice.amendment.subject)


def _facts(notice: AmendmentNotice, *, material: bool) -> AmendmentFacts:
    """The facts of a change as they were when the customer was told."""
    period_end = period_ends([notice.subscription_id]).get(notice.subscription_id)
    return facts_of(notice.amendment, notice.given_on or notice.tell_on, period_end, material=material)
