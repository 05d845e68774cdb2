"""What staff note of our own contracts with vendors: their bills, their outages, and that we give notice to stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

from django import forms
from django.utils import timezone

from accounts import services
from accounts.admin.act_forms import ActForm, choice_field, day_field, line_field
from accounts.admin.acts import Act
from accounts.models import VendorContract
from backoffice import days
from backoffice.terms.decision import Decision
from backoffice.terms.registry import rules
from backoffice.terms.words import spoken

Given = Mapping[str, Any]


class BillForm(ActForm):
    """A bill that a vendor sent us."""

    number = line_field("The vendor's number of the bill", 70)
    due_on = day_field("Due on")


class OutageForm(ActForm):
    """An outage at a vendor's."""

    service = choice_field([], "Which service was down")
    ended_on = day_field("It was up again on")

    def __init__(self, data: Given | None, row: VendorContract, user: Any) -> None:
        super().__init__(data, row, user)
        known = get_args(rules()["sla.claim_by"].facts.model_fields["service"].annotation)
        self.fields["service"].choices = [(one, spoken(one)) for one in known]  # type: ignore[attr-defined]

    def clean_ended_on(self) -> date:
        ended_on: date = self.cleaned_data["ended_on"]
        if ended_on > days.today(self.row.vendor, timezone.now()):
            raise forms.ValidationError("This is still to come.")
        return ended_on


def _bill(row: VendorContract, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.note_vendor_bill(contract=row, on=on, at=at, **given).decision


def _outage(row: VendorContract, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.note_vendor_outage(contract=row, at=at, **given).decision


def _stop(row: VendorContract, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.end_vendor_contract(contract=row, on=on, at=at)


VENDOR_ACTS = (
    Act("bill", "Note a bill", _bill, BillForm, "dispute.window"),
    Act("outage", "Note an outage", _outage, OutageForm, "sla.claim_by"),
    Act("stop", "We give notice to stop", _stop, rule="term.end", fits=lambda row: row.ends_on is None),
)
