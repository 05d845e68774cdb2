"""What is done with the people of a customer: its administrators, and those who use what it subscribes to."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from django.db import transaction

from accounts.models import OVER, Administrator, Assignment, Customer, EndUser, Licence, Subscription
from accounts.policy.administrators import Naming, NamingFacts, decide_administrators_add
from accounts.policy.agreements import UserAcceptance
from accounts.policy.personal_data import HoldingFacts, decide_holding
from accounts.services.agreements import user_acceptance
from accounts.services.customers import NotPossible, locked_customer
from accounts.services.data_requests import inform
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.sheet import Sheet


class Person(NamedTuple):
    """Somebody who is to be an administrator."""

    name: str
    email: str
    phone: str = ""
    outsider: bool = False
    allowed_in_writing: bool = False


class Designated(NamedTuple):
    """The new administrator, or None where the contract refuses one more; and what it says."""

    administrator: Administrator | None
    decision: Decision[Naming]


class Used(NamedTuple):
    """The person with the last day of use, or None where the contract bars the use; and what it says."""

    user: EndUser | None
    decision: Decision[UserAcceptance]


@transaction.atomic
def designate_administrator(*, customer: Customer, vendor: str, person: Person, on: date, at: datetime) -> Designated:
    """Makes a person an administrator of a customer for a vendor's contract, if the contract has room for one more.

    The terms are those that the customer agreed to last. Refused, nothing changes; where the contract is silent there
    is no limit. NotPossible without a contract that is not over, ValidationError for a person who is one already.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    serving = Administrator.objects.filter(customer=customer, vendor=vendor, removed_on=None)
    taken = set(serving.values_list("slot", flat=True))
    facts = NamingFacts(
        administrators=len(taken), outsider=person.outsider, allowed_in_writing=person.allowed_in_writing
    )
    terms = agreed_terms(customer, vendor)
    decision = decide_administrators_add(terms, facts)
    if decision.outcome is not None and not decision.outcome.allowed:
        return Designated(None, decision)
    administrator = Administrator(
        customer=customer,
        vendor=vendor,
        slot=next(slot for slot in count(1) if slot not in taken),
        name=person.name,
        email=person.email,
        phone=person.phone,
        added_on=on,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    administrator.full_clean()
    administrator.save()
    inform(person=administrator, sheet=terms, on=on, at=at)
    return Designated(administrator, decision)


def agreed_terms(customer: Customer, vendor: str) -> Sheet:
    """The terms of a vendor that a customer agreed to last and that still run; NotPossible where there are none."""
    agreed = Subscription.objects.filter(customer=customer, vendor=vendor).exclude(state__in=OVER)
    newest = agreed.order_by("-accepted_on", "-id").first()
    if newest is None:
        raise NotPossible(f"{customer} has no running contract with {vendor}")
    return newest.terms


@transaction.atomic
def remove_administrator(*, administrator: Administrator, on: date) -> Administrator:
    """Ends what an administrator may do, and makes room for another; NotPossible for one who is none any more."""
    serving = Administrator.objects.select_for_update().get(pk=administrator.pk)
    if serving.removed_on is not None or on < serving.added_on:
        raise NotPossible(f"{serving} is no administrator on {on}")
    serving.removed_on = on
    serving.save(update_fields=["removed_on"])
    return serving


@transaction.atomic
def register_end_user(*, customer: Customer, username: str, on: date, device_type: str = "") -> EndUser:
    """A person who can be given a licence; ValidationError for a username that the customer has already, NotPossible
    for a customer that was erased.

    The device is not taken down where every contract of the customer names what may be held, and that is not there.
    """
    locked_customer(customer)
    held = device_type if device_type and _device_may_be_held(customer) else ""
    user = EndUser(customer=customer, username=username, device_type=held, created_on=on)
    user.full_clean()
    user.save()
    return user


def _device_may_be_held(customer: Customer) -> bool:
    sheets = set(customer.subscriptions.exclude(state__in=OVER).values_list("sheet", flat=True))
    answers = [decide_holding(book().sheet(name), HoldingFacts(kind="device")).outcome for name in sheets]
    return not answers or any(answer is None or answer.allowed for answer in answers)


@transaction.atomic
def note_use(*, user: EndUser, on: date) -> Used:
    """Notes that a person used the service, if what must be accepted before was; else nothing changes.

    NotPossible for a day on which the person held no licence.
    """
    held = Assignment.objects.filter(holder=user, from_on__lte=on).exclude(until_on__lte=on)
    decisions = [
        user_acceptance(user, one.licence.subscription, on) for one in held.select_related("licence__subscription")
    ]
    if not decisions:
        raise NotPossible(f"{user} held no licence on {on}")
    # A person with licences of several contracts may be using any of them.
    decision = max(decisions, key=lambda one: one.outcome is None or one.outcome.may_use)
    if decision.outcome is not None and not decision.outcome.may_use:
        return Used(None, decision)
    known = EndUser.objects.select_for_update().get(pk=user.pk)
    known.last_used_on = max(on, known.last_used_on or on)
    known.save(update_fields=["last_used_on"])
    return Used(known, decision)


@transaction.atomic
def leave(*, user: EndUser, on: date) -> EndUser:
    """A person leaves the customer: all access ends at once, and what the licences named stays in their history.

    Nothing is paid back for it. Whether a licence may name another person is asked when it is to. NotPossible for
    somebody who left before, or was given a licence on a later day.
    """
    leaver = EndUser.objects.select_for_update().get(pk=user.pk)
    if leaver.left_on is not None or on < leaver.created_on:
        raise NotPossible(f"{leaver} cannot leave on {on}")
    held = Assignment.objects.filter(holder=leaver, until_on=None)
    if held.filter(from_on__gt=on).exists():
        raise NotPossible(f"{leaver} was given a licence after {on}")
    leaver.left_on = on
    leaver.save(update_fields=["left_on"])
    held.update(until_on=on)
    Licence.objects.filter(holder=leaver).update(holder=None, assigned_on=None)
    return leaver
