"""Resellers, and who comes into the portal: staff invite people, and take back what they may see."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from accounts.admin.acts import ActsMixin
from accounts.admin.agreement_acts import RESELLER_ACTS
from accounts.models import Agreement, Customer, Membership, Reseller
from accounts.portal.invitations import send_invitation
from accounts.services import Guest, NotPossible, invite
from backoffice.admin import ReadOnlyInline, StaffAdmin

NOT_SENT = "The invitation could not be mailed. Choose it in the list and send it again."


def send(model_admin: Any, request: HttpRequest, guest: Guest, to: Reseller | Customer) -> Membership | None:
    """Invites a person and writes to them; None, with the reason on the page, where that is not possible."""
    try:
        invited = invite(guest=guest, to=to, at=timezone.now())
    except NotPossible as refusal:
        model_admin.message_user(request, f"Nobody was invited: {refusal}.", messages.ERROR)
        return None
    try:
        send_invitation(request, invited)
    except (OSError, SMTPException):
        model_admin.message_user(request, NOT_SENT, messages.ERROR)
    else:
        model_admin.message_user(request, f"{invited.membership.user} was written to.", messages.SUCCESS)
    return invited.membership


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ("user", "role", "created_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user")


class AcceptedInline(ReadOnlyInline):
    model = Agreement
    fields = ("document", "accepted_at", "how", "accepted_by", "capacity", "authority")
    verbose_name_plural = "texts that were accepted"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("document")


class CustomerInline(ReadOnlyInline):
    model = Customer
    fields = ("name", "email", "billed_by")


@admin.register(Reseller)
class ResellerAdmin(ActsMixin, StaffAdmin):
    section = "Customers"
    about = "Companies that sell on to customers of their own. Add one, then invite its people to the portal."
    icon = "storefront"
    list_display = ("name", "email", "country", "created_at")
    ordering = ("name",)
    search_help_text = "A reseller's number, or the beginning of a name or an address."
    text_lookups = ("name__istartswith", "email__istartswith")
    fields = ("name", "email", "country", "language", "created_at", "buttons")
    readonly_fields = ("created_at", "buttons")
    inlines = (MembershipInline, CustomerInline, AcceptedInline)
    acts = RESELLER_ACTS
    shown = ()
    made = ("agreements",)
    actions = ("invite_somebody",)

    @admin.action(description="Invite somebody to the portal", permissions=["change"])
    def invite_somebody(self, request: HttpRequest, queryset: QuerySet[Reseller]) -> HttpResponseRedirect | None:
        if len(queryset) != 1:
            self.message_user(request, "Choose one reseller.", messages.ERROR)
            return None
        return HttpResponseRedirect(f"{reverse('admin:accounts_membership_add')}?reseller={queryset[0].pk}")

    def get_inlines(self, request: HttpRequest, obj: Reseller | None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Reseller, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """Who is invited, to what, as what."""

    email = forms.EmailField(label="E-mail", widget=UnfoldAdminEmailInputWidget)
    name = forms.CharField(max_length=200, required=False, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Membership
        fields = ("email", "name", "reseller", "customer", "role")
        help_texts = {"customer": "For one of its administrators; leave one of the two empty."}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("reseller")) == bool(given.get("customer")):
            raise forms.ValidationError("Choose a reseller or a customer.")
        return given


@admin.register(Membership)
class MembershipAdmin(StaffAdmin):
    section = "Customers"
    about = (
        "Who may sign in to the portal, for which reseller or customer, and as what. Adding somebody sends an "
        "invitation by mail."
    )
    icon = "contact_mail"
    form = InvitationForm
    list_display = ("user", "role", "reseller", "customer", "has_signed_in", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "reseller", "customer")
    ordering = ("-id",)
    search_help_text = "A reseller's number, an address, or the beginning of a reseller's or customer's name."
    number_lookups = ("reseller_id",)
    text_lookups = ("user__email", "reseller__name__istartswith", "customer__name__istartswith")
    autocomplete_fields = ("reseller", "customer")
    actions = ("send_again",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("email", "name", "reseller", "customer", "role")
        return ("user", "reseller", "customer", "role", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody with another role is invited again; nothing else about a membership changes."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        given = form.cleaned_data
        guest = Guest(given["email"], given["role"], given["name"])
        made = send(self, request, guest, given["reseller"] or given["customer"])
        if made is not None:
            obj.__dict__ |= made.__dict__

    def response_add(self, request: HttpRequest, obj: Membership, post_url_continue: str | None = None) -> Any:
        """Says only what ``send`` has said, in place of the theme's word that all went well."""
        return HttpResponseRedirect(reverse("admin:accounts_membership_changelist"))

    def log_addition(self, request: HttpRequest, obj: Membership, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.pk else None

    @admin.display(description="has signed in", boolean=True)
    def has_signed_in(self, membership: Membership) -> bool:
        return membership.user.last_login is not None

    @admin.action(description="Send the invitation again", permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "reseller", "customer"):
            to = membership.reseller or membership.customer
            if to is not None:
                send(self, request, Guest(membership.user.email, membership.role), to)
