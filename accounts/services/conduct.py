"""What is done about violations of the rules of use: each verb locks the case, asks the contract, and writes in one
transaction. What the contract does not allow changes nothing, and is kept with its clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.letters import Letter, conduct_suspension_letter, revocation_letter, warning_letter
from accounts.models import CASE_MOVES, ConductCase, ConductStep, EndUser, Notice, Reason, Subscription, Suspension
from accounts.notices import about_contract, write_notices
from accounts.policy.conduct import ConductFacts, Consequence, decide_conduct_consequence, tell_consequence
from accounts.policy.notices import DeemedFacts, decide_notice_deemed
from accounts.services import people, states
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision, plain

State = ConductCase.State
Kind = ConductStep.Kind
ONE_DAY = timedelta(days=1)
SILENT = "The contract does not say what follows on this."


class Found(NamedTuple):
    """What a customer was found to do; ``violation`` is one of the contract's list."""

    violation: str
    facts: str
    end_user: EndUser | None = None
    remediable: bool = True
    urgent: bool = False
    hindering: bool = False
    helped_another: bool = False


class Taken(NamedTuple):
    """A case after somebody wanted to do something about it, whether the contract allowed that, and what it says."""

    case: ConductCase
    allowed: bool
    decision: Decision[Consequence]


class ConductOutcome(NamedTuple):
    """What a customer's conduct under a contract comes to on a day, for whoever bills, refunds or discloses."""

    on_file: bool
    in_breach: bool
    lost: tuple[str, ...]


@transaction.atomic
def open_case(*, subscription: Subscription, found: Found, on: date, at: datetime) -> ConductCase:
    """A case about a violation; the one that goes on already, where there is one of its kind.

    What is found again after the service was restored is repeated. ValidationError for a violation that the contract
    does not list, or a user who is not the customer's.
    """
    contract = states.locked(subscription)
    if contract.terms.conduct is None or found.violation not in contract.terms.conduct.violations:
        raise ValidationError({"violation": "The contract's list of violations does not have this."})
    if found.end_user is not None and found.end_user.customer_id != contract.customer_id:
        raise ValidationError({"end_user": "This is no user of the customer."})
    before = ConductCase.objects.filter(subscription=contract, violation=found.violation)
    going_on = before.live().first()
    if going_on is not None:
        if going_on.state == State.RESTORED:
            going_on.repeated = True
            going_on.save(update_fields=["repeated"])
        return going_on
    case = ConductCase(
        subscription=contract,
        vendor=contract.vendor,
        sheet=contract.sheet,
        opened_on=on,
        repeated=before.filter(state=State.CURED, suspended_on__isnull=False).exists(),
        created_at=at,
        **found._asdict(),
    )
    decision = ask(case, on)
    case.because = decision.because
    case.full_clean(exclude=["subscription"])
    case.save()
    _note(case, Kind.OPENED, "", decision, on, at)
    return case


def ask(case: ConductCase, on: date) -> Decision[Consequence]:
    """What the contract lets be done about a case on a day."""
    facts = ConductFacts(
        violation=case.violation,
        told_on=case.told_on,
        cured_on=case.cured_on,
        as_of=on,
        remediable=case.remediable,
        urgent=case.urgent,
        hindering=case.hindering,
        repeated=case.repeated,
        helped_another=case.helped_another,
    )
    return decide_conduct_consequence(case.terms, facts)


def tell(decision: Decision[Consequence]) -> str:
    return tell_consequence(decision.outcome) if decision.outcome else SILENT


@transaction.atomic
def warn(*, case: ConductCase, on: date, at: datetime) -> Taken:
    """Warns the customer; the time to put it right runs from when the warning counts as received.

    NotPossible for a case that was acted on already.
    """
    taken = _may(case, "warn", State.WARNED, on, at)
    if not taken.allowed:
        return taken
    taken = _told(taken.case, on, at)
    letter = warning_letter(taken.case, taken.decision.because)
    _write(taken.case, Notice.Kind.WARNING, taken.decision.because, letter, on, at)
    return _move(taken, Kind.WARNED, State.WARNED, on, at)


