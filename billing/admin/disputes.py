"""The staff's list of bills that are disputed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from backoffice.admin import ReadOnlyAdmin, VendorFilter, money
from backoffice.why import of_row, panel
from billing.models import Dispute


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    section = "Money"
    about = (
        "Bills that customers dispute, with what was found. A dispute is noted and answered on the bill's own page; "
        "what is found right is credited by itself when fees are next due."
    )
    icon = "gavel"
    list_display = ("__str__", "invoice", "contract", "disputed_words", "raised_on", "deadline", "state", "credit_on")
    list_filter = ("state", VendorFilter)
    list_select_related = ("invoice",)
    ordering = ("-id",)
    search_help_text = "The exact number of a bill."
    text_lookups = ("invoice__number",)
    fieldsets = (
        (None, {"fields": ("invoice", "contract", "state", "disputed_words", "facts")}),
        ("Days", {"fields": ("raised_on", "deadline", "answered_on", "credit_on")}),
        ("What became of it", {"fields": ("answer", "credited_words", "credit", "notice")}),
        ("Why", {"fields": ("why",)}),
    )
    readonly_fields = ("contract", "disputed_words", "credited_words", "why")

    @admin.display(description="disputed")
    def disputed_words(self, dispute: Dispute) -> SafeString:
        return money(dispute.disputed, dispute.invoice.currency)

    @admin.display(description="credited")
    def credited_words(self, dispute: Dispute) -> SafeString:
        return money(dispute.credit_amount, dispute.invoice.currency)

    @admin.display(description="why")
    def why(self, dispute: Dispute) -> SafeString:
        return panel(of_row(f"{dispute}.", dispute.sheet, dispute.because))
