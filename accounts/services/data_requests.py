"""Requests of persons about the data that is held of them, from the day they come to the answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.letters.privacy import information_letter, request_letter
from accounts.models import Administrator, Customer, DataRequest, Erasure, Notice, Subscription
from accounts.notices import Draft, write_notices
from accounts.policy.personal_data import (
    DataRequestDue,
    DataRequestFacts,
    InformingFacts,
    decide_data_request,
    decide_informing,
    request_by_law,
)
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.data_clocks import stop, wind
from accounts.services.erasure import customer_of, erase_person, was_erased
from backoffice.terms.sheet import Sheet


class Asked(NamedTuple):
    """What was asked, and by whom; ``in_portal`` by somebody who had signed in there."""

    kind: str
    name: str
    email: str
    text: str = ""
    verified_how: str = ""
    in_portal: bool = False


@transaction.atomic
def receive_request(*, subject: Any, asked: Asked, received_at: datetime, at: datetime) -> DataRequest:
    """Takes down a request of anybody whom we know, and tells a customer of one of its people's.

    The newest contract of the customer says by when it is answered; where it is silent, or there is none, the law does.
    ValidationError for a request that is still to come, or without a way to answer.
    """
    if received_at > at:
        raise ValidationError({"received_at": "A request cannot have come later than it is written down."})
    customer = customer_of(subject)
    contract = customer.subscriptions.order_by("id").last() if customer is not None else None
    request = DataRequest(
        customer=customer,
        subscription=contract,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        sheet=contract.sheet if contract else "",
        received_at=received_at,
        created_at=at,
        **asked._asdict(),
    )
    due = _set_deadline(request, extended=False)
    request.full_clean(exclude=["customer", "subscription"])
    request.save()
    if due.customer_told and customer is not None and not isinstance(subject, Customer):
        _tell_customer(request, at)
    return request


def _set_deadline(request: DataRequest, *, extended: bool) -> DataRequestDue:
    sheet = request.subscription.terms if request.subscription else None
    received_on = request.received_at.astimezone(_zone(sheet)).date()
    facts = DataRequestFacts(received_on=received_on, extended=extended)
    due, request.because = request_by_law(facts)
    decision = decide_data_request(sheet, facts) if sheet else None
    if decision is not None and decision.outcome is not None:
        due, request.because = decision.outcome, together(decision.because, request.because)
    request.answer_by = due.answer_by
    ends_at = datetime.combine(due.answer_by + timedelta(days=1), time.min, _zone(sheet))
    wind(request, request.received_at, ends_at)
    return due


def _zone(sheet: Sheet | None) -> ZoneInfo:
    return sheet.zone if sheet else ZoneInfo("UTC")


def _tell_customer(request: DataRequest, at: datetime) -> None:
    """Passes the request on without delay: the letter leaves as it is taken down."""
    request.passed_on_at = at
    request.save(update_fields=["passed_on_at"])
    contract = request.subscription
    if contract is None:
        return
    today = at.astimezone(contract.terms.zone).date()
    draft = Draft(
        kind=Notice.Kind.DATA_REQUEST,
        about=str(request.pk),
        sheet=request.sheet,
        because=request.because,
        due_on=today,
        written_on=today,
        letter=request_letter(request, contract, request.because),
        recipient=contract.customer.email,
        customer=contract.customer,
        subscription=contract,
    )
    write_notices([draft], at=at)


@transaction.atomic
def verify_requester(*, request: DataRequest, how: str) -> DataRequest:
    """Notes how it is known that who asks is who the data is about; NotPossible for a request that is answered."""
    found = _open(request)
    found.verified_how = how
    found.full_clean(exclude=["customer", "subscription"])
    found.save(update_fields=["verified_how"])
    return found


@transaction.atomic
def extend_request(*, request: DataRequest, reason: str, on: date) -> DataRequest:
    """Takes the longer time, whose reason the person is told within the shorter one; NotPossible after that, without
    a reason, or twice."""
    found = _open(request)
    if not reason.strip() or found.extended_on is not None or on > found.answer_by:
        raise NotPossible("a request takes longer only once, for a reason that is told while there is time to answer")
    found.extended_on, found.extended_for = on, reason.strip()
    _set_deadline(found, extended=True)
    found.save()
    return found


@transaction.atomic
def answer_request(*, request: DataRequest, granted: bool, answer: str, on: date, at: datetime) -> DataRequest:
    """Answers a request, and where it asks for an erasure that is granted, erases; what stands in the way of that is
    the answer, and the request is refused for it. What somebody asked who was erased before goes the same way.

    NotPossible for one that is answered, or from somebody of whom it is not known who they are.
    """
    found = _open(request)
    if not found.verified_how:
        raise NotPossible(f"it is not known yet whether who made request {found.pk} is who the data is about")
    # Written first, so that an erasure takes it away with the rest.
    found.answer = answer
    found.save(update_fields=["answer"])
    if granted and found.kind == DataRequest.Kind.ERASURE:
        found.erasure = erase_person(subject=subject_of(found), on=on, at=at)
        granted = found.erasure.state == Erasure.State.DONE
    found.state = DataRequest.State.GRANTED if granted else DataRequest.State.REFUSED
    found.answered_at = at
    stop(found)
    found.save(update_fields=["erasure", "state", "answered_at", "alarm_at"])
    if found.kind != DataRequest.Kind.ERASURE and was_erased(subject_of(found)):
        erase_person(subject=subject_of(found), on=on, at=at)
    found.refresh_from_db()
    return found


def subject_of(request: DataRequest) -> Any:
    """Whom a request is about."""
    return apps.get_model(request.subject)._base_manager.get(pk=request.subject_id)


def _open(request: DataRequest) -> DataRequest:
    found: DataRequest = DataRequest.objects.select_for_update().get(pk=request.pk)
    if found.state != DataRequest.State.OPEN:
        raise NotPossible(f"request {found.pk} is {found.get_state_display()} already")
    return found


def inform(*, person: Administrator, sheet: Sheet, on: date, at: datetime) -> None:
    """Tells somebody whom a customer named that their data is held, where the contract leaves that to us; once."""
    said = decide_informing(sheet, InformingFacts(person="contact"))
    if said.outcome is None or said.outcome.told_by != "vendor":
        return
    users = decide_informing(sheet, InformingFacts(person="user"))
    customer_tells = users.outcome is not None and users.outcome.told_by == "customer"
    because = together(said.because, users.because if customer_tells else [])
    contract = Subscription.objects.filter(customer=person.customer_id, vendor=sheet.vendor).order_by("id").last()
    draft = Draft(
        kind=Notice.Kind.DATA_INFORMATION,
        about=str(person.pk),
        sheet=sheet.id,
        because=because,
        due_on=on,
        written_on=on,
        letter=information_letter(person, sheet, customer_tells, because),
        recipient=person.email,
        customer=person.customer,
        subscription=contract,
    )
    write_notices([draft], at=at)
