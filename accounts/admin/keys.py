"""The keys that let programs in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import keys
from accounts.models import SCOPE_DECISIONS, SCOPES, ApiKey
from backoffice.admin import SYSTEM, StaffAdmin
from backoffice.pages.shell import page


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new key: whose, for what, until when."""

    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple, initial=[SCOPE_DECISIONS]
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError("This moment is over: the key would open nothing.")
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(StaffAdmin):
    section = SYSTEM
    about = "Keys with which programs use the API. A new key is shown once."
    icon = "key"
    form = KeyForm
    list_display = ("name", "prefix", "allows", "created_at", "expires_at", "last_used_at", "revoked_at")
    ordering = ("-id",)
    search_help_text = "The beginning of a name, or a key's first characters."
    text_lookups = ("name__istartswith", "prefix")
    number_lookups = ("pk",)
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "scopes", "expires_at")
        return ("name", "prefix", "allows", "created_at", "expires_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    @admin.display(description="allows")
    def allows(self, key: ApiKey) -> str:
        return "; ".join(SCOPES.get(scope, scope) for scope in key.scopes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is revoked from the list; nothing else about it ever changes."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        key, secret = keys.make_key(name=obj.name, scopes=obj.scopes, expires_at=obj.expires_at, at=timezone.now())
        obj.__dict__ |= key.__dict__ | {"secret": secret}

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the secret this once: it goes into no message, cookie or session that would outlive the page."""
        title = f"The key “{obj.name}” was made"
        return page(request, "key.html", title, key=obj, secret=obj.__dict__["secret"])

    @admin.action(description="Revoke the chosen keys for good", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        now = timezone.now()
        for key in queryset:
            keys.revoke(key, at=now)
            self.log_change(request, key, "Revoked.")
        self.message_user(request, "The chosen keys open nothing any more.", messages.SUCCESS)
