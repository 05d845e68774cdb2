"""The people who may sign in; only owners make and change them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.admin.persons import PersonActions
from accounts.models import User
from backoffice.admin import SYSTEM, OnlyOwnersChange, StaffAdmin


class NewUserForm(UserCreationForm):
    """A new person, whose address is kept in lower case."""

    class Meta:
        model = User
        fields = ("email", "name")
        widgets = {"email": UnfoldAdminEmailInputWidget}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class ChangedUserForm(UserChangeForm):
    """A person's rights and address."""

    class Meta:
        model = User
        fields = "__all__"
        labels = {
            "is_active": "May sign in",
            "is_staff": "Staff",
            "is_superuser": "Owner",
            "user_permissions": "Rights",
        }
        help_texts = {
            "is_active": "Switch it off for somebody who has left; nobody is deleted.",
            "is_staff": "Sees these pages, as far as the rights below go.",
            "is_superuser": "May do everything, and give rights to others.",
            "groups": "Gives the rights of each chosen group.",
            "user_permissions": "Rights beside those of the groups.",
        }

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


# A person's addresses are kept with the person, by the pages on which they sign in.
admin.site.unregister(EmailAddress)


@admin.register(User)
class PersonAdmin(PersonActions, OnlyOwnersChange, UserAdmin, StaffAdmin):  # type: ignore[misc, type-arg]
    section = SYSTEM
    about = (
        "Everybody who can sign in. Only owners add people and give rights; people of the portal come by invitation."
    )
    icon = "person"
    actions = ("give_archive", "erase_person")
    form = ChangedUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    ordering = ("email",)
    search_fields = ("pk",)  # type: ignore[misc]
    search_help_text = "The beginning of an address or of a name."
    text_lookups = ("email__startswith", "name__istartswith")
    fieldsets = (
        (None, {"fields": ("email", "name", "new_password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Days", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("new_password", "last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("email", "name", "is_staff", "usable_password", "password1", "password2")}),)

    @admin.display(description="password")
    def new_password(self, user: User) -> SafeString:
        address = reverse("admin:auth_user_password_change", args=(user.pk,))
        return format_html('<a class="text-link underline" href="{}">Set a new password</a>', address)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody is deleted: who signs in no longer is switched off, and erased by the one function that erases."""
        return False
