"""Whether customers may subscribe, and whether they show it in time: the clocks of the contracts that ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Least

from accounts.letters import Letter, eligibility_letter, eligibility_lost_letter
from accounts.models import OVER, Customer, EligibilityCase, Notice, OptionCheck, Reason, Subscription
from accounts.notices import about_contract, write_notices
from accounts.policy.eligibility import (
    Eligibility,
    EligibilityFacts,
    LapseFacts,
    OptionAnswer,
    OptionFacts,
    decide_eligibility,
    decide_eligibility_lapse,
    decide_eligibility_option,
)
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.states import terminate
from backoffice.terms.decision import Decision
from backoffice.terms.sheet import Sheet

State = EligibilityCase.State
ONE_DAY = timedelta(days=1)


def ask_eligibility(
    customer: Customer,
    sheet: Sheet,
    *,
    effective_on: date,
    documents_on: date | None = None,
    reminded_on: date | None = None,
) -> Decision[Eligibility]:
    """What a contract says about a customer as the books know it now."""
    facts = EligibilityFacts(
        country=customer.country,
        phone=customer.phone or None,
        vat_number=customer.vat_id or None,
        effective_on=effective_on,
        documents_on=documents_on,
        reminded_on=reminded_on,
    )
    return decide_eligibility(sheet, facts)


def open_case(subscription: Subscription, *, on: date, at: datetime) -> EligibilityCase | None:
    """Begins to wait for what the customer has to show; None where the contract asks for nothing."""
    decision = ask_eligibility(subscription.customer, subscription.terms, effective_on=on)
    if decision.outcome is None:
        return None
    return EligibilityCase.objects.create(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=decision.sheet,
        documents_by=decision.outcome.documents_by,
        act_on=decision.outcome.documents_by + ONE_DAY,
        because=decision.because,
        created_at=at,
    )


@transaction.atomic
def accept_documents(*, case: EligibilityCase, on: date) -> EligibilityCase:
    """Notes that a customer has shown what its contract asks for; the clock stops.

    NotPossible for a contract that is over, or where no document of the customer is on file.
    """
    rows = EligibilityCase.objects.select_for_update(of=("self",)).select_related("subscription__customer")
    found = rows.get(pk=case.pk)
    if found.state == State.ENDED or found.subscription.state in OVER:
        raise NotPossible(f"subscription {found.subscription_id} is over")
    if not found.subscription.customer.identity_documents.filter(vendor=found.vendor).exists():
        raise NotPossible(f"no document was shown for subscription {found.subscription_id}")
    found.state, found.documents_on = State.SHOWN, on
    found.may_end_from, found.act_on = None, None
    found.save(update_fields=["state", "documents_on", "may_end_from", "act_on"])
    return found


def reconsider(*, customer: Customer, on: date) -> None:
    """Lets the next day look at a customer's contracts again, because what is known of it has changed."""
    cases = EligibilityCase.objects.filter(~Q(state=State.ENDED), subscription__customer=customer)
    cases.update(act_on=Least(Coalesce("act_on", on), on))


def look_after(cases: Sequence[EligibilityCase], *, day: date, at: datetime) -> None:
    """Moves cases on that a day has reached: reminds, notes what is lost, ends contracts; their rows are locked."""
    for case in cases:
        if case.subscription.state in OVER:
            _save(case, act_on=None)
        else:
            _look(case, day, at)


class _Answer(NamedTuple):
    """What the contract says of a case on a day."""

    eligibility: Eligibility
    because: list[dict[str, object]]


def _ask(case: EligibilityCase, reminded_on: date | None) -> _Answer:
    customer = case.subscription.customer
    decision = ask_eligibility(
        customer,
        case.terms,
        effective_on=case.subscription.accepted_on,
        documents_on=case.documents_on,
        reminded_on=reminded_on,
    )
    return _Answer(decision.answer, decision.because)


