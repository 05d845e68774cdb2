"""The steps that staff take with a letter: each has its form, and calls one verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts import delivery
from accounts.models import Notice

State = Notice.State


class Step(NamedTuple):
    """One step: what it is called, the form that asks for what it needs, and what is done with it."""

    label: str
    form: type[forms.Form]
    initial: Callable[[Notice], dict[str, Any]]
    take: Callable[[Notice, Mapping[str, Any], datetime], object]


class AtForm(forms.Form):
    """When it happened, which cannot be later than now."""

    at = forms.SplitDateTimeField(label="When", widget=UnfoldAdminSplitDateTimeWidget())

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError("This is still to come.")
        return at


class PostedForm(AtForm):
    tracking = forms.CharField(
        label="Tracking number", max_length=64, required=False, widget=UnfoldAdminTextInputWidget(),
        help_text="A registered letter has one.",
    )  # fmt: skip


class ArrivedForm(AtForm):
    result = forms.CharField(
        label="What the post said", max_length=200, required=False, widget=UnfoldAdminTextInputWidget()
    )


class AgainForm(forms.Form):
    """Where it goes now."""

    channel = forms.ChoiceField(
        label="By",
        choices=[choice for choice in Notice.Channel.choices if choice[0] != Notice.Channel.PORTAL],
        widget=UnfoldAdminSelectWidget(),
    )
    recipient = forms.CharField(label="E-mail address, or name", max_length=254, widget=UnfoldAdminTextInputWidget())
    address = forms.CharField(label="Postal address", required=False, widget=UnfoldAdminTextareaWidget())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("channel") == Notice.Channel.EMAIL and "recipient" in given:
            try:
                forms.EmailField().clean(given["recipient"])
            except forms.ValidationError as error:
                self.add_error("recipient", error)
        return given


def _now(_notice: Notice) -> dict[str, Any]:
    return {"at": timezone.now()}


def _where(notice: Notice) -> dict[str, Any]:
    """The customer's address as it is now, which may have been corrected since the letter was written."""
    customer = notice.customer
    if customer is None:
        return {"channel": notice.channel, "recipient": notice.recipient, "address": notice.address}
    lines = (customer.street, f"{customer.postcode} {customer.city}".strip(), customer.region, customer.country)
    return {
        "channel": notice.channel,
        "recipient": customer.email if notice.channel == Notice.Channel.EMAIL else customer.name,
        "address": "\n".join(line for line in lines if line),
    }


STEPS: dict[str, Step] = {
    "posted": Step(
        "It was posted",
        PostedForm,
        _now,
        lambda notice, given, now: delivery.posted(notice=notice, at=given["at"], tracking=given["tracking"]),
    ),
    "delivered": Step(
        "It was delivered",
        ArrivedForm,
        _now,
        lambda notice, given, now: delivery.delivered(notice=notice, at=given["at"], result=given["result"]),
    ),
    "came-back": Step(
        "It came back",
        ArrivedForm,
        _now,
        lambda notice, given, now: delivery.came_back(notice=notice, at=given["at"], result=given["result"]),
    ),
    "again": Step(
        "Send it again",
        AgainForm,
        _where,
        lambda notice, given, now: delivery.send_again(notice=notice, to=delivery.Destination(**given), at=now),
    ),
}


def steps_of(notice: Notice) -> list[str]:
    """The steps that a letter is in a state for."""
    if notice.state == State.WAITING:
        return ["posted"] if notice.channel in delivery.PAPER else []
    if notice.state == State.SENT:
        return ["delivered", "came-back"]
    return ["came-back"] if notice.state == State.DELIVERED else ["again"]
