"""The staff's list of customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import contact
from accounts.admin.acts import ActsMixin
from accounts.admin.agreement_acts import CUSTOMER_ACTS
from accounts.admin.contact import DoubtInline
from accounts.admin.persons import PersonActions
from accounts.admin.story import story_page
from accounts.models import Administrator, Customer, Subscription
from accounts.services import NotPossible, note_verification
from accounts.services.eligibility import reconsider
from accounts.services.screenings import look_again
from backoffice.admin import ReadOnlyInline, StaffAdmin


class SubscriptionInline(ReadOnlyInline):
    model = Subscription
    fields = ("plan", "vendor", "quantity", "state", "start", "ends_on")


class AdministratorInline(ReadOnlyInline):
    model = Administrator
    fields = ("name", "email", "vendor", "slot", "added_on", "removed_on")


@admin.register(Customer)
class CustomerAdmin(ActsMixin, PersonActions, StaffAdmin):
    section = "Customers"
    about = (
        "Everybody who buys, whether from us or from a reseller. Add a customer before its first order; the "
        "whole story of one stands on its own page."
    )
    icon = "groups"
    list_display = ("name", "story", "kind", "email", "country", "verification", "created_at")
    list_filter = ("kind", "verification")
    ordering = ("-id",)
    search_help_text = "A customer's number, or the beginning of a name or an address."
    text_lookups = ("name__istartswith", "email__istartswith")
    fieldsets = (
        (None, {"fields": ("kind", "name", "contact_name", "language", "time_zone", "created_at", "story")}),
        ("How to reach it", {"fields": ("email", "billing_email", "phone")}),
        ("Postal address", {"fields": ("street", "postcode", "city", "region", "country")}),
        ("As a business", {"fields": ("vat_id", "business_attested_on", "affiliate_of")}),
        ("Who sells to it", {"fields": ("reseller", "billed_by")}),
        ("Who it is", {"fields": ("verification", "verification_on", "users_known_on", "buttons")}),
    )
    readonly_fields = ("created_at", "verification", "verification_on", "story", "buttons")
    acts = CUSTOMER_ACTS
    shown = ()
    made = ("declaration_breaches",)
    autocomplete_fields = ("reseller", "affiliate_of")
    inlines = (SubscriptionInline, AdministratorInline, DoubtInline)
    actions = ("ask_who_it_is", "verified", "not_accepted", "give_archive", "erase_person")

    def get_urls(self) -> list[URLPattern]:
        page = path("<int:pk>/story/", self.admin_site.admin_view(story_page), name="accounts_customer_story")
        return [page, *super().get_urls()]

    @admin.display(description="story")
    def story(self, customer: Customer) -> SafeString | str:
        if customer._state.adding:
            return "It begins with the first order."
        return format_html(
            '<a href="{}">whole story</a>', reverse("admin:accounts_customer_story", args=(customer.pk,))
        )

    @admin.action(description="Note: asked today who they are", permissions=["change"])
    def ask_who_it_is(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._note(request, queryset, Customer.Verification.ASKED)

    @admin.action(description="Note: verified today", permissions=["change"])
    def verified(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._note(request, queryset, Customer.Verification.VERIFIED)

    @admin.action(description="Note: not accepted today", permissions=["change"])
    def not_accepted(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        self._note(request, queryset, Customer.Verification.REFUSED)

    def _note(self, request: HttpRequest, customers: QuerySet[Customer], state: Customer.Verification) -> None:
        for customer in customers:
            try:
                known = note_verification(customer=customer, state=state, on=timezone.now().date())
            except NotPossible as error:
                self.message_user(request, f"Nothing was noted: {error}.", messages.ERROR)
                continue
            self.log_change(request, known, f"Verification: {state.label}.")
            self.message_user(request, f"{known}: {state.label}.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)
        contact.corrected(obj, form.changed_data, on=timezone.now().date())
        if change:
            reconsider(customer=obj, on=timezone.now().date())
            look_again(customer=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
