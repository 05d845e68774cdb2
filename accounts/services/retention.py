"""Retention: when a contract is over, the day is set on which each kind of its data goes; when it comes, it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import OVER, Administrator, Customer, Disposal, EndUser, Erasure, PlannedDisposal, Subscription
from accounts.policy.erasure import keep_until
from accounts.policy.personal_data import AtEndFacts, decide_at_end
from accounts.policy.retention import RetentionFacts, decide_retention
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.erasure import affiliates, erase, group_of

BY_CONTRACT = "As the contract says"
# What cannot go today (a letter still leaves, an archive was not handed over yet) is looked at again after so long.
AGAIN_AFTER = timedelta(days=7)

# What lies in our own books; what lies in the vendor's systems is instructed there (accounts.services.data_steps).
Data = Literal["contact", "account"]
KINDS: tuple[Data, ...] = ("contact", "account")


class Going(NamedTuple):
    """When data goes, and why; ``on`` is None while a contract with an affiliate keeps it."""

    on: date | None
    basis: str
    because: list[dict[str, Any]]


def when_it_goes(subscription: Subscription, data: Data, ended_on: date) -> Going | None:
    """What the contract says, and of contacts our own setting where it is silent; None where nobody says anything."""
    runs, last = affiliates(subscription.customer)
    facts = RetentionFacts(data=data, ended_on=ended_on, affiliate_runs=runs, affiliates_ended_on=last)
    decision = decide_retention(subscription.terms, facts)
    if decision.outcome is not None:
        return Going(decision.outcome.erase_on, BY_CONTRACT, decision.because)
    if data != "contact":
        return None
    years, basis = settings.RETENTIONS["contact"]
    return Going(keep_until(ended_on, years), basis, [])


def plan_disposals(subscriptions: Sequence[Subscription], *, day: date, at: datetime) -> None:
    """Sets for contracts that are over when each kind of their data goes. The rows are locked.

    A contract of an affiliate that ends may move what its group keeps, so that is asked again.
    """
    plans = [plan for one in subscriptions for plan in _plans(one, at)]
    PlannedDisposal.objects.bulk_create(plans, ignore_conflicts=True)
    Subscription.objects.filter(pk__in=[one.pk for one in subscriptions]).update(data_planned_on=day)
    for customer in {one.customer for one in subscriptions}:
        _ask_again(PlannedDisposal.objects.filter(subscription__customer__in=group_of(customer), done_on=None))
    wished = PlannedDisposal.objects.filter(subscription__in=subscriptions, due_on=None, data="account", done_on=None)
    _ask_again(wished)


def _plans(subscription: Subscription, at: datetime) -> list[PlannedDisposal]:
    found = ((data, when_it_goes(subscription, data, _ended_on(subscription))) for data in KINDS)
    return [_plan(subscription, data, going, at) for data, going in found if going is not None]


def _ended_on(subscription: Subscription) -> date:
    return subscription.ends_on or subscription.accepted_on


def _plan(subscription: Subscription, data: str, going: Going, at: datetime) -> PlannedDisposal:
    return PlannedDisposal(
        subscription=subscription,
        data=data,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        basis=going.basis,
        because=going.because,
        due_on=going.on,
        created_at=at,
    )


def _ask_again(plans: Any) -> None:
    for plan in plans.select_related("subscription__customer").select_for_update(of=("self",)):
        if plan.subscription.state not in OVER:
            continue
        going = when_it_goes(plan.subscription, plan.data, _ended_on(plan.subscription))
        if going is not None and going.on != plan.due_on:
            plan.due_on, plan.basis, plan.because = going.on, going.basis, going.because
            plan.save(update_fields=["due_on", "basis", "because"])


@transaction.atomic
def wish_for_data(*, subscription: Subscription, wanted: str, on: date, at: datetime) -> PlannedDisposal | None:
    """Notes whether a customer wants the data of its users deleted or given back; None where the contract gives it no
    choice. Where the contract lets it ask at any time, and it does so before the end, it is due now."""
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    ended = locked.state in OVER
    said = decide_at_end(locked.terms, AtEndFacts(wanted=wanted, ended=ended))  # type: ignore[arg-type]
    if said.outcome is None:
        return None
    plan = PlannedDisposal.objects.filter(subscription=locked, data="account").first()
    if plan is None:
        plan = _plan(locked, "account", Going(None, BY_CONTRACT, []), at)
    if plan.done_on is not None:
        raise NotPossible(f"the data of subscription {locked.pk} is gone since {plan.done_on}")
    plan.wanted, plan.because = wanted, together(plan.because, said.because)
    if said.outcome.action != "wait" and not ended:
        plan.due_on = on
    plan.save()
    return plan


@transaction.atomic
def note_returned(*, plan: PlannedDisposal, on: date) -> PlannedDisposal:
    """Notes that the customer has the archive of its users' data; NotPossible where it wanted none, or has it."""
    found = PlannedDisposal.objects.select_for_update().get(pk=plan.pk)
    if found.wanted != PlannedDisposal.Wanted.RETURN or found.returned_on is not None:
        raise NotPossible(f"there is nothing to give back of {found}")
    found.returned_on = on
    found.save(update_fields=["returned_on"])
    return found


