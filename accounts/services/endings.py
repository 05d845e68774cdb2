"""How contracts end: stopped on a ground, on request, by death or merger; how an end is taken back; and what becomes of
the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction

from accounts.letters import completion_letter
from accounts.models import (
    RUNNING,
    EndRequest,
    Notice,
    NoticeWithdrawal,
    PlannedEnd,
    Reason,
    Subscription,
    Succession,
)
from accounts.notices import about_contract, write_notices
from accounts.policy.ending import (
    CompleteFacts,
    StopFacts,
    Stopping,
    SuccessionFacts,
    WithdrawFacts,
    decide_service_stop,
    decide_succession,
    decide_term_complete,
    decide_term_withdraw,
)
from accounts.services.customers import NotPossible
from accounts.services.states import locked, suspend, take_back, terminate
from backoffice.terms.decision import Decision
from backoffice.terms.sections.ending import Ground

NOT_RUNNING = "subscription {key} is {state}, so there is nothing to end"


@transaction.atomic
def stop_at_once(
    *,
    subscription: Subscription,
    ground: Ground,
    since: date,
    how: Literal["suspend", "end"],
    on: date,
    at: datetime,
    until: date | None = None,
) -> Decision[Stopping]:
    """Suspends or ends a contract without any notice before, on a ground that exists since a day, where the contract
    allows it; otherwise nothing changes and the answer says why. Whether what was paid is lost is noted for whoever
    bills. NotPossible for a contract that does not run."""
    found = _running(subscription)
    decision = decide_service_stop(found.terms, StopFacts(ground=ground, since=since, on=on))
    if decision.outcome is None:
        return decision
    given: dict[str, Any] = {"subscription": found, "reason": ground, "because": decision.because, "on": on, "at": at}
    if how == "suspend" and decision.outcome.suspend:
        suspend(**given, until=until)
    if how == "end" and decision.outcome.end:
        terminate(**given, nothing_back=bool(decision.outcome.nothing_back))
    return decision


@transaction.atomic
def withdraw_notice(*, subscription: Subscription, on: date, at: datetime, agreed: bool = False) -> Decision[Any]:
    """Takes a customer's notice to stop back, so that the term renews unless something else ends it, where the contract
    still allows that.

    Where the contract is silent, a notice binds who gave it: it is taken back only if the vendor has ``agreed``.
    NotPossible where no such notice runs.
    """
    found = _running(subscription)
    notices = found.planned_ends.notices_of(PlannedEnd.By.CUSTOMER)
    notice = notices.first()
    if notice is None or on > notice.ends_on:
        raise NotPossible(f"subscription {found.pk} has no notice of its customer's to stop that could be taken back")
    decision = decide_term_withdraw(found.terms, WithdrawFacts(ends_on=notice.ends_on, on=on))
    if not (agreed if decision.outcome is None else decision.outcome.allowed):
        return decision
    NoticeWithdrawal.objects.create(
        subscription=found,
        sheet=found.sheet,
        on=on,
        notice_on=notice.told_on,
        ends_on=notice.ends_on,
        agreed=agreed,
        because=decision.because,
        created_at=at,
    )
    take_back(notices, on=on)
    return decision


@transaction.atomic
def request_end(*, subscription: Subscription, on: date, at: datetime) -> Decision[Any]:
    """Notes that a customer asks for an end before the period's, where the contract knows such an end: it is complete
    when that is told. A request that was noted stays as it is. NotPossible for a contract that does not run."""
    found = _running(subscription)
    decision = decide_term_complete(found.terms, CompleteFacts(asked_on=on, sent_at=None))
    if decision.covered:
        kept = {"sheet": found.sheet, "asked_on": on, "because": decision.because, "created_at": at}
        EndRequest.objects.get_or_create(subscription=found, defaults=kept)
    return decision


@transaction.atomic
def tell_end_complete(*, request: EndRequest, on: date, at: datetime) -> EndRequest:
    """Writes the notice that an end which was asked for is done; the contract ends on the day on which it is sent.

    NotPossible where it was told already.
    """
    found = EndRequest.objects.select_for_update().get(pk=request.pk)
    if found.notice_id is not None:
        raise NotPossible(f"the end of subscription {found.subscription_id} was told already")
    contract = _running(found.subscription)
    letter = completion_letter(contract, found)
    write_notices([about_contract(Notice.Kind.TERMINATION, contract, "", found.because, on=on, letter=letter)], at=at)
    found.notice = Notice.objects.get(obligation=f"{Notice.Kind.TERMINATION}/{contract.pk}")
    found.save(update_fields=["notice"])
    return found


def complete_ends(requests: Sequence[EndRequest], *, at: datetime) -> None:
    """Ends the contracts whose completion was told and sent, on the day on which it was. The rows are locked."""
    for request in requests:
        contract, notice = request.subscription, request.notice
        facts = CompleteFacts(asked_on=request.asked_on, sent_at=notice.sent_at if notice else None)
        decision = decide_term_complete(contract.terms, facts)
        ended_on = decision.answer.ended_on
        if ended_on is None:
            continue
        EndRequest.objects.filter(pk=request.pk).update(ended_on=ended_on, because=decision.because)
        if contract.state in RUNNING:
            terminate(subscription=contract, reason=Reason.NOTICE, because=decision.because, on=ended_on, at=at)


@transaction.atomic
def note_succession(
    *, subscription: Subscription, event: Literal["death", "merger"], in_writing: bool, on: date, at: datetime
) -> Decision[Any]:
    """Notes the death or the merger of an account holder: the contract ends at once, or may be ended until a day.

    Noted again it stays as it is; where the contract is silent nothing is noted. NotPossible for a contract that does
    not run.
    """
    found = _running(subscription)
    facts = SuccessionFacts(event=event, told_on=on, in_writing=in_writing)
    decision = decide_succession(found.terms, facts)
    if decision.outcome is None or found.successions.filter(event=event).exclude(state="void").exists():
        return decision
    ends, told_well = decision.outcome.ends, decision.outcome.told_well
    state = Succession.State.ENDED if ends else Succession.State.OPEN if told_well else Succession.State.VOID
    Succession.objects.create(
        subscription=found,
        vendor=found.vendor,
        sheet=found.sheet,
        event=event,
        told_on=on,
        in_writing=in_writing,
        may_end_until=decision.outcome.may_end_until,
        state=state,
        because=decision.because,
        created_at=at,
    )
    if ends:
        terminate(subscription=found, reason=Reason.DEATH, because=decision.because, on=on, at=at)
    return decision


@transaction.atomic
def end_after_merger(*, succession: Succession, on: date, at: datetime) -> Succession:
    """Ends a contract because its customer merged; NotPossible when the time for that is over."""
    found = Succession.objects.select_related("subscription").select_for_update(of=("self",)).get(pk=succession.pk)
    if found.state != Succession.State.OPEN or found.may_end_until is None or on > found.may_end_until:
        raise NotPossible(f"the contract cannot be ended over the merger any more on {on}")
    terminate(subscription=found.subscription, reason=Reason.MERGER, because=found.because, on=on, at=at)
    found.state = Succession.State.ENDED
    found.save(update_fields=["state"])
    return found


def _running(subscription: Subscription) -> Subscription:
    found = locked(subscription)
    if found.state not in RUNNING:
        raise NotPossible(NOT_RUNNING.format(key=found.pk, state=found.state))
    return found
