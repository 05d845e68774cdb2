"""What is done with contracts: orders, notices to stop, periods, and the texts that were accepted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, cast

from django.core.files.base import File
from django.db import transaction

from accounts.delivery import deemed_facts
from accounts.models import (
    RUNNING,
    ContractDocument,
    Customer,
    Ownership,
    Period,
    PlannedEnd,
    Reason,
    ResalePermission,
    Subscription,
)
from accounts.policy.notices import decide_notice_deemed
from accounts.policy.ordering import OrderStanding, PaymentFacts, decide_order_payment
from accounts.policy.term import (
    EndFacts,
    PeriodFacts,
    StartFacts,
    TermEnd,
    TermPeriod,
    decide_term_end,
    decide_term_period,
    decide_term_start,
    lengths,
    period_terms,
)
from accounts.services import states
from accounts.services.agreements import Signatory, accept_order
from accounts.services.amendment_plans import plan_for_new
from accounts.services.circumstances import note_transfer_consent
from accounts.services.customers import NotPossible, locked_customer
from accounts.services.licences import make_licences
from accounts.services.states import Move, State
from backoffice.terms.book import book
from backoffice.terms.decision import Citations, Decision
from backoffice.terms.facts import Method, Party
from backoffice.terms.sheet import Sheet


class Order(NamedTuple):
    """What a customer ordered."""

    vendor: str
    plan: str
    method: Method
    accepted_on: date
    quantity: int = 1
    cycle_months: int | None = None
    commitment: bool = False
    payment_confirmed_on: date | None = None
    agreed_start: date | None = None
    accepted_by: Signatory = Signatory()


class Passing(NamedTuple):
    """That what is ordered is to be passed on to others, and the vendor's permission that this rests on, if any."""

    permission: ResalePermission | None


@transaction.atomic
def subscribe(*, customer: Customer, order: Order, at: datetime, passing: Passing | None = None) -> Subscription:
    """Makes the subscription of an order under the terms in force on the day they were accepted.

    What is to be passed on to others, as a reseller does with its customers' services, comes through
    ``order_for_resale``, which asks whether it may be; NotPossible where it does not, and for a customer that was
    erased.

    It begins when the contract says so; where that day or the service itself depends on a payment that has not come,
    it waits for ``confirm_payment``. Where the contract says nothing about a start it begins when it was accepted, and
    where it says nothing about periods it has none. QuestionError where the rule cannot be asked so (a length that is
    not offered, an agreed start that is missing), KeyError where the vendor has no terms in force.
    """
    locked_customer(customer)
    if customer.reseller_id is not None and passing is None:
        raise NotPossible(f"customer {customer.pk} is a reseller's, so it is ordered for resale")
    sheet = book().sheet_for(order.vendor, order.accepted_on)
    subscription = Subscription(
        customer=customer,
        vendor=order.vendor,
        sheet=sheet.id,
        plan=order.plan,
        quantity=order.quantity,
        method=order.method,
        cycle_months=order.cycle_months,
        renewal_months=renewal_months(sheet, order.cycle_months, order.commitment),
        commitment=order.commitment,
        accepted_on=order.accepted_on,
        for_resale=passing is not None,
        to_confirm=sheet.confirmation is not None,
        resale_permission=passing.permission if passing else None,
        created_at=at,
    )
    _ask_start(subscription, order.payment_confirmed_on, order.agreed_start)
    standing = ask_order(subscription, "outstanding" if order.payment_confirmed_on is None else "paid")
    waits = standing.outcome is not None and not standing.outcome.served
    subscription.state = State.PENDING if subscription.start is None or waits else State.ACTIVE
    subscription.full_clean(exclude=["customer"])
    subscription.save()
    states.begin(subscription, on=order.accepted_on, at=at, waits=standing.because if waits else [])
    make_licences(subscription, subscription.quantity)
    accept_order(subscription, by=order.accepted_by, at=at)
    Ownership.objects.create(subscription=subscription, owner=customer, from_on=order.accepted_on, created_at=at)
    _open_first_period(subscription)
    return subscription


@transaction.atomic
def confirm_payment(*, subscription: Subscription, on: date, at: datetime) -> Subscription:
    """Begins a subscription that waited for its payment, on the day the contract says; NotPossible for any other.

    Where a start was agreed, that day stays the first of its term.
    """
    waiting = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if waiting.state != State.PENDING:
        raise NotPossible(f"subscription {waiting.pk} is {waiting.state} and waits for no payment")
    if waiting.start is None:
        _ask_start(waiting, on, None)
    begun = {"start": waiting.start, "start_because": waiting.start_because}
    states.move_all([Move(waiting, State.ACTIVE, Reason.BEGAN, waiting.start_because)], on=on, at=at, columns=begun)
    _open_first_period(waiting)
    return waiting


def ask_order(subscription: Subscription, payment: Literal["outstanding", "paid", "failed"]) -> Decision[OrderStanding]:
    """What the contract says an order's first payment means for it."""
    return decide_order_payment(subscription.terms, PaymentFacts(payment=payment))


def _ask_start(subscription: Subscription, payment_confirmed_on: date | None, agreed_start: date | None) -> None:
    facts = StartFacts(
        accepted_on=subscription.accepted_on,
        payment_confirmed_on=payment_confirmed_on,
        method=cast(Method, subscription.method),
        agreed_start=agreed_start,
    )
    decision = decide_term_start(subscription.terms, facts)
    subscription.start = decision.answer.start if decision.covered else subscription.accepted_on
    subscription.start_because = decision.because


