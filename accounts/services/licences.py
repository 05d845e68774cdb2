"""What is done with licences: each names one person, and whether it may name another one is the contract's to say."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max

from accounts.models import RUNNING, Administrator, Assignment, EndUser, Licence, Period, Subscription
from accounts.policy.administrators import Ordering, OrderingFacts, decide_administrators_order
from accounts.policy.agreements import UserAcceptance
from accounts.policy.seats import ReassignFacts, decide_seats_reassign
from accounts.services.agreements import user_acceptance
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision

# More seats than this are a slip of the keyboard; each becomes a row.
MOST_SEATS = 100_000
BATCH = 1000


class Assigned(NamedTuple):
    """The licence's new assignment, or None where the contract refuses it; and the answer that settled it.

    The answer is None where the contract has none to give: the first person whom a licence names is nobody's leave.
    ``acceptance`` says what the new holder has yet to accept before using the service.
    """

    assignment: Assignment | None
    decision: Decision[Any] | None
    acceptance: Decision[UserAcceptance] | None = None


def make_licences(subscription: Subscription, seats: int) -> None:
    """Adds so many free licences with the next numbers; the subscription is locked or new.

    NotPossible for more seats than there can be.
    """
    if seats + Licence.objects.filter(subscription=subscription, gone=False).count() > MOST_SEATS:
        raise NotPossible(f"a subscription has {MOST_SEATS} seats at most")
    last = Licence.objects.filter(subscription=subscription).aggregate(last=Max("number"))["last"] or 0
    new = (Licence(subscription=subscription, number=last + step) for step in range(1, seats + 1))
    Licence.objects.bulk_create(new, batch_size=BATCH)


@transaction.atomic
def assign_licence(*, licence: Licence, holder: EndUser, asked_by: str, on: date) -> Assigned:
    """Lets a licence name a person; one that named somebody before is given on only as the contract allows.

    Access of the one before ends at once. Refused, nothing changes; where the contract is silent about giving a
    licence on, it may be. NotPossible for a licence that is gone, a person of another customer, who left, or who has a
    licence of the subscription already, and for a day before the last assignment.
    """
    subscription = running(licence.subscription)
    person = EndUser.objects.select_for_update().get(pk=holder.pk)
    current = Licence.objects.select_related("given_up").select_for_update(of=("self",)).get(pk=licence.pk)
    _check_holder(current, person, subscription, on)
    ordering = may_order(subscription, asked_by)
    if ordering.outcome is not None and not ordering.outcome.allowed:
        return Assigned(None, ordering)
    last = current.assignments.select_related("holder").last()
    decision, reason = None, ""
    if last is not None:
        if on < (last.until_on or last.from_on):
            raise NotPossible(f"{current} was in other hands until {last.until_on or last.from_on}")
        decision = decide_seats_reassign(subscription.terms, _reassign_facts(subscription, last, on))
        if decision.outcome is not None:
            reason = decision.outcome.reason
            if not decision.outcome.allowed:
                return Assigned(None, decision)
        current.assignments.filter(until_on=None).update(until_on=on)
    Licence.objects.filter(pk=current.pk).update(holder=holder, assigned_on=on)
    made = Assignment.objects.create(
        licence=current,
        holder=holder,
        from_on=on,
        asked_by=asked_by,
        reason=reason,
        sheet=subscription.sheet,
        because=together(ordering.because, decision.because if decision else []),
    )
    return Assigned(made, decision, user_acceptance(holder, subscription))


def may_order(subscription: Subscription, asked_by: str) -> Decision[Ordering]:
    """What the contract says about a request of this person about seats."""
    serving = Administrator.objects.filter(
        customer=subscription.customer_id, vendor=subscription.vendor, removed_on=None, email__iexact=asked_by
    )
    return decide_administrators_order(subscription.terms, OrderingFacts(administrator=serving.exists()))


def _reassign_facts(subscription: Subscription, last: Assignment, on: date) -> ReassignFacts:
    period = period_on(subscription, on)
    return ReassignFacts(
        # A plan that does not call itself one for enterprises has the narrower right.
        plan="enterprise" if "enterprise" in subscription.plan.lower() else "business",
        assigned_on=last.from_on,
        on=on,
        because_left=last.holder.left_on is not None,
        renewal_period_start=period.period_start if period and period.index else None,
    )


def _check_holder(licence: Licence, holder: EndUser, subscription: Subscription, on: date) -> None:
    if licence.gone or (licence.given_up is not None and licence.given_up.effective_on <= on):
        raise NotPossible(f"{licence} was given up and is gone")
    if holder.customer_id != subscription.customer_id:
        raise NotPossible(f"{holder} belongs to another customer")
    if holder.left_on is not None or on < holder.created_on:
        raise NotPossible(f"{holder} can be given nothing on {on}")
    if Licence.objects.filter(subscription=subscription, holder=holder).exists():
        raise NotPossible(f"{holder} has a licence of subscription {subscription.pk} already")


def running(subscription: Subscription) -> Subscription:
    """The subscription, locked until the transaction ends; NotPossible for one that does not run.

    Seats of who is suspended change too: the fees run on, so they must be able to become fewer.
    """
    running = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if running.state not in RUNNING:
        raise NotPossible(f"subscription {running.pk} is {running.state}, so its seats stay as they are")
    return running


def period_on(subscription: Subscription, on: date) -> Period | None:
    """The period that runs on a day, if any."""
    return Period.objects.filter(subscription=subscription, period_start__lte=on, period_end__gte=on).first()
