"""What is done about breaches: told with their detail, put right, or the contract is ended over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.db import transaction

from accounts.delivery import deemed_facts
from accounts.letters import breach_letter
from accounts.models import OVER, RUNNING, Breach, Notice, Reason, Subscription
from accounts.notices import about_contract, write_notices
from accounts.policy.breach import (
    BreachEnd,
    BreachEndFacts,
    BreachFacts,
    BreachNoticeFacts,
    Kind,
    decide_breach_cure,
    decide_breach_end,
    decide_breach_notice,
)
from accounts.policy.notices import decide_notice_deemed
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.states import locked, resume, suspend, terminate
from backoffice.terms.decision import Decision

UNSETTLED = (Breach.State.OPEN, Breach.State.DUE)
# What the history says when a contract is ended over a breach of a kind.
REASONS = {"payment": Reason.UNPAID, "material": Reason.BREACH, "software": Reason.CONDUCT}


class Told(NamedTuple):
    """The breach as it was kept, or None where its notice does not count or the contract is silent; and the answer."""

    breach: Breach | None
    decision: Decision[Any]


@transaction.atomic
def tell_breach(
    *,
    subscription: Subscription,
    kind: Kind,
    detail: str,
    on: date,
    at: datetime,
    remediable: bool = True,
    by: str = Breach.By.CUSTOMER,
    received_on: date | None = None,
) -> Told:
    """Tells a customer of its breach, with what is wrong and until when it can be put right; or, ``by`` the vendor,
    notes the notice that the customer gave, which counts as received on ``received_on``.

    A notice that tells too little does not count, and is not sent. A breach of the same kind that is not settled keeps
    its notice. NotPossible for a contract that does not run.
    """
    found = locked(subscription)
    if found.state not in RUNNING:
        raise NotPossible(f"subscription {found.pk} is {found.state}, so nobody can be in breach of it")
    if unsettled := found.breaches.filter(kind=kind, by=by, state__in=UNSETTLED).first():
        return Told(unsettled, _ask_end(unsettled, on))
    enough = decide_breach_notice(found.terms, BreachNoticeFacts(kind=kind, detailed=bool(detail.strip())))
    if enough.outcome is not None and not enough.outcome.counts:
        return Told(None, enough)
    deemed_because: list[dict[str, Any]] = []
    if received_on is None:
        received_on, deemed_because = _received(found, at)
    breach = Breach(
        subscription=found,
        vendor=found.vendor,
        sheet=found.sheet,
        kind=kind,
        by=by,
        detail=detail,
        remediable=remediable,
        noticed_on=on,
        received_on=received_on,
        created_at=at,
    )
    if not (cure := count_cure(breach)).covered:
        return Told(None, cure)
    breach.because = together(enough.because, breach.because, deemed_because)
    breach.full_clean(exclude=["subscription"])
    if by == Breach.By.CUSTOMER:
        about = f"{kind}/{on}"
        letter = breach_letter(breach)
        write_notices([about_contract(Notice.Kind.BREACH, found, about, breach.because, on=on, letter=letter)], at=at)
        breach.notice = Notice.objects.get(obligation=f"{Notice.Kind.BREACH}/{found.pk}/{about}")
    breach.save()
    return Told(breach, _ask_end(breach, on))


def _received(subscription: Subscription, at: datetime) -> tuple[date, list[dict[str, Any]]]:
    """The day on which an e-mail of this moment counts as received; its own day where the contract is silent."""
    decision = decide_notice_deemed(subscription.terms, deemed_facts("email", at, subscription.customer))
    counts_at = decision.outcome.deemed_at if decision.outcome else None
    return (counts_at or at.astimezone(subscription.terms.zone)).date(), decision.because


def count_cure(breach: Breach) -> Decision[Any]:
    """Sets the days of a breach from the day on which its notice counts as received, and why; returns the answer."""
    terms = breach.subscription.terms
    facts = BreachFacts(kind=cast(Kind, breach.kind), notified_on=breach.received_on, remediable=breach.remediable)
    cure = decide_breach_cure(terms, facts)
    if cure.outcome is not None:
        end = _ask_end(breach, breach.received_on)
        breach.cure_by, breach.suspend_at_once = cure.outcome.cure_by, cure.outcome.suspend_at_once
        breach.may_end_from = end.answer.from_on
        breach.because = together(cure.because, end.because)
    return cure


def _ask_end(breach: Breach, on: date) -> Decision[BreachEnd]:
    facts = BreachEndFacts(
        kind=cast(Kind, breach.kind),
        notified_on=breach.received_on,
        remediable=breach.remediable,
        put_right_on=breach.put_right_on,
        on=on,
    )
    return decide_breach_end(breach.subscription.terms, facts)


@transaction.atomic
def put_right(*, breach: Breach, on: date, at: datetime) -> Decision[BreachEnd]:
    """Notes that a breach was put right, in time or too late: too late, the contract may still be ended over it.

    A suspension over it is lifted. NotPossible for one that is settled.
    """
    found = _unsettled(breach)
    found.put_right_on = on
    decision = _ask_end(found, on)
    if decision.answer.from_on is None:
        found.state = Breach.State.PUT_RIGHT
    found.save(update_fields=["put_right_on", "state"])
    if found.subscription.suspensions.lasting().filter(reason=REASONS[found.kind]).exists():
        resume(subscription=found.subscription, on=on, at=at, reason=REASONS[found.kind])
    return decision


@transaction.atomic
def put_payment_right(*, subscription: Subscription, on: date, at: datetime) -> None:
    """Notes that all is paid of which a customer was warned, in time or too late."""
    for breach in subscription.breaches.filter(kind="payment", by=Breach.By.CUSTOMER, state__in=UNSETTLED):
        if breach.put_right_on is None:
            put_right(breach=breach, on=on, at=at)


@transaction.atomic
def suspend_over(*, breach: Breach, on: date, at: datetime) -> Decision[Any]:
    """Suspends the service over a breach, where the contract allows that already: at once, or when the time to put it
    right is over. NotPossible for a breach that is settled or the vendor's."""
    found = _unsettled(breach, Breach.By.CUSTOMER)
    decision = _ask_end(found, on)
    if found.suspend_at_once or decision.answer.may_end:
        suspend(subscription=found.subscription, reason=REASONS[found.kind], because=found.because, on=on, at=at)
    return decision


