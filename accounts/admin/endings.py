"""The staff's lists of how contracts end: breaches, requests, deaths and mergers, and what becomes of the data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from accounts.admin.acts import Act, ActsMixin
from accounts.models import Breach, DataStep, EndRequest, Succession
from accounts.policy.breach import BreachEnd, tell_breach_end
from accounts.services import data_steps, end_after_merger, end_over, put_right, suspend_over, tell_end_complete
from accounts.services.breaches import UNSETTLED
from backoffice.admin import ReadOnlyAdmin, VendorFilter, vendor_name
from backoffice.terms.decision import Decision
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel

Given = Mapping[str, Any]


class OfContract(ActsMixin, ReadOnlyAdmin):
    """A list of rows that each belong to one contract."""

    list_filter: tuple[Any, ...] = ("state", VendorFilter)
    list_select_related: tuple[str, ...] = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)

    @admin.display(description="contract")
    def contract(self, row: Any) -> str:
        return vendor_name(row.subscription.vendor)


def _put_right(row: Breach, given: Given, on: date, at: datetime) -> Decision[Any]:
    return put_right(breach=row, on=on, at=at)


def _suspend_over(row: Breach, given: Given, on: date, at: datetime) -> Decision[Any]:
    return suspend_over(breach=row, on=on, at=at)


def _end_over(row: Breach, given: Given, on: date, at: datetime) -> Decision[Any]:
    return end_over(breach=row, on=on, at=at)


def _unsettled(row: Breach) -> bool:
    return row.state in UNSETTLED


@admin.register(Breach)
class BreachAdmin(OfContract):
    section = "Ends"
    about = "Breaches of a contract, with the time to put them right. One begins on the page of its subscription."
    icon = "gavel"
    list_display = ("__str__", "customer", "contract", "by", "state", "cure_by", "may_end_from")
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "sheet", "kind", "by", "state", "buttons")}),
        ("What was told", {"fields": ("detail", "remediable", "notice", "noticed_on", "received_on")}),
        ("What follows", {"fields": ("cure_by", "may_end_from", "suspend_at_once", "put_right_on", "why")}),
    )
    readonly_fields = ("contract", "buttons", "why")
    shown = ("state", "put_right_on")
    acts = (
        Act("put-right", "It was put right", _put_right, rule="breach.end", fits=_unsettled),
        Act(
            "suspend",
            "Suspend the service over it",
            _suspend_over,
            rule="breach.end",
            fits=lambda row: _unsettled(row) and row.by == Breach.By.CUSTOMER,
        ),
        Act("end", "End the contract over it", _end_over, rule="breach.end", fits=_unsettled),
    )

    @admin.display(description="why")
    def why(self, breach: Breach) -> SafeString:
        reason: Any = "still_time" if breach.cure_by else "at_once"
        if breach.state == Breach.State.DUE:
            reason = "not_put_right"
        told = tell_breach_end(BreachEnd(False, reason, breach.may_end_from))
        return panel(of_row(told, breach.sheet, breach.because))


def _complete(row: EndRequest, given: Given, on: date, at: datetime) -> None:
    tell_end_complete(request=row, on=on, at=at)


@admin.register(EndRequest)
class EndRequestAdmin(OfContract):
    section = "Ends"
    about = (
        "Ends before their time that customers asked for. One begins on the page of its subscription, and is "
        "over once the customer is told that it is done."
    )
    icon = "logout"
    list_display = ("__str__", "customer", "contract", "asked_on", "notice", "ended_on")
    list_filter = ()
    list_select_related = ("subscription__customer", "notice")
    fields = ("subscription", "contract", "sheet", "asked_on", "notice", "ended_on", "buttons", "why")
    readonly_fields = ("contract", "buttons", "why")
    shown = ("notice",)
    acts = (Act("complete", "Tell that it is done", _complete, fits=lambda row: row.notice_id is None),)

    @admin.display(description="why")
    def why(self, request: EndRequest) -> SafeString:
        done = f"It was complete on {day_words(request.ended_on)}." if request.ended_on else "It is not complete yet."
        return panel(of_row(done, request.sheet, request.because))


def _end_merged(row: Succession, given: Given, on: date, at: datetime) -> None:
    end_after_merger(succession=row, on=on, at=at)


@admin.register(Succession)
class SuccessionAdmin(OfContract):
    section = "Ends"
    about = "Deaths and mergers of customers that we were told of. One begins on the page of its subscription."
    icon = "diversity_3"
    list_display = ("__str__", "customer", "contract", "told_on", "state", "may_end_until")
    fields = (
        "subscription",
        "contract",
        "sheet",
        "event",
        "told_on",
        "in_writing",
        "may_end_until",
        "state",
        "buttons",
        "why",
    )
    readonly_fields = ("contract", "buttons", "why")
    acts = (Act("end", "End the contract over the merger", _end_merged, fits=lambda row: row.state == "open"),)

    @admin.display(description="why")
    def why(self, succession: Succession) -> SafeString:
        told = f"{succession.get_event_display()}: {succession.get_state_display()}."
        return panel(of_row(told[0].upper() + told[1:], succession.sheet, succession.because))


def _instruct(row: DataStep, given: Given, on: date, at: datetime) -> None:
    data_steps.instruct(step=row, on=on, at=at)


def _confirm(row: DataStep, given: Given, on: date, at: datetime) -> None:
    data_steps.confirm(step=row, on=on)


@admin.register(DataStep)
class DataStepAdmin(OfContract):
    section = "Ends"
    about = (
        "What has to be done with the data of contracts that ended, and by when. Open one to say that the vendor "
        "was instructed or has confirmed."
    )
    icon = "folder_delete"
    list_display = ("__str__", "customer", "contract", "state", "due_on", "done_on")
    list_filter = ("state", "kind", VendorFilter)
    fields = (
        "subscription",
        "contract",
        "sheet",
        "kind",
        "state",
        "due_on",
        "instructed_on",
        "done_on",
        "disposal",
        "buttons",
        "why",
    )
    readonly_fields = ("contract", "buttons", "why")
    shown = ("state", "instructed_on", "done_on")
    acts = (
        Act("instruct", "The vendor was instructed", _instruct, fits=lambda row: row.state == DataStep.State.DUE),
        Act("confirm", "It was confirmed", _confirm, fits=lambda row: row.state == DataStep.State.INSTRUCTED),
    )

    @admin.display(description="why")
    def why(self, step: DataStep) -> SafeString:
        kind = step.get_kind_display()
        return panel(of_row(f"{kind[0].upper()}{kind[1:]}: {day_words(step.due_on)}.", step.sheet, step.because))
