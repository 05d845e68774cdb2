"""The staff's lists of what was agreed: who accepted which text, special terms, owners, and confirmations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import services
from accounts.models import Agreement, ConfirmationForm, Ownership, SignedPower, SpecialTerm
from accounts.policy.agreements import FormNeeded, tell_confirmation
from accounts.services.agreements import without_name, without_power
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, money, vendor_name
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class LacksFilter(admin.SimpleListFilter):
    """Agreements of which something is missing."""

    title = "what it lacks"
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("power", "the agent's power"), ("name", "who accepted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        lacking = {"power": without_power, "name": without_name}.get(self.value() or "")
        return queryset.filter(pk__in=lacking()) if lacking else queryset


class PowerInline(ReadOnlyInline):
    model = SignedPower
    fields = ("reference", "filed_on")
    show_change_link = False


WHOSE = ("customer", "subscription", "end_user", "reseller")


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    section = "Agreements"
    about = (
        "Who accepted which text, when, how and by what authority. Orders, the portal, and the page of a contract, a "
        "user or a reseller write it down."
    )
    icon = "handshake"
    list_display = ("document", "whose", "party", "accepted_by", "capacity", "how", "accepted_at")
    list_filter = ("party", "how", LacksFilter)
    list_select_related = ("document", "customer", "reseller", "end_user")
    search_help_text = "A customer's or a subscription's number, or the beginning of a customer's name."
    number_lookups = ("customer_id", "subscription_id")
    text_lookups = ("customer__name__istartswith",)
    fieldsets = (
        (
            None,
            {"fields": ("document", "sheet", "sha256", "party", *WHOSE)},
        ),
        ("Who accepted", {"fields": ("accepted_by", "accepted_role", "capacity", "authority")}),
        ("How", {"fields": ("accepted_at", "how", "told_by", "evidence")}),
    )
    inlines = (PowerInline,)

    @admin.display(description="whose")
    def whose(self, agreement: Agreement) -> str:
        return str(agreement.end_user or agreement.customer or agreement.reseller)


class PowerForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """The power of an agent who accepted; agreements that wait for one are offered."""

    class Meta:
        model = SignedPower
        fields = ("agreement", "reference", "filed_on")

    def clean_agreement(self) -> Agreement:
        agreement: Agreement = self.cleaned_data["agreement"]
        if agreement.capacity != Agreement.Capacity.AGENT:
            raise ValidationError("This was not accepted by an agent.")
        return agreement


@admin.register(SignedPower)
class SignedPowerAdmin(StaffAdmin):
    section = "Agreements"
    about = "Signed powers of agents who accepted for a customer. Add one when its paper has come in."
    icon = "history_edu"
    form = PowerForm
    list_display = ("agreement", "reference", "filed_on")
    list_select_related = ("agreement__document",)
    raw_id_fields = ("agreement",)
    search_help_text = "A customer's or an agreement's number."
    number_lookups = ("agreement_id", "agreement__customer_id")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SignedPower, form: Any, change: bool) -> None:
        kept = services.file_power(agreement=obj.agreement, reference=obj.reference, on=obj.filed_on)
        obj.__dict__ |= kept.__dict__


@admin.register(Ownership)
class OwnershipAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = "Who owns each service, and since when. An order and a change of hands write it down."
    icon = "key"
    list_display = ("subscription", "owner", "controller", "from_on", "until_on", "told_by")
    list_select_related = ("subscription", "owner")
    ordering = ("-id",)
    search_help_text = "A subscription's number, or the beginning of an owner's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("owner__name__istartswith",)
    fields = ("subscription", "owner", "controller", "from_on", "until_on", "told_by")


@admin.register(SpecialTerm)
class SpecialTermAdmin(ReadOnlyAdmin):
    section = "Agreements"
    about = "What was agreed with one customer alone, in place of what its contract says."
    icon = "edit_note"
    list_display = ("words", "customer", "reference", "from_on", "until_on")
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fields = ("subscription", "words", "key", "reference", "in_writing", "from_on", "until_on", "why")
    readonly_fields = ("why",)
    actions = ("end_today",)

    @admin.display(description="why it counts")
    def why(self, special: SpecialTerm) -> SafeString | str:
        if not special.because:
            return "The contract does not say whether special terms count; both have agreed to it."
        says = f"It judges this subscription from {day_words(special.from_on)} on."
        return panel(of_row(says, special.sheet, special.because))

    @admin.action(description="End today", permissions=["end"])
    def end_today(self, request: HttpRequest, queryset: QuerySet[SpecialTerm]) -> None:
        for special in queryset:
            try:
                services.end_special_term(special=special, on=timezone.localdate())
            except services.NotPossible as error:
                self.message_user(request, f"Nothing changed: {error}.", messages.ERROR)
                continue
            self.log_change(request, special, "Ended.")
            self.message_user(request, f"{special}: the contract's own value counts again.", messages.SUCCESS)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_specialterm"))


@admin.register(ConfirmationForm)
class ConfirmationFormAdmin(ReadOnlyAdmin):
    section = "Agreements"
    about = "Forms that confirm an order, where the contract has one. Open one to print it."
    icon = "receipt"
    list_display = ("subscription", "customer", "product", "customer_class", "start", "months", "amount", "licences")
    list_select_related = ("subscription__customer",)
    list_filter = ("customer_class",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "customer_class", "business_use", "made_at", "print_it")}),
        ("What was confirmed", {"fields": ("product", "start", "months", "amount", "licences", "why")}),
    )
    readonly_fields = ("contract", "amount", "print_it", "why")

    @admin.display(description="contract")
    def contract(self, form: ConfirmationForm) -> str:
        return vendor_name(form.subscription.vendor)

    @admin.display(description="price")
    def amount(self, form: ConfirmationForm) -> SafeString:
        return money(form.price, form.currency)

    @admin.display(description="paper")
    def print_it(self, form: ConfirmationForm) -> SafeString:
        address = reverse("admin:accounts_confirmationform_print", args=(form.pk,))
        return format_html('<a class="underline" href="{}">To print</a>', address)

    @admin.display(description="why")
    def why(self, form: ConfirmationForm) -> SafeString:
        names = ("product", "start", "term", "price", *(("licences",) if form.licences is not None else ()))
        return panel(of_row(tell_confirmation(FormNeeded(True, "form", names)), form.sheet, form.because))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.print_page)
        return [path("<int:number>/print/", view, name="accounts_confirmationform_print"), *super().get_urls()]

    def print_page(self, request: HttpRequest, number: int) -> HttpResponse:
        """The form on one sheet of paper."""
        form = get_object_or_404(ConfirmationForm.objects.select_related("subscription__customer"), pk=number)
        if not self.has_view_permission(request, form):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {"form": form, "title": "Confirmation", "contract": self.contract(form)}
        return TemplateResponse(request, "accounts/confirmation.html", context)
