"""What becomes of accounts and data: planned when a contract ends, instructed when due, confirmed when done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.disposal import dispose
from accounts.models import RUNNING, Assignment, DataStep, Disposal, Licence, Reason, Subscription
from accounts.policy.disposition import DataEnd, DataFacts, RestoreFacts, decide_data_end, decide_data_restore
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision

# Reasons that are an abuse of the service, after which there is no time to move data.
ABUSE = (Reason.CONDUCT,)
# Steps that need nobody: they are done in our own books, or by the mere passing of time.
BY_THEMSELVES = (DataStep.Kind.MIGRATION, DataStep.Kind.DISCONNECT)
DISPOSALS = {DataStep.Kind.DELETE: Disposal.Kind.CONTRACT_END, DataStep.Kind.BACKUPS: Disposal.Kind.BACKUP}


def ask_data_end(subscription: Subscription, reason: str, ended_on: date) -> Decision[DataEnd]:
    """What becomes of the data of a contract that ends on a day for a reason."""
    facts = DataFacts(ended_on=ended_on, abuse=reason in ABUSE, death=reason == Reason.DEATH)
    return decide_data_end(subscription.terms, facts)


def plan_data_steps(contracts: Iterable[tuple[Subscription, Decision[DataEnd]]], *, at: datetime) -> None:
    """Writes down what is to become of the data of contracts that ended, and when."""
    steps = [
        DataStep(
            subscription=contract,
            vendor=contract.vendor,
            sheet=contract.sheet,
            kind=kind,
            due_on=due_on,
            because=decision.because,
            created_at=at,
        )
        for contract, decision in contracts
        if decision.outcome is not None
        for kind, due_on in _steps(decision.outcome)
    ]
    DataStep.objects.bulk_create(steps, ignore_conflicts=True)


def _steps(end: DataEnd) -> Iterable[tuple[DataStep.Kind, date]]:
    days = {
        DataStep.Kind.MIGRATION: end.migrate_until,
        DataStep.Kind.CLOSE: end.close_on,
        DataStep.Kind.DISCONNECT: end.disconnect_on,
        DataStep.Kind.DELETE: end.delete_on,
        DataStep.Kind.BACKUPS: end.backups_gone_on,
    }
    return ((kind, day) for kind, day in days.items() if day)


def fall_due(steps: Sequence[DataStep], *, on: date) -> None:
    """Marks steps that are due, and does those that our own books can do: users lose their licences.

    The rows are locked.
    """
    alone = [step for step in steps if step.kind in BY_THEMSELVES]
    gone = [step.subscription_id for step in alone if step.kind == DataStep.Kind.DISCONNECT]
    Assignment.objects.filter(licence__subscription__in=gone, until_on=None).update(until_on=on)
    Licence.objects.filter(subscription__in=gone).exclude(holder=None).update(holder=None, assigned_on=None)
    DataStep.objects.filter(pk__in=[step.pk for step in alone]).update(state=DataStep.State.DONE, done_on=on)
    others = [step.pk for step in steps if step.kind not in BY_THEMSELVES]
    DataStep.objects.filter(pk__in=others).update(state=DataStep.State.DUE)


@transaction.atomic
def instruct(*, step: DataStep, on: date, at: datetime) -> DataStep:
    """Notes that whoever keeps the data was instructed; what is deleted goes through the one way out of the books.

    NotPossible for a step that is not due, or was instructed.
    """
    found = DataStep.objects.select_for_update().get(pk=step.pk)
    if found.state != DataStep.State.DUE:
        raise NotPossible(f"{found} is {found.get_state_display()}")
    if kind := DISPOSALS.get(DataStep.Kind(found.kind)):
        found.disposal = dispose(
            kind=kind,
            basis=f"end of subscription {found.subscription_id}: {found.get_kind_display()}",
            on=on,
            at=at,
            outside={f"vendor.{found.kind}": [found.subscription_id]},
            because=found.because,
            vendor=found.vendor,
            sheet=found.sheet,
        )
    found.state, found.instructed_on = DataStep.State.INSTRUCTED, on
    found.save(update_fields=["state", "instructed_on", "disposal"])
    return found


@transaction.atomic
def confirm(*, step: DataStep, on: date) -> DataStep:
    """Notes that what was instructed is done; NotPossible for a step that was not instructed."""
    found = DataStep.objects.select_for_update().get(pk=step.pk)
    if found.state != DataStep.State.INSTRUCTED:
        raise NotPossible(f"{found} is {found.get_state_display()}")
    found.state, found.done_on = DataStep.State.DONE, on
    found.save(update_fields=["state", "done_on"])
    return found


@transaction.atomic
def exclude_from_backups(*, subscription: Subscription, on: date, at: datetime) -> Decision[Any]:
    """Notes that a customer asks for its space to be left out of the backups, to be instructed at once, where the
    contract gives it that; noted again it stays as it is. NotPossible for a contract that does not run."""
    found = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if found.state not in RUNNING:
        raise NotPossible(f"subscription {found.pk} is {found.state}, so it has no backups to be left out of")
    decision = decide_data_restore(found.terms, RestoreFacts(data="backup", deleted_on=on, on=on, excluded=True))
    if decision.outcome is not None and decision.outcome.reason == "excluded":
        DataStep.objects.get_or_create(
            subscription=found,
            kind=DataStep.Kind.EXCLUSION,
            defaults={
                "vendor": found.vendor,
                "sheet": found.sheet,
                "due_on": on,
                "state": DataStep.State.DUE,
                "because": decision.because,
                "created_at": at,
            },
        )
    return decision