@transaction.atomic
def end_over(*, breach: Breach, on: date, at: datetime) -> Decision[BreachEnd]:
    """Ends the contract over a breach, if its time to be put right is over; else the answer says why not.

    NotPossible for a breach that is settled.
    """
    found = _unsettled(breach)
    decision = _ask_end(found, on)
    if decision.outcome is not None and decision.outcome.may_end:
        reason = REASONS[found.kind] if found.remediable else Reason.IRREMEDIABLE
        because = together(decision.because, found.because)
        terminate(subscription=found.subscription, reason=reason, because=because, on=on, at=at)
        Breach.objects.filter(pk=found.pk).update(state=Breach.State.ENDED)
    return decision


def fall_due(breaches: Sequence[Breach], *, on: date) -> None:
    """Marks the breaches whose time is over. Where the notice was received later than was thought, or never, the time
    is counted again; of a contract that is over meanwhile nothing is left to end. The rows are locked."""
    over, again = [], []
    settled = [breach.pk for breach in breaches if breach.subscription.state in OVER]
    Breach.objects.filter(pk__in=settled).update(state=Breach.State.ENDED)
    for breach in (one for one in breaches if one.pk not in settled):
        received_on = _received_on(breach)
        if received_on is None or received_on > breach.received_on:
            breach.received_on = received_on or breach.received_on
            count_cure(breach)
            breach.may_end_from = breach.may_end_from if received_on else None
            again.append(breach)
        if breach.may_end_from is not None and breach.may_end_from <= on:
            over.append(breach.pk)
    Breach.objects.bulk_update(again, ["received_on", "cure_by", "may_end_from", "because"])
    Breach.objects.filter(pk__in=over).update(state=Breach.State.DUE)


def _received_on(breach: Breach) -> date | None:
    """When the notice counts as received as far as is known by now; None for one that came back."""
    if breach.notice is None:
        return breach.received_on
    if breach.notice.state in (Notice.State.BOUNCED, Notice.State.FAILED):
        return None
    deemed_at = breach.notice.deemed_at
    return deemed_at.astimezone(breach.subscription.terms.zone).date() if deemed_at else breach.received_on


def _unsettled(breach: Breach, by: str = "") -> Breach:
    found = Breach.objects.select_related("subscription__customer").select_for_update(of=("self",)).get(pk=breach.pk)
    if found.state not in UNSETTLED or (by and found.by != by):
        raise NotPossible(f"breach {found.pk} is {found.get_state_display()}")
    return found
