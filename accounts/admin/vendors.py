"""The staff's pages of our own contracts with vendors, and of the days by which we have to act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts import services
from accounts.admin.acts import ActsMixin
from accounts.admin.vendor_acts import VENDOR_ACTS
from accounts.models import VendorClock, VendorContract
from accounts.reports.vendors import clock_words
from backoffice import days
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.question import QuestionError
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel

ASKED = ("vendor", "reference", "plan", "subscription", "quantity", "start", "cycle_months", "commitment")
TOLD = ("sheet", "opens_on", "ends_on", "why", "buttons", "theirs")


class VendorContractForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A contract that we signed."""

    class Meta:
        model = VendorContract
        fields = ASKED

    def clean(self) -> dict[str, Any]:
        """Asks what the service would refuse."""
        given = super().clean() or {}
        if not self.errors:
            try:
                services.draft_vendor_contract(supply=services.Supply(**given), at=timezone.now())
            except ValidationError as refusal:
                raise ValidationError(refusal.messages) from refusal
            except (QuestionError, KeyError) as refusal:
                raise ValidationError(str(refusal)) from refusal
        return given


class ClockInline(ReadOnlyInline):
    model = VendorClock
    fields = ("kind", "about", "due_on", "binds_on", "state")


@admin.register(VendorContract)
class VendorContractAdmin(ActsMixin, StaffAdmin):
    section = "Vendors"
    about = "Contracts in which we are the vendor's customer. Add one that was signed, and its deadlines are watched."
    icon = "handshake"
    form = VendorContractForm
    list_display = ("__str__", "plan", "quantity", "start", "cycle_months", "opens_on", "ends_on")
    list_filter = (VendorFilter,)
    search_help_text = "A subscription's number, or the beginning of the vendor's number."
    number_lookups = ("subscription_id",)
    text_lookups = ("reference__istartswith",)
    autocomplete_fields = ("subscription",)
    inlines = (ClockInline,)
    acts = VENDOR_ACTS
    shown = ("ends_on",)
    made = ("clocks",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ASKED if obj is None else (*ASKED, *TOLD)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else (*ASKED, *TOLD)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: VendorContract, form: Any, change: bool) -> None:
        supply = services.Supply(**{name: form.cleaned_data[name] for name in ASKED})
        obj.__dict__ |= services.sign_vendor_contract(supply=supply, at=timezone.now()).__dict__

    @admin.display(description="what the vendor does")
    def theirs(self, contract: VendorContract) -> SafeString:
        """The page on which a notice from the vendor is written down, with what is known of it filled in."""
        known = {"sender": "vendor", "vendor": contract.vendor, "subscription": contract.subscription_id or ""}
        address = f"{reverse('admin:accounts_receivednotice_add')}?{urlencode(known)}"
        return format_html('<a class="text-link underline" href="{}">Note a notice that it gave us</a>', address)

    @admin.display(description="why it ends")
    def why(self, contract: VendorContract) -> SafeString | str:
        if contract.ends_on is None:
            return "Nobody gave notice to stop."
        return panel(of_row(f"{day_words(contract.ends_on)} is its last day.", contract.sheet, contract.ends_because))


@admin.register(VendorClock)
class VendorClockAdmin(StaffAdmin):
    section = "Vendors"
    about = (
        "Days by which we have to act toward a vendor. They follow from the contracts with vendors; open one to "
        "say that it is done."
    )
    icon = "alarm"
    list_display = ("contract", "kind", "about", "binds_on", "due_on", "customers_day", "state", "warned_on")
    list_filter = ("state", "kind", VendorFilter)
    list_select_related = ("contract",)
    search_help_text = "The beginning of the vendor's number of the contract."
    number_lookups = ("contract_id",)
    text_lookups = ("contract__reference__istartswith",)
    fields = (
        "contract", "kind", "about", "due_on", "customers_day", "binds_on", "warn_on", "state", "warned_on",
        "missed_on", "met_on", "notice", "why",
    )  # fmt: skip
    readonly_fields = fields
    actions_submit_line = ("done",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        to_do = (VendorClock.State.OPEN, VendorClock.State.MISSED)
        return super().has_change_permission(request, obj) and (obj is None or obj.state in to_do)

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        clock = self.get_object(request, unquote(str(object_id)))
        may = clock is not None and self.has_change_permission(request, clock)
        return super().get_actions_submit_line(request, object_id) if may else []

    def save_model(self, request: HttpRequest, obj: VendorClock, form: Any, change: bool) -> None:
        for button in self.get_actions_submit_line(request, obj.pk):
            if button.action_name in request.POST:
                button.method(request, obj)

    @action(description="It is done")  # type: ignore[untyped-decorator]  # no types there
    def done(self, request: HttpRequest, obj: VendorClock) -> None:
        services.meet(clock=obj, on=days.today(obj.vendor, timezone.now()))

    @admin.display(description="why")
    def why(self, clock: VendorClock) -> SafeString:
        return panel(of_row(clock_words(clock), clock.sheet, clock.because))
