"""The staff's pages of whom changes of contracts reach, and what those customers do about it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts import services
from accounts.admin.acts import ActsMixin
from accounts.admin.amendment_acts import AMENDMENT_ACTS
from accounts.models import AmendmentExit, AmendmentNotice, MaterialClaim, SheetChange, Waiver
from accounts.reports.amendments import effect_words
from backoffice import days
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class ExitInline(ReadOnlyInline):
    model = AmendmentExit
    fields = ("asked_on", "in_writing", "allowed", "reason", "ends_on")
    show_change_link = False


class ClaimInline(ReadOnlyInline):
    model = MaterialClaim
    fields = ("received_on", "words", "in_time", "state", "answered_on")


class WaiverInline(ReadOnlyInline):
    model = Waiver
    fields = ("on", "severe", "words", "allowed")
    show_change_link = False


@admin.register(AmendmentNotice)
class AmendmentNoticeAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Changes"
    about = (
        "Each contract that a published change reaches: when its customer is told, until when it may leave, and "
        "what it did."
    )
    icon = "published_with_changes"
    list_display = (
        "subscription",
        "customer",
        "contract",
        "subject",
        "state",
        "told_on",
        "effective_on",
        "leave_until",
    )
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer", "amendment")
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    inlines = (ClaimInline, ExitInline, WaiverInline)
    acts = AMENDMENT_ACTS
    shown = ("state", "done_on")
    made = ("claim", "exits", "waiver", "sheet_change", "subscription.agreements")
    fields = (
        "amendment", "subscription", "contract", "sheet", "state", "buttons", "tell_on", "told_on", "given_on",
        "effective_on", "leave_until", "only_if_material", "may_dissolve", "keep_until", "moves_on", "done_on", "why",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="change of")
    def subject(self, notice: AmendmentNotice) -> str:
        return notice.amendment.get_subject_display()

    @admin.display(description="why")
    def why(self, notice: AmendmentNotice) -> SafeString:
        words = effect_words(notice)
        return panel(of_row(f"{words[0].upper()}{words[1:]}", notice.sheet, notice.because))


def _now(notice: AmendmentNotice) -> dict[str, Any]:
    at = timezone.now()
    return {"on": days.today(notice.vendor, at), "at": at}


@admin.register(MaterialClaim)
class MaterialClaimAdmin(StaffAdmin):
    section = "Changes"
    about = "Customers who say that a change affects them so much that they may leave. Open one to accept or refuse it."
    icon = "gavel"
    list_display = ("__str__", "customer", "received_on", "in_time", "state", "answered_on")
    list_filter = ("state",)
    list_select_related = ("notice__subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("notice__subscription_id",)
    text_lookups = ("notice__subscription__customer__name__istartswith",)
    fields = ("notice", "received_on", "words", "in_time", "state", "answered_on", "why")
    readonly_fields = fields
    actions_submit_line = ("accept", "refuse")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == MaterialClaim.State.OPEN)

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        claim = self.get_object(request, unquote(str(object_id)))
        may = claim is not None and self.has_change_permission(request, claim)
        return super().get_actions_submit_line(request, object_id) if may else []

    def save_model(self, request: HttpRequest, obj: MaterialClaim, form: Any, change: bool) -> None:
        for button in self.get_actions_submit_line(request, obj.pk):
            if button.action_name in request.POST:
                button.method(request, obj)

    @action(description="Accept it")  # type: ignore[untyped-decorator]  # no types there
    def accept(self, request: HttpRequest, obj: MaterialClaim) -> None:
        services.answer_claim(claim=obj, accepted=True, on=_now(obj.notice)["on"])

    @action(description="Do not accept it")  # type: ignore[untyped-decorator]  # no types there
    def refuse(self, request: HttpRequest, obj: MaterialClaim) -> None:
        services.answer_claim(claim=obj, accepted=False, on=_now(obj.notice)["on"])

    @admin.display(description="customer")
    def customer(self, claim: MaterialClaim) -> str:
        return claim.notice.subscription.customer.name

    @admin.display(description="why")
    def why(self, claim: MaterialClaim) -> SafeString:
        time = "in time" if claim.in_time else "too late"
        return panel(of_row(f"The claim came {time}.", claim.sheet, claim.because))


@admin.register(SheetChange)
class SheetChangeAdmin(ReadOnlyAdmin):
    section = "Changes"
    about = "Contracts that went over to a new version of the terms. The daily run writes them down."
    icon = "swap_horiz"
    list_display = ("subscription", "customer", "on", "old_sheet", "new_sheet", "agreed")
    list_filter = ("agreed",)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fields = ("subscription", "amendment_notice", "on", "old_sheet", "new_sheet", "agreed", "why")
    readonly_fields = ("why",)

    @admin.display(description="why")
    def why(self, change: SheetChange) -> SafeString:
        sentence = f"From {day_words(change.on)} on the new version judges the contract; what was decided before stays."
        return panel(of_row(sentence, change.old_sheet, change.because))
