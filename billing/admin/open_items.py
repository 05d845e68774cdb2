"""The staff's list of what customers still owe, the longest due first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.admin import ReadOnlyAdmin, VendorFilter, money
from billing.models import OPEN, OpenItem


@admin.register(OpenItem)
class OpenItemAdmin(ReadOnlyAdmin):
    section = "Money"
    about = "What customers still owe, invoice by invoice. An invoice leaves this list when all of it is paid."
    icon = "hourglass_bottom"
    list_display = ("number", "customer", "vendor", "due_on", "owed_words", "principal_words")
    list_display_links = None
    list_filter = (VendorFilter, "rate_missing")
    list_select_related = ("invoice", "customer")
    ordering = ("due_on", "invoice_id")
    search_help_text = "An invoice's exact number, or the beginning of a customer's name."
    text_lookups = ("invoice__number", "customer__name__istartswith")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(OPEN)

    @admin.display(description="invoice", ordering="invoice_id")
    def number(self, item: OpenItem) -> SafeString:
        address = reverse("admin:billing_invoice_change", args=(item.invoice_id,))
        return format_html('<a class="text-link underline" href="{}">{}</a>', address, item.invoice.number)

    @admin.display(description="still owed")
    def owed_words(self, item: OpenItem) -> SafeString:
        return money(item.owed, item.invoice.currency)

    @admin.display(description="without late charges")
    def principal_words(self, item: OpenItem) -> SafeString:
        return money(item.principal, item.invoice.currency)
