"""The staff's list of contact data in doubt, and the page to ask for proof of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts import contact
from accounts.models import ContactDoubt
from accounts.refusals import NotPossible
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel

ASKED = ("customer", "vendor", "part")


class ProofForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """Proof that is asked for."""

    class Meta:
        model = ContactDoubt
        fields = ASKED

    def full_clean(self) -> None:
        """Asks once nothing else is wrong, so that a contract that gives no right to it is told of on the form."""
        super().full_clean()
        if self.is_bound and not self.errors:
            asked = contact.ask_proof(**self.cleaned_data, on=timezone.now().date())
            if asked.doubt is None:
                self.add_error("part", "This contract does not let us ask for proof of this.")
            self.asked = asked.doubt


@admin.register(ContactDoubt)
class ContactDoubtAdmin(StaffAdmin):
    section = "Customers"
    about = (
        "Addresses and other contact data that may be wrong: a letter came back, or proof was asked for. Add one "
        "to ask a customer for proof."
    )
    icon = "contact_support"
    form = ProofForm
    list_display = ("customer", "part", "why", "contract", "since", "asked_on", "settled", "settled_on")
    list_filter = ("settled", "why", "part", VendorFilter)
    list_select_related = ("customer",)
    search_help_text = "A customer's number, or the beginning of its name."
    number_lookups = ("customer_id",)
    text_lookups = ("customer__name__istartswith",)
    autocomplete_fields = ("customer",)
    actions = ("proven",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ASKED
        told = ("customer", "part", "why", "contract", "notice", "since", "asked_on", "settled", "settled_on")
        return (*told, "clauses")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("contract", "clauses") if obj is not None else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ContactDoubt, form: Any, change: bool) -> None:
        obj.__dict__ |= form.asked.__dict__

    @admin.action(description="It was proven today", permissions=["change"])
    def proven(self, request: HttpRequest, queryset: QuerySet[ContactDoubt]) -> None:
        for doubt in queryset:
            try:
                contact.note_proof(doubt=doubt, on=timezone.now().date())
            except NotPossible as refusal:
                self.message_user(request, f"Nothing was noted: {refusal}.", messages.ERROR)
                continue
            self.log_change(request, doubt, "Proven.")
            self.message_user(request, f"{doubt}: proven.", messages.SUCCESS)

    @admin.display(description="clauses")
    def clauses(self, doubt: ContactDoubt) -> SafeString | str:
        if not doubt.because:
            return "The contract does not say what of its data a customer must keep current."
        return panel(of_row(f"It is in doubt since {day_words(doubt.since)}.", doubt.sheet, doubt.because))


class DoubtInline(ReadOnlyInline):
    """On the customer's page."""

    model = ContactDoubt
    fields = ("part", "why", "since", "asked_on", "settled", "settled_on")
    verbose_name_plural = "contact data in doubt"
