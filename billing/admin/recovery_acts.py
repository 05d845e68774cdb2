"""What staff note about a bill that is not paid: what happened to it, and what recovering it has cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.admin.act_forms import ActForm, choice_field, day_field
from accounts.admin.acts import Act
from accounts.services import NotPossible
from backoffice.terms.decision import Decision
from billing import services
from billing.admin.dispute_acts import amount_field, minor_of
from billing.models import Invoice, OpenItem, RecoveryCost
from billing.services.late import explain_charges

Given = Mapping[str, Any]


class RecoveryForm(ActForm):
    kind = choice_field(RecoveryCost.Kind.choices, "What happened")
    happened_on = day_field("On")
    amount = amount_field("What it cost (of a cost only)", required=False)


def _note(row: Invoice, given: Given, on: date, at: datetime) -> Decision[Any]:
    if given["happened_on"] > on:
        raise NotPossible("that day is still to come")
    minor_of(given["amount"], row.currency)
    services.note_recovery_cost(invoice=row, kind=given["kind"], on=given["happened_on"], amount=given["amount"], at=at)
    return explain_charges(OpenItem.objects.select_related("invoice__subscription").get(pk=row.pk), on)


def _owed(row: Invoice) -> bool:
    return OpenItem.objects.filter(pk=row.pk, closed_on=None).exists()


RECOVERY_ACTS = (Act("recovery", "Note a cost of recovering it", _note, RecoveryForm, "late.charges", _owed),)