def renewal_months(sheet: Sheet, cycle_months: int | None, commitment: bool) -> int | None:
    """Months that a renewal runs for, and is priced for; None where the contract knows no periods."""
    terms = period_terms(sheet, commitment)
    return None if terms is None else lengths(terms, cycle_months, Citations())[1]


def ask_period(subscription: Subscription, index: int) -> Decision[TermPeriod]:
    """What the subscription's own version of the terms says about one of its periods; NotPossible before its start."""
    if subscription.start is None:
        raise NotPossible(f"subscription {subscription.pk} has not begun, so it has no periods")
    facts = PeriodFacts(
        start=subscription.start,
        cycle_months=subscription.cycle_months,
        index=index,
        commitment=subscription.commitment,
    )
    return decide_term_period(subscription.terms, facts)


def period_of(subscription: Subscription, index: int) -> Period | None:
    """A period as a row to be written, with every date the rule gave; None where the contract knows no periods."""
    decision = ask_period(subscription, index)
    if decision.outcome is None:
        return None
    end, told_by = decision.outcome.period_end, decision.outcome.renewal_notice_on
    tell_on, tell_because = (
        last_day_to_tell(subscription.terms, told_by, subscription.customer) if told_by else (None, [])
    )
    return Period(
        subscription=subscription,
        index=index,
        vendor=subscription.vendor,
        sheet=decision.sheet,
        because=decision.because,
        closes_on=min(end, subscription.ends_on or end),
        renews=subscription.ends_on is None or subscription.ends_on > end,
        tell_on=tell_on,
        tell_because=tell_because,
        **decision.outcome._asdict(),
    )


def last_day_to_tell(sheet: Sheet, told_by: date, customer: Customer | None = None) -> tuple[date, states.Because]:
    """The last day on which an e-mail that leaves as the day begins still counts as received on ``told_by``, with the
    clauses about receipt: a notice that is due on a Sunday may have to leave on the Friday before. Where the contract
    looks at the place of receipt, that is the customer's."""
    day = told_by
    while True:
        sent_at = datetime.combine(day, time.min, sheet.zone)
        decision = decide_notice_deemed(sheet, deemed_facts("email", sent_at, customer))
        counts_at = decision.outcome.deemed_at if decision.outcome else None
        if counts_at is None or counts_at.date() <= told_by:
            return day, decision.because
        day -= timedelta(days=1)


def _open_first_period(subscription: Subscription) -> None:
    if subscription.state == State.ACTIVE and subscription.start is not None:
        plan_for_new([subscription], on=subscription.start)
        note_transfer_consent(subscription)
        if period := period_of(subscription, 0):
            period.save()


@transaction.atomic
def stop(*, subscription: Subscription, notice_on: date, by: Party) -> Decision[TermEnd]:
    """Notes a notice to stop that counts, and the last day of service that follows from it.

    Where the contract is silent the decision says so and nothing changes; nor does a notice after one of the same side
    by which it ends no later. NotPossible for a subscription that is not running, QuestionError for a notice before it
    began.
    """
    running = states.locked(subscription)
    if running.state not in RUNNING or running.start is None:
        raise NotPossible(f"subscription {running.pk} is {running.state}, so there is nothing to end")
    facts = EndFacts(
        start=running.start,
        cycle_months=running.cycle_months,
        commitment=running.commitment,
        notice_on=notice_on,
        by=by,
    )
    decision = decide_term_end(running.terms, facts)
    earlier = running.planned_ends.notices_of(by).first()
    if decision.outcome is None or (earlier is not None and earlier.ends_on <= decision.outcome.ends_on):
        return decision
    notice = PlannedEnd(
        subscription=running,
        reason=Reason.NOTICE,
        by=by,
        told_on=notice_on,
        ends_on=decision.outcome.ends_on,
        sheet=decision.sheet,
        because=decision.because,
    )
    states.plan_ends([notice])
    return decision


def close_periods(periods: Sequence[Period], *, on: date, at: datetime) -> None:
    """Ends the subscriptions whose last day is over, and opens the next period of the others. The rows are locked."""
    ending = [p for p in periods if p.subscription.ends_on is not None and p.subscription.ends_on <= p.closes_on]
    states.finish([p.subscription for p in ending], on=on, at=at)
    Period.objects.filter(pk__in=[p.pk for p in ending]).update(state=Period.State.ENDED)
    over = {p.pk for p in ending}
    renewing = [p for p in periods if p.pk not in over]
    following = (period_of(p.subscription, p.index + 1) for p in renewing)
    Period.objects.bulk_create((period for period in following if period), ignore_conflicts=True)
    Period.objects.filter(pk__in=[p.pk for p in renewing]).update(state=Period.State.RENEWED)


def add_document(
    *, sheet: str, title: str, version: str, file: File[bytes], at: datetime, kind: str = ContractDocument.Kind.TERMS
) -> ContractDocument:
    """Keeps the text of a contract, tied to its sheet; KeyError for a sheet that is not in the book.

    The same text is kept once: adding it again returns the document that is there.
    """
    book().sheet(sheet)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    known = {"kind": kind, "title": title, "version": version, "file": file, "uploaded_at": at}
    document, _ = ContractDocument.objects.get_or_create(sheet=sheet, sha256=digest.hexdigest(), defaults=known)
    return document
