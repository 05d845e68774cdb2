"""What a rehearsal tells of who customers are: what was asked, shown, declared, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from accounts.models import (
    Customer,
    Declaration,
    DeclarationBreach,
    EligibilityCase,
    OptionCheck,
    RefusedOrder,
    Screening,
    Verification,
)
from accounts.policy.eligibility import OPTION_WORDS
from accounts.policy.screening import Screened, tell_screened
from accounts.reports.happened import Because, Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words, listed, spoken
from backoffice.timeline import World


class _OfCustomer(Protocol):
    customer: Customer
    vendor: str
    sheet: str
    because: Because


def _happened(one: _OfCustomer, world: World, on: date, kind: str, says: str, figures: Figures) -> Happening:
    """Something that happened to a customer under one contract."""
    return Happening(
        on=on,
        kind=kind,
        vendor=one.vendor,
        sheet=one.sheet,
        name=world.name(Customer, one.customer.pk),
        customer=one.customer.name,
        says=says,
        figures=figures,
        because=one.because,
    )


def refused_orders(world: World) -> Iterator[Happening]:
    """Each order that was not taken."""
    for one in world.told(RefusedOrder.objects.select_related("customer"), "customer"):
        why = listed([spoken(reason) for reason in one.reasons]) if one.reasons else one.get_question_display()
        says = f"The order of {one.plan} was refused: {why}."
        yield _happened(one, world, one.refused_on, "order refused", says, {"question": one.question})


def eligibility(world: World) -> Iterator[Happening]:
    """What each contract that asks for it was shown, and when its customer was reminded; nothing while it waits."""
    moved = EligibilityCase.objects.exclude(state=EligibilityCase.State.WAITING)
    for one in world.told(moved.select_related("subscription__customer")):
        figures: Figures = {
            "state": one.state,
            **days_of(one, ["documents_by", "documents_on", "reminded_on", "may_end_from"]),
        }
        says = f"Documents were due by {day_words(one.documents_by)} ({one.get_state_display()})."
        on = one.documents_on or one.reminded_on or one.subscription.accepted_on
        yield happened_to(one.subscription, world, on, "eligibility", says, figures, one.because)


def options(world: World) -> Iterator[Happening]:
    """Each option that was asked for."""
    for one in world.told(OptionCheck.objects.select_related("subscription__customer")):
        says = f"{one.option}: {OPTION_WORDS[one.reason]}"
        figures: Figures = {"option": one.option, "allowed": one.allowed}
        yield happened_to(one.subscription, world, one.asked_on, "option", says, figures, one.because)


def verifications(world: World) -> Iterator[Happening]:
    """Each question to a customer who it is, and how it ended."""
    for one in world.told(Verification.objects.select_related("customer"), "customer"):
        says = f"The customer was asked on {day_words(one.asked_on)} who it is ({one.get_state_display()})."
        if one.false_identity:
            says += " What it told is false: a breach of the contract."
        figures: Figures = {"state": one.state, **days_of(one, ["asked_on", "decided_on", "until_on"])}
        yield _happened(one, world, one.decided_on or one.asked_on, "identity", says, figures)


def declared(world: World) -> Iterator[Happening]:
    """Each declaration."""
    for one in world.told(Declaration.objects.select_related("subscription__customer")):
        says = f"The customer declared that it {one.get_kind_display()}."
        yield happened_to(
            one.subscription, world, one.declared_on, "declaration", says, {"kind": one.kind}, one.because
        )


def untrue(world: World) -> Iterator[Happening]:
    """Each declaration that was found to be untrue."""
    for one in world.told(DeclarationBreach.objects.select_related("customer"), "customer"):
        lost = {"no refund": one.refund_lost, "no commission": one.commission_lost, "contracts void": one.void}
        what = listed([words for words, holds in lost.items() if holds])
        says = f"It is not true that the customer {one.get_kind_display()}: {what}."
        figures: Figures = {"kind": one.kind, "refund_lost": one.refund_lost, "commission_lost": one.commission_lost}
        yield _happened(one, world, one.found_on, "declaration breached", says, figures)


def screened(world: World) -> Iterator[Happening]:
    """Each look at the list that found something."""
    looks = Screening.objects.exclude(result=Screening.Result.CLEAR).select_related("customer")
    for one in world.told(looks, "customer"):
        says = tell_screened(Screened(one.result, tuple(one.reasons)))
        yield _happened(one, world, one.screened_on, "screening", says, {"result": one.outcome})
