"""What is noted of what a customer does about a change of its contract, or done for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from unfold.widgets import UnfoldBooleanWidget

from accounts import services
from accounts.admin.act_forms import ActForm, words_field
from accounts.admin.acts import Act
from accounts.admin.agreement_acts import SignatoryForm, signatory
from accounts.models import AmendmentNotice
from accounts.services.amendment_rights import ask_change
from backoffice.terms.decision import Decision

Given = Mapping[str, Any]
State = AmendmentNotice.State


class ClaimForm(ActForm):
    """That a change affects the customer."""

    words = words_field("What the customer says", required=False)


class LeaveForm(ActForm):
    """That the customer leaves."""

    in_writing = forms.BooleanField(
        label="It said so in writing", required=False, initial=True, widget=UnfoldBooleanWidget
    )


class WaiveForm(ActForm):
    """Why the customer is to be spared a change."""

    severe = forms.BooleanField(
        label="The change would severely harm its business", required=False, initial=True, widget=UnfoldBooleanWidget
    )
    words = words_field("Why", required=False)


def _claim(row: AmendmentNotice, given: Given, on: date, at: datetime) -> Decision[Any]:
    services.claim_material_effect(notice=row, words=given["words"], on=on, at=at)
    return ask_change(row)


def _leave(row: AmendmentNotice, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.leave_over_amendment(notice=row, in_writing=given["in_writing"], on=on, at=at).decision


def _agree(row: AmendmentNotice, given: Given, on: date, at: datetime) -> Decision[Any]:
    services.agree_to_amendment(notice=row, by=signatory(given), how=given["how"], on=on, at=at)
    return ask_change(row)


def _waive(row: AmendmentNotice, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.waive_amendment(notice=row, on=on, at=at, **given).decision


def _again(row: AmendmentNotice, given: Given, on: date, at: datetime) -> None:
    services.tell_again(notice=row, on=on)


def _may_claim(row: AmendmentNotice) -> bool:
    return row.state in (State.TOLD, State.IN_EFFECT) and row.only_if_material and not hasattr(row, "claim")


def _in(*states: State) -> Callable[[AmendmentNotice], bool]:
    return lambda row: row.state in states


AMENDMENT_ACTS = (
    Act("claim", "It claims to be affected", _claim, ClaimForm, "terms.amendment", _may_claim),
    Act("leave", "It leaves", _leave, LeaveForm, "amendment.leave", _in(State.TOLD, State.IN_EFFECT)),
    Act("agree", "It agrees", _agree, SignatoryForm, "terms.amendment", _in(State.TOLD, State.OFFERED)),
    Act(
        "waive",
        "Spare it the change",
        _waive,
        WaiveForm,
        "amendment.waive",
        _in(State.PLANNED, State.TOLD, State.OFFERED),
    ),
    Act("again", "Tell it again", _again, fits=_in(State.UNTOLD)),
)
