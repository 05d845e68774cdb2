"""The staff's pages of whom changes of contracts reach, and what those customers do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts import services
from accounts.models import AmendmentExit, AmendmentNotice, MaterialClaim, SheetChange, Waiver
from accounts.policy.changes import WAIVING, tell_leaving
from accounts.reports.amendments import effect_words
from backoffice import days
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, VendorFilter, vendor_name
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


class DeedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """What a customer did about a change, or what is done for it."""

    words = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget,
        help_text="What the customer says, for a claim or a waiver.",
    )

    class Meta:
        model = AmendmentNotice
        fields = ()


@admin.register(AmendmentNotice)
class AmendmentNoticeAdmin(StaffAdmin):
    icon = "published_with_changes"
    form = DeedForm
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
    actions_submit_line = ("claim", "leave", "agree", "waive", "again")
    told = (
        "amendment", "subscription", "contract", "sheet", "state", "tell_on", "told_on", "given_on", "effective_on",
        "leave_until", "only_if_material", "may_dissolve", "keep_until", "moves_on", "done_on", "why",
    )  # fmt: skip
    readonly_fields = told

    def get_fieldsets(self, request: HttpRequest, obj: AmendmentNotice | None = None) -> Any:
        done = ((("What the customer does", {"fields": ("words",)})),) if self._open(obj) else ()
        return ((None, {"fields": self.told}), *done)

    def _open(self, notice: AmendmentNotice | None) -> bool:
        return notice is not None and bool(BUTTONS.get(AmendmentNotice.State(notice.state)))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self._open(obj))

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """The buttons that this person may press and this row is in a state for."""
        notice = self.get_object(request, unquote(str(object_id)))
        if not isinstance(notice, AmendmentNotice) or not self.has_change_permission(request, notice):
            return []
        may = BUTTONS[AmendmentNotice.State(notice.state)]
        return [one for one in super().get_actions_submit_line(request, object_id) if one.path in may]

    def save_model(self, request: HttpRequest, obj: AmendmentNotice, form: Any, change: bool) -> None:
        obj.__dict__["words"] = form.cleaned_data.get("words", "")
        try:
            for button in self.get_actions_submit_line(request, obj.pk):
                if button.action_name in request.POST:
                    button.method(request, obj)
        except services.NotPossible as refusal:
            obj.__dict__["refusal"] = refusal

    def response_change(self, request: HttpRequest, obj: AmendmentNotice) -> HttpResponse:
        """Says what came of it in place of the theme's word that all went well."""
        if refusal := obj.__dict__.get("refusal"):
            self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)
        return HttpResponseRedirect(request.path)

    @action(description="Note a claim that it affects the customer")  # type: ignore[untyped-decorator]  # no types there
    def claim(self, request: HttpRequest, obj: AmendmentNotice) -> None:
        claim = services.claim_material_effect(notice=obj, words=obj.__dict__["words"], **_now(obj))
        self.message_user(request, f"The claim {claim.get_state_display()}.")

    @action(description="The customer leaves, in writing")  # type: ignore[untyped-decorator]  # no types there
    def leave(self, request: HttpRequest, obj: AmendmentNotice) -> None:
        _, decision = services.leave_over_amendment(notice=obj, in_writing=True, **_now(obj))
        said = tell_leaving(decision.outcome) if decision.outcome else "The contract says nothing of leaving for it."
        self.message_user(request, said, messages.INFO if decision.outcome else messages.WARNING)

    @action(description="The customer agrees")  # type: ignore[untyped-decorator]  # no types there
    def agree(self, request: HttpRequest, obj: AmendmentNotice) -> None:
        services.agree_to_amendment(notice=obj, on=_now(obj)["on"])

    @action(description="Waive it: it would severely harm the customer")  # type: ignore[untyped-decorator]  # no types there
    def waive(self, request: HttpRequest, obj: AmendmentNotice) -> None:
        words = obj.__dict__["words"]
        _, decision = services.waive_amendment(notice=obj, severe=True, words=words, **_now(obj))
        said = WAIVING[decision.outcome.reason] if decision.outcome else "The contract says nothing of waiving it."
        self.message_user(request, said)

    @action(description="Tell the customer again")  # type: ignore[untyped-decorator]  # no types there
    def again(self, request: HttpRequest, obj: AmendmentNotice) -> None:
        services.tell_again(notice=obj, on=_now(obj)["on"])

    @admin.display(description="customer")
    def customer(self, notice: AmendmentNotice) -> str:
        return notice.subscription.customer.name

    @admin.display(description="change of")
    def subject(self, notice: AmendmentNotice) -> str:
        return notice.amendment.get_subject_display()

    @admin.display(description="contract", ordering="vendor")
    def contract(self, notice: AmendmentNotice) -> str:
        return vendor_name(notice.vendor)

    @admin.display(description="why")
    def why(self, notice: AmendmentNotice) -> SafeString:
        words = effect_words(notice)
        return panel(of_row(f"{words[0].upper()}{words[1:]}", notice.sheet, notice.because))


State = AmendmentNotice.State
BUTTONS = {
    State.PLANNED: ("waive",),
    State.TOLD: ("claim", "leave", "agree", "waive"),
    State.OFFERED: ("agree", "waive"),
    State.IN_EFFECT: ("claim", "leave"),
    State.UNTOLD: ("again",),
    State.LEFT: (),
    State.WAIVED: (),
    State.OVER: (),
}


def _now(notice: AmendmentNotice) -> dict[str, Any]:
    at = timezone.now()
    return {"on": days.today(notice.vendor, at), "at": at}


@admin.register(MaterialClaim)
class MaterialClaimAdmin(StaffAdmin):
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
    icon = "swap_horiz"
    list_display = ("subscription", "customer", "on", "old_sheet", "new_sheet", "agreed")
    list_filter = ("agreed",)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fields = ("subscription", "amendment_notice", "on", "old_sheet", "new_sheet", "agreed", "why")
    readonly_fields = ("why",)

    @admin.display(description="customer")
    def customer(self, change: SheetChange) -> str:
        return change.subscription.customer.name

    @admin.display(description="why")
    def why(self, change: SheetChange) -> SafeString:
        sentence = f"From {day_words(change.on)} on the new version judges the contract; what was decided before stays."
        return panel(of_row(sentence, change.old_sheet, change.because))
