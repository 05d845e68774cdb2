"""The staff's list of customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Customer, Subscription
from backoffice.admin import ReadOnlyInline, StaffAdmin


class SubscriptionInline(ReadOnlyInline):
    model = Subscription
    fields = ("plan", "vendor", "quantity", "state", "start", "ends_on")


@admin.register(Customer)
class CustomerAdmin(StaffAdmin):
    icon = "groups"
    list_display = ("name", "email", "country", "language", "created_at")
    ordering = ("-id",)
    search_help_text = "A customer's number, or the beginning of a name or an address."
    text_lookups = ("name__istartswith", "email__istartswith")
    fields = ("name", "email", "language", "country", "created_at")
    readonly_fields = ("created_at",)
    inlines = (SubscriptionInline,)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