def dispose_of_due(plans: Sequence[PlannedDisposal], *, day: date, at: datetime) -> None:
    """Disposes of what is due. The rows are locked; what cannot go yet is put off, so that each is moved on."""
    for plan in plans:
        subscription = Subscription.objects.select_related("customer").get(pk=plan.subscription_id)
        going = when_it_goes(subscription, plan.data, _ended_on(subscription)) if subscription.state in OVER else None  # type: ignore[arg-type]
        if going is not None and (going.on is None or going.on > day):
            plan.due_on = going.on
        elif _gone(plan, subscription, day, at):
            plan.done_on = day
        else:
            plan.due_on = day + AGAIN_AFTER
        plan.save(update_fields=["due_on", "done_on"])


def _gone(plan: PlannedDisposal, subscription: Subscription, day: date, at: datetime) -> bool:
    """Disposes of one plan's data; False where something of it has to wait."""
    if plan.data == PlannedDisposal.Data.ACCOUNT:
        return _users_gone(plan, subscription, day, at)
    return _contacts_gone(plan, subscription.customer, day, at)


def _users_gone(plan: PlannedDisposal, subscription: Subscription, day: date, at: datetime) -> bool:
    """Erases the users of a contract whom no other contract's licence names; given back first where that is wanted."""
    if plan.wanted == PlannedDisposal.Wanted.RETURN and plan.returned_on is None:
        return False
    users = EndUser.objects.filter(assignments__licence__subscription=subscription).distinct()
    needed = users.filter(licences__isnull=False).exclude(licences__subscription=subscription)
    if subscription.state not in OVER:
        needed = users.filter(licences__isnull=False)
    going = users.exclude(pk__in=needed.values("pk"))
    return _all_erased(going, Disposal.Kind.CONTRACT_END, plan, day, at)


def _contacts_gone(plan: PlannedDisposal, customer: Customer, day: date, at: datetime) -> bool:
    """Erases the administrators of a vendor's account and, when no contract at all keeps it any more, the customer."""
    kept = Subscription.objects.filter(customer=customer).exclude(state__in=OVER)
    others = PlannedDisposal.objects.to_dispose().filter(subscription__customer=customer, data=plan.data)
    others = others.exclude(pk=plan.pk).exclude(due_on__lte=day)
    undated = PlannedDisposal.objects.filter(
        subscription__customer=customer, data=plan.data, due_on=None, done_on=None
    ).exclude(pk=plan.pk)
    unplanned = Subscription.objects.filter(customer=customer, state__in=OVER, data_planned_on=None)
    if not any(rows.exists() for rows in (kept, others, undated, unplanned)):
        _let_go(Administrator.objects.filter(customer=customer, removed_on=None), day)
        return _all_erased([customer], Disposal.Kind.RETENTION, plan, day, at)
    by_vendor = Q(vendor=plan.vendor)
    if kept.filter(by_vendor).exists() or others.filter(by_vendor).exists() or undated.filter(by_vendor).exists():
        return True  # the later plan takes them
    people = Administrator.objects.filter(customer=customer, vendor=plan.vendor)
    _let_go(people.filter(removed_on=None), day)
    return _all_erased(people, Disposal.Kind.RETENTION, plan, day, at)


def _let_go(administrators: Any, day: date) -> None:
    """Nobody manages an account whose contract is long over."""
    administrators.update(removed_on=day)


def _all_erased(persons: Any, kind: Disposal.Kind, plan: PlannedDisposal, day: date, at: datetime) -> bool:
    erasures = [erase(subject=one, on=day, at=at, kind=kind, basis=plan.basis, because=plan.because) for one in persons]
    return all(one.state == Erasure.State.DONE for one in erasures)