@transaction.atomic
def revoke(*, case: ConductCase, on: date, at: datetime) -> Taken:
    """Takes the access of the user who did it away at once, and tells the customer.

    NotPossible where the case names no user, or was taken further already.
    """
    taken = _may(case, "revoke", State.REVOKED, on, at)
    if not taken.allowed:
        return taken
    user = taken.case.end_user
    if user is None:
        raise NotPossible("the case names no user whose access could be taken away")
    taken = _told(taken.case, on, at)
    if user.left_on is None:
        people.leave(user=user, on=on)
    letter = revocation_letter(taken.case, taken.decision.because)
    _write(taken.case, Notice.Kind.REVOCATION, taken.decision.because, letter, on, at)
    return _move(taken, Kind.REVOKED, State.REVOKED, on, at)


@transaction.atomic
def suspend_for(*, case: ConductCase, on: date, at: datetime, until: date | None = None) -> Taken:
    """Suspends the service, until a last day or until it is put right, and tells the customer the reason, the date and
    the period. NotPossible for a case that was taken further already, or a contract that does not run."""
    if until is not None and until < on:
        raise NotPossible(f"a suspension from {on} on cannot last until {until}")
    taken = _may(case, "suspend", State.SUSPENDED, on, at)
    if not taken.allowed:
        return taken
    taken = _told(taken.case, on, at)
    found, because = taken.case, taken.decision.because
    found.suspended_on, found.suspended_until = on, until
    found.fees = [plain(fee) for fee in taken.decision.answer.fees]
    before = _suspension(found)
    suspension = states.suspend(
        subscription=found.subscription,
        reason=Reason.CONDUCT,
        because=because,
        on=on,
        at=at,
        until=until,
        words=lambda made: conduct_suspension_letter(found, made),
    )
    if before is not None:
        _last_longer(before, until)
        letter = conduct_suspension_letter(found, suspension)
        _write(found, Notice.Kind.SUSPENSION, because, letter, on, at)
    return _move(taken, Kind.SUSPENDED, State.SUSPENDED, on, at)


@transaction.atomic
def note_cured(*, case: ConductCase, on: date, at: datetime) -> Taken:
    """Notes that the customer put it right: the service is restored unless another case holds it.

    NotPossible for a case that nothing was done about yet, or that is over.
    """
    found = _locked(case, State.CURED, on)
    found.cured_on = found.over_on = on
    taken = Taken(found, True, ask(found, on))
    _move(taken, Kind.CURED, State.CURED, on, at)
    _restore(found, on, at)
    return taken


@transaction.atomic
def terminate_for(*, case: ConductCase, on: date, at: datetime) -> Taken:
    """Ends the contract at once, where it may be ended for this by now, and tells the customer.

    NotPossible for a case or a contract that is over.
    """
    taken = _may(case, "end", State.TERMINATED, on, at)
    if not taken.allowed:
        return taken
    found = taken.case
    found.over_on = on
    because = taken.decision.because
    states.terminate(subscription=found.subscription, reason=Reason.CONDUCT, because=because, on=on, at=at)
    return _move(taken, Kind.TERMINATED, State.TERMINATED, on, at)


@transaction.atomic
def close_case(*, case: ConductCase, on: date, at: datetime) -> ConductCase:
    """Closes a case that goes no further: nothing was found, or nothing more is done. NotPossible if it is over."""
    found = _locked(case, State.CLOSED, on)
    found.over_on = on if found.found_on else None
    _move(Taken(found, True, ask(found, on)), Kind.CLOSED, State.CLOSED, on, at)
    _restore(found, on, at)
    return found


def look_at(cases: Sequence[ConductCase], *, on: date, at: datetime) -> None:
    """Notes on cases whose rows are locked that a time is over: the customer's to put it right, or a suspension's."""
    for case in cases:
        decision = ask(case, on)
        if case.cure_until is not None and case.cure_until < on and case.time_over_on is None:
            case.time_over_on = on
            _note(case, Kind.TIME_OVER, case.state, decision, on, at)
        if case.state == State.SUSPENDED and case.suspended_until is not None and case.suspended_until < on:
            case.state = State.RESTORED
            _note(case, Kind.RESTORED, State.SUSPENDED, decision, on, at)
        case.look_on = _next_look(case)
    ConductCase.objects.bulk_update(cases, ["state", "time_over_on", "look_on"])


def conduct_outcome(subscription: Subscription, on: date) -> ConductOutcome:
    """What is on file of a customer's conduct under a contract: whether a breach was ever found by a day, whether one
    lasts on it, and what the customer has lost by them."""
    cases = ConductCase.objects.breaches().filter(subscription=subscription, found_on__lte=on)
    rows = list(cases.values_list("over_on", "lost"))
    lost = sorted({what for _, those in rows for what in those})
    return ConductOutcome(bool(rows), any(over is None or over > on for over, _ in rows), tuple(lost))


