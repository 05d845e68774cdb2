"""The staff's pages of what comes from outside: events, force majeure, contracts handed on, and consents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import services
from accounts.models import RUNNING, Announcement, ForceMajeure, Handover, MovedDeadline, TransferConsent
from accounts.policy.assigning import ASSIGNING
from backoffice import days
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class NotedOnce(StaffAdmin):
    """Rows that staff write once, by one service, and only read afterwards."""

    asked: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.asked if obj is None else (*self.asked, *self.shown)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else (*self.asked, *self.shown)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Announcement)
class AnnouncementAdmin(NotedOnce):
    section = "Changes"
    about = (
        "What happened elsewhere and customers have to be told of. Add an event, and each contract that asks for "
        "it is told."
    )
    icon = "campaign"
    list_display = ("__str__", "vendor", "plan", "happened_on", "tell_on", "told_on")
    list_filter = ("kind", VendorFilter)
    search_help_text = "A number."
    asked = ("vendor", "kind", "plan", "text", "happened_on", "tell_on")
    shown = ("told_on",)

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        given = dict(form.cleaned_data)
        obj.__dict__ |= services.announce(on=given.pop("tell_on"), at=timezone.now(), **given).__dict__


class MovedInline(ReadOnlyInline):
    model = MovedDeadline
    fields = ("ticket", "breach", "old_due_on", "new_due_on")
    show_change_link = False


@admin.register(ForceMajeure)
class ForceMajeureAdmin(NotedOnce):
    section = "Changes"
    about = (
        "Events beyond anybody's control, which move deadlines. Add one when it begins, and say here when it is over."
    )
    icon = "thunderstorm"
    list_display = ("__str__", "vendor", "by", "began_on", "tell_by", "over_on", "dissolve_from")
    list_filter = ("by", VendorFilter)
    search_help_text = "A subscription's number."
    number_lookups = ("subscription_id",)
    autocomplete_fields = ("subscription",)
    inlines = (MovedInline,)
    asked = ("vendor", "subscription", "text", "began_on")
    shown = ("by", "told_on", "tell_by", "over_on", "dissolve_from", "why")
    actions_submit_line = ("over_today",)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.change_forcemajeure")) and (obj is None or obj.over_on is None)

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        event = self.get_object(request, unquote(str(object_id)))
        may = event is not None and self.has_change_permission(request, event)
        return super().get_actions_submit_line(request, object_id) if may else []

    def save_model(self, request: HttpRequest, obj: ForceMajeure, form: Any, change: bool) -> None:
        if change:
            for button in self.get_actions_submit_line(request, obj.pk):
                if button.action_name in request.POST:
                    button.method(request, obj)
            return
        at = timezone.now()
        today = days.today(form.cleaned_data["vendor"], at)
        obj.__dict__ |= services.note_force_majeure(**form.cleaned_data, on=today, at=at).__dict__

    def response_change(self, request: HttpRequest, obj: ForceMajeure) -> HttpResponse:
        return HttpResponseRedirect(request.path)

    @action(description="Today is the first day without it")  # type: ignore[untyped-decorator]  # no types there
    def over_today(self, request: HttpRequest, obj: ForceMajeure) -> None:
        moved = services.end_force_majeure(event=obj, over_on=days.today(obj.vendor, timezone.now()))
        self.message_user(request, f"{len(moved)} deadlines have moved.")

    @admin.display(description="why")
    def why(self, event: ForceMajeure) -> SafeString:
        told = f" The other party had to be told by {day_words(event.tell_by)}." if event.tell_by else ""
        left = f" Either may dissolve from {day_words(event.dissolve_from)}." if event.dissolve_from else ""
        return panel(of_row(f"It began on {day_words(event.began_on)}.{told}{left}", event.sheet, event.because))


RELATIONS = [("group", "a company of its group"), ("successor", "its corporate successor"), ("other", "somebody else")]


class HandoverForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A contract that is to be handed on."""

    relation = forms.ChoiceField(choices=RELATIONS, widget=UnfoldAdminSelectWidget, label="Who takes it over")

    class Meta:
        model = Handover
        fields = ("subscription", "to_customer", "relation", "consent", "told_in_writing", "bound")

    def clean(self) -> dict[str, Any]:
        """Says what the service would not do."""
        given = super().clean() or {}
        contract, to = given.get("subscription"), given.get("to_customer")
        if contract and to and contract.customer_id == to.pk:
            self.add_error("to_customer", "The contract is this customer's already.")
        if contract and contract.state not in RUNNING:
            self.add_error("subscription", "This contract does not run.")
        return given


@admin.register(Handover)
class HandoverAdmin(NotedOnce):
    section = "Contracts"
    about = (
        "Contracts that customers handed on to others. Add one to ask whether the contract allows it; what it "
        "does not allow changes nothing."
    )
    icon = "swap_calls"
    form = HandoverForm
    list_display = ("__str__", "from_customer", "to_customer", "relation", "allowed", "reason")
    list_filter = ("allowed",)
    list_select_related = ("subscription", "from_customer", "to_customer")
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("to_customer__name__istartswith", "from_customer__name__istartswith")
    autocomplete_fields = ("subscription", "to_customer")
    asked = ("subscription", "to_customer", "relation", "consent", "told_in_writing", "bound")
    shown = ("from_customer", "on", "allowed", "why")

    def save_model(self, request: HttpRequest, obj: Handover, form: Any, change: bool) -> None:
        given, at = dict(form.cleaned_data), timezone.now()
        contract, to = given.pop("subscription"), given.pop("to_customer")
        today = days.today(contract.vendor, at)
        kept = services.hand_contract_on(subscription=contract, to=to, on=today, at=at, **given).handover
        if not kept.allowed:
            self.message_user(request, "The contract does not allow it: nothing was handed on.", messages.WARNING)
        obj.__dict__ |= kept.__dict__

    @admin.display(description="why")
    def why(self, handover: Handover) -> SafeString | str:
        if handover.reason not in ASSIGNING:
            return "The contract does not say; it takes the vendor's consent."
        return panel(of_row(ASSIGNING[handover.reason], handover.sheet, handover.because))


@admin.register(TransferConsent)
class TransferConsentAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "Customers whose contract sends data to another country, and their consent to it. An order writes it down."
    icon = "public"
    list_display = ("customer", "vendor", "to_country", "on")
    list_filter = (VendorFilter,)
    list_select_related = ("customer",)
    search_help_text = "A customer's number, or the beginning of its name."
    number_lookups = ("customer_id",)
    text_lookups = ("customer__name__istartswith",)
    fields = ("customer", "vendor", "to_country", "on", "why")
    readonly_fields = ("why",)

    @admin.display(description="why")
    def why(self, consent: TransferConsent) -> SafeString:
        sentence = f"Who uses the service consents to its data going to {consent.get_to_country_display()}."
        return panel(of_row(sentence, consent.sheet, consent.because))