def _look(case: EligibilityCase, day: date, at: datetime) -> None:
    now, because = _ask(case, case.reminded_on)
    lapse = decide_eligibility_lapse(case.terms, LapseFacts(eligible=now.eligible, silent=False))
    if lapse.outcome is not None and lapse.outcome.review:
        _lose(case, now, together(because, lapse.because), day, at)
    elif case.documents_on is not None:
        _save(case, state=State.SHOWN, reasons=[], act_on=None)
    elif day <= case.documents_by:
        _save(case, state=State.WAITING, reasons=[], act_on=case.documents_by + ONE_DAY)
    elif case.reminded_on is None:
        _remind(case, day, at)
    elif now.may_terminate_from is not None and day >= now.may_terminate_from:
        _end(case, day, at)
    else:
        _save(case, state=State.REMINDED, reasons=[], act_on=now.may_terminate_from)


def _lose(case: EligibilityCase, now: Eligibility, because: list[dict[str, object]], day: date, at: datetime) -> None:
    known = case.state == State.LOST
    _save(case, state=State.LOST, reasons=list(now.reasons), because=because, act_on=None)
    if not known:
        _tell(case, Notice.Kind.ELIGIBILITY_LOST, eligibility_lost_letter(case), str(day), day, at)


def _remind(case: EligibilityCase, day: date, at: datetime) -> None:
    now, because = _ask(case, day)
    lapse = decide_eligibility_lapse(case.terms, LapseFacts(eligible=now.eligible, silent=True))
    may_end_from = now.may_terminate_from or day
    _save(
        case,
        state=State.REMINDED,
        reasons=[],
        because=together(because, lapse.because),
        reminded_on=day,
        may_end_from=may_end_from,
        act_on=may_end_from,
    )
    _tell(case, Notice.Kind.ELIGIBILITY, eligibility_letter(case, may_end_from), "", day, at)


def _end(case: EligibilityCase, day: date, at: datetime) -> None:
    """Ends the contract, once the letter has left the house: without it there is no right to."""
    left = (Notice.State.SENT, Notice.State.DELIVERED)
    letters = Notice.objects.filter(subscription=case.subscription, kind=Notice.Kind.ELIGIBILITY)
    if not letters.filter(state__in=left).exists():
        _save(case, act_on=day + ONE_DAY)
        return
    _, because = _ask(case, case.reminded_on)
    lapse = decide_eligibility_lapse(case.terms, LapseFacts(eligible=True, silent=True))
    lost = lapse.outcome is not None and lapse.outcome.refund_lost
    because = together(because, lapse.because)
    _save(case, state=State.ENDED, refund_lost=lost, because=because, act_on=None)
    terminate(subscription=case.subscription, reason=Reason.INELIGIBLE, because=because, on=day, at=at)


def _tell(case: EligibilityCase, kind: Notice.Kind, letter: Letter, about: str, day: date, at: datetime) -> None:
    draft = about_contract(kind, case.subscription, about, case.because, on=day, letter=letter)
    write_notices([draft], at=at)


def _save(case: EligibilityCase, **columns: object) -> None:
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))


class OptionAsked(NamedTuple):
    """The record of the answer, or None where the contract says nothing about options; and what it says."""

    check: OptionCheck | None
    decision: Decision[OptionAnswer]


@transaction.atomic
def ask_option(
    *, subscription: Subscription, option: str, needs_domain: bool, domain_eligible: bool, on: date, at: datetime
) -> OptionAsked:
    """Asks whether a customer may order an option that wants an e-mail address of an eligible domain.

    ``domain_eligible`` is what the vendor says of the customer's domain. NotPossible for a contract that is over.
    """
    found = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if found.state in OVER:
        raise NotPossible(f"subscription {found.pk} is over")
    facts = OptionFacts(needs_domain=needs_domain, domain_eligible=domain_eligible)
    decision = decide_eligibility_option(found.terms, facts)
    if decision.outcome is None:
        return OptionAsked(None, decision)
    granted = found.option_checks.filter(option=option, allowed=True).first()
    check = granted or OptionCheck.objects.create(
        subscription=found,
        vendor=found.vendor,
        option=option,
        asked_on=on,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
        **decision.outcome._asdict(),
    )
    return OptionAsked(check, decision)
