"""What a rehearsal tells of violations of the rules of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import (
    AbuseReport,
    BulkMailing,
    ConductStep,
    EvidenceRequest,
    Misuse,
    RecordRequest,
    Subscription,
    VulnerabilityTest,
)
from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import listed, moment_words
from backoffice.timeline import World


def abuse_reports(world: World) -> Iterator[Happening]:
    """Each report, and whether the contract looks at it."""
    for one in world.told(AbuseReport.objects.select_related("subscription__customer")):
        lacks = f" because it lacks {listed(one.lacks)}" if one.lacks else ""
        figures: Figures = {"state": one.state, "lacks": ", ".join(one.lacks)}
        yield Happening(
            on=one.reported_at.date(),
            kind="abuse report",
            vendor=one.vendor,
            sheet=one.sheet,
            name=world.name(Subscription, one.subscription_id),
            customer=one.subscription.customer.name if one.subscription else "",
            says=f"A violation was reported; the report is {one.get_state_display()}{lacks}.",
            figures=figures,
            because=one.because,
        )


def conduct(world: World) -> Iterator[Happening]:
    """Each step of each case, and what the contract said of it."""
    steps = world.told(
        ConductStep.objects.select_related("case__subscription__customer"), "case__subscription__customer"
    )
    for one in steps:
        case = one.case
        figures: Figures = {
            "violation": case.violation,
            "step": one.kind,
            "asked": one.asked,
            **days_of(case, ["cure_until", "suspended_until"]),
        }
        said = f"{case.violation}: {one.get_kind_display()}. {one.says}"
        yield happened_to(case.subscription, world, one.on, "conduct", said, figures, one.because)


def evidence(world: World) -> Iterator[Happening]:
    """Each request to show consent, and how it ended."""
    for one in world.told(EvidenceRequest.objects.select_related("subscription__customer")):
        due = f" by {moment_words(one.due_at)}" if one.due_at else ""
        figures: Figures = {"state": one.state, "due_at": one.due_at.isoformat() if one.due_at else None}
        says = f"The recipients' consent is to be shown{due} ({one.get_state_display()})."
        on = one.asked_at.date()
        yield happened_to(one.subscription, world, on, "evidence of consent", says, figures, one.because)


def judged(world: World) -> Iterator[Happening]:
    """Mailings to many, tests, use by others and requests about domains, and what the contract said of each."""
    kinds = (
        (BulkMailing, "mailing to many", "checked_on"),
        (VulnerabilityTest, "vulnerability test", "tested_on"),
        (Misuse, "use by others", "reported_at"),
        (RecordRequest, "record of a domain", "asked_on"),
    )
    for model, kind, column in kinds:
        rows: QuerySet[Any] = model._base_manager.filter(**{f"{column}__isnull": False})
        for one in world.told(rows.select_related("subscription__customer")):
            moment = getattr(one, column)
            on = moment.date() if isinstance(moment, datetime) else moment
            says = one.says or "The contract does not say."
            yield happened_to(one.subscription, world, on, kind, says, {}, one.because)
