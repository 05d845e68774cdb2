"""The staff's lists of customers' people: administrators and end users. Both come and go by the product's own verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin.acts import ActsMixin
from accounts.admin.agreement_acts import USER_ACTS
from accounts.admin.persons import PersonActions
from accounts.admin.portal import send
from accounts.models import Administrator, Agreement, Assignment, EndUser, Membership, Subscription
from accounts.policy.administrators import Naming, tell_naming
from accounts.services import Guest, user_acceptance
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter
from backoffice.terms.book import book
from backoffice.terms.registry import rules
from backoffice.why import of_decision, of_row, panel


@admin.register(Administrator)
class AdministratorAdmin(PersonActions, ReadOnlyAdmin):
    section = "Customers"
    about = (
        "The people whom a customer named to manage its account with a vendor. The customer names them in the "
        "portal, as many as its contract allows."
    )
    icon = "manage_accounts"
    actions = ("invite_to_portal", "give_archive", "erase_person")
    list_display = ("name", "email", "customer", "contract", "slot", "added_on", "removed_on")
    list_filter = (VendorFilter,)
    list_select_related = ("customer",)
    search_help_text = "A customer's number, the beginning of a name, or an address."
    number_lookups = ("customer_id",)
    text_lookups = ("name__istartswith", "email__iexact", "customer__name__istartswith")
    fieldsets = (
        (None, {"fields": ("customer", "contract", "sheet", "name", "email", "phone", "slot")}),
        ("Days", {"fields": ("added_on", "removed_on", "why")}),
    )
    readonly_fields = ("contract", "why")

    @admin.action(description="Invite to the portal", permissions=["invite"])
    def invite_to_portal(self, request: HttpRequest, queryset: QuerySet[Administrator]) -> None:
        for one in queryset.select_related("customer"):
            send(self, request, Guest(one.email, Membership.Role.MANAGER, one.name), one.customer)

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.add_membership"))

    @admin.display(description="why")
    def why(self, administrator: Administrator) -> SafeString | str:
        if not administrator.because:
            return "The contract does not say who may be an administrator, nor how many there may be."
        sheet = book().sheet(administrator.sheet)
        limit = sheet.administrators.limit if sheet.administrators else None
        naming = Naming(True, "room", limit.value if limit else None)
        return panel(of_row(tell_naming(naming), administrator.sheet, administrator.because))


class AcceptedInline(ReadOnlyInline):
    model = Agreement
    fields = ("document", "accepted_at", "how", "accepted_by", "told_by", "evidence")
    verbose_name_plural = "texts that were accepted"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("document")


class HoldingInline(ReadOnlyInline):
    model = Assignment
    fields = ("licence", "from_on", "until_on", "asked_by")
    show_change_link = False


@admin.register(EndUser)
class EndUserAdmin(ActsMixin, PersonActions, ReadOnlyAdmin):
    section = "Customers"
    about = (
        "The people who use what a customer subscribes to. The customer enters them in the portal and gives them "
        "licences."
    )
    icon = "person_pin"
    actions = ("give_archive", "erase_person")
    list_display = ("username", "customer", "device_type", "created_on", "last_used_on", "left_on")
    list_select_related = ("customer",)
    search_help_text = "A customer's number, or the beginning of a username or of a customer's name."
    number_lookups = ("customer_id",)
    text_lookups = ("username__istartswith", "customer__name__istartswith")
    fields = ("customer", "username", "device_type", "created_on", "last_used_on", "left_on", "accepts", "buttons")
    readonly_fields = ("accepts", "buttons")
    inlines = (HoldingInline, AcceptedInline)
    acts = USER_ACTS
    shown = ()
    made = ("agreements",)

    @admin.display(description="what it has to accept")
    def accepts(self, user: EndUser) -> SafeString | str:
        """What each contract says whose licence names this person."""
        held = Subscription.objects.running().filter(licences__holder=user).order_by("id")
        rule = rules()["acceptance.user"]
        panels = [(panel(of_decision(rule, user_acceptance(user, one))),) for one in held]
        return format_html_join("", "{}", panels) or "Nothing: no licence names this person."
