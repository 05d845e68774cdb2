"""What a rehearsal tells of personal data: requests, breaches, and what left the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import DataBreach, DataRequest, Disposal, Erasure
from accounts.policy.erasure import SENTENCES
from backoffice.rehearsal import Happening
from backoffice.terms.words import day_words, moment_words
from backoffice.timeline import World

Because = Sequence[Mapping[str, Any]]


def data_requests(world: World) -> Iterator[Happening]:
    """Each request that a contract answers for, and what became of it."""
    for one in world.told(DataRequest.objects.exclude(sheet="").select_related("customer"), "customer"):
        says = f"A request for {one.get_kind_display()}, to be answered by {day_words(one.answer_by)}."
        name = world.name(DataRequest, one.pk)
        yield _of("data request", one.received_at.date(), one.sheet, name, one.customer.name, says, one.because)
        if one.answered_at:
            says = f"The request for {one.get_kind_display()} was {one.get_state_display()}."
            yield _of("data request", one.answered_at.date(), one.sheet, name, one.customer.name, says, one.because)


def data_breaches(world: World) -> Iterator[Happening]:
    """Each breach at a vendor, and by when the authority is told."""
    for one in DataBreach.objects.exclude(sheet="").order_by("id") if world.whole else ():
        by = f"the authority is told by {moment_words(one.due_at)}" if one.due_at else "the authority need not be told"
        says = f"A breach of personal data ({one.get_risk_display()} risk): {by}."
        name = world.name(DataBreach, one.pk)
        yield _of("data breach", one.noticed_at.date(), one.sheet, name, "", says, one.because)


def disposals(world: World) -> Iterator[Happening]:
    """What left the books, and what was to and could not."""
    for one in world.told(Disposal.objects.exclude(sheet=""), "erasure__customer"):
        says = f"{one.get_kind_display().capitalize()}: {one.went}. {one.basis}."
        yield _of("disposal", one.disposed_on, one.sheet, "", "", says, one.because)
    refused = Erasure.objects.filter(state=Erasure.State.REFUSED).select_related("customer")
    for no in world.told(refused, "customer"):
        contract = no.customer.subscriptions.order_by("id").last() if no.customer else None
        if contract is not None and no.customer is not None:
            says = SENTENCES[no.refused_for]
            yield _of("erasure", no.asked_on, contract.sheet, "", no.customer.name, says, no.because)


def _of(kind: str, on: date, sheet: str, name: str, customer: str, says: str, because: Because) -> Happening:
    vendor = sheet.partition("/")[0]
    return Happening(on, kind, vendor, sheet, name, customer, says, {}, because)