def _locked(case: ConductCase, to: str, on: date) -> ConductCase:
    """The case as it is now, locked until the transaction ends; NotPossible where it cannot move so."""
    rows = ConductCase.objects.select_for_update(of=("self",))
    found = rows.select_related("subscription__customer", "end_user").get(pk=case.pk)
    if to not in CASE_MOVES.get(found.state, ()):
        raise NotPossible(f"case {found.pk} is {found.get_state_display()} and cannot become {State(to).label}")
    if on < max(filter(None, (found.opened_on, found.found_on, found.suspended_on))):
        raise NotPossible(f"case {found.pk} knows of later days than {on}")
    return found


def _may(case: ConductCase, step: str, to: str, on: date, at: datetime) -> Taken:
    """The case, locked, and whether the contract allows a step on a day; a refusal is noted."""
    found = _locked(case, to, on)
    decision = ask(found, on)
    allowed = decision.outcome is not None and step in decision.outcome.steps
    if not allowed:
        _note(found, Kind.REFUSED, found.state, decision, on, at, asked=step)
    return Taken(found, allowed, decision)


def _told(case: ConductCase, on: date, at: datetime) -> Taken:
    """The case with the day from which the customer's time runs, and what the contract says with it."""
    receipt = decide_notice_deemed(case.terms, DeemedFacts(method="email", sent_at=at))
    if case.told_on is None:
        received_at = receipt.outcome.deemed_at if receipt.outcome else None
        case.told_on = max(on, received_at.date()) if received_at else on
    decision = ask(case, on)
    case.cure_until = decision.answer.cure_by
    return Taken(case, True, decision)


def _move(taken: Taken, kind: ConductStep.Kind, to: ConductCase.State, on: date, at: datetime) -> Taken:
    """Keeps what was done about a case: its new state, the time that runs now, and what the contract said."""
    case, before = taken.case, taken.case.state
    case.state = to
    if to not in (State.CLOSED, State.CURED):
        case.found_on = case.found_on or on
        case.lost = list(taken.decision.answer.lost)
        case.because = together(case.because, taken.decision.because)
    case.look_on = _next_look(case)
    case.full_clean(exclude=["subscription"])
    case.save()
    _note(case, kind, before, taken.decision, on, at)
    return taken


def _next_look(case: ConductCase) -> date | None:
    """The first day after a time that still runs."""
    days = [case.cure_until if case.time_over_on is None else None]
    days += [case.suspended_until] if case.state == State.SUSPENDED else []
    running = [day + ONE_DAY for day in days if day is not None]
    return min(running) if running and case.state in CASE_MOVES else None


def _note(
    case: ConductCase,
    kind: ConductStep.Kind,
    before: str,
    decision: Decision[Consequence],
    on: date,
    at: datetime,
    asked: str = "",
) -> None:
    ConductStep.objects.create(
        case=case,
        kind=kind,
        asked=asked,
        from_state=before,
        to_state=case.state,
        on=on,
        says=tell(decision),
        because=decision.because,
        created_at=at,
    )


def _write(
    case: ConductCase, kind: Notice.Kind, because: list[dict[str, Any]], letter: Letter, on: date, at: datetime
) -> None:
    about = f"case/{case.pk}"
    write_notices([about_contract(kind, case.subscription, about, because, on=on, letter=letter)], at=at)


def _suspension(case: ConductCase) -> Suspension | None:
    """The suspension for conduct that holds the contract now, by this case or another."""
    return case.subscription.suspensions.lasting().filter(reason=Reason.CONDUCT).first()


def _last_longer(suspension: Suspension, until: date | None) -> None:
    """A suspension for several violations lasts as long as the longest of them wants."""
    if suspension.until_on is not None and (until is None or until > suspension.until_on):
        Suspension.objects.filter(pk=suspension.pk).update(until_on=until)


def _restore(case: ConductCase, on: date, at: datetime) -> None:
    """Lifts the suspension for conduct, unless another case still holds the contract."""
    others = ConductCase.objects.filter(subscription=case.subscription_id, state=State.SUSPENDED)
    if case.suspended_on is not None and _suspension(case) is not None and not others.exists():
        states.resume(subscription=case.subscription, on=on, at=at, reason=Reason.CONDUCT)
