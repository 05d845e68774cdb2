"""The staff's list of what was given back, each with what it was worked out from."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from backoffice.admin import ReadOnlyAdmin, VendorFilter, money
from backoffice.why import of_row, panel
from billing.models import Refund


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    section = "Money"
    about = (
        "What was given back, with its why. It is quoted first and then given exactly so: after an end by the daily "
        "run, otherwise on the subscription's own page."
    )
    icon = "undo"
    list_display = ("__str__", "subscription", "contract", "amount_words", "paid_words", "borne_by", "executed_on")
    list_filter = ("kind", VendorFilter)
    list_select_related = ("subscription",)
    ordering = ("-id",)
    search_help_text = "A subscription's number."
    number_lookups = ("subscription_id",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "kind", "as_of", "quoted_on", "executed_on")}),
        ("Amounts", {"fields": ("amount_words", "fee_words", "paid_words", "channel", "borne_by")}),
        ("At our discretion", {"fields": ("approved_by", "reason")}),
        ("Why", {"fields": ("why",)}),
    )
    readonly_fields = ("contract", "amount_words", "fee_words", "paid_words", "why")

    @admin.display(description="comes back")
    def amount_words(self, refund: Refund) -> SafeString:
        return money(refund.amount, refund.currency)

    @admin.display(description="kept as a fee")
    def fee_words(self, refund: Refund) -> SafeString:
        return money(refund.fee, refund.currency)

    @admin.display(description="went out")
    def paid_words(self, refund: Refund) -> SafeString:
        return money(refund.paid, refund.currency)

    @admin.display(description="why")
    def why(self, refund: Refund) -> SafeString:
        return panel(of_row(refund.says, refund.sheet, refund.because))
