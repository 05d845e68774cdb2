"""The ledger as staff read it: entry by entry, with both sides and the clauses."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter, money
from backoffice.why import of_row, panel
from billing.models import Entry, Leg


class LegsInline(ReadOnlyInline):
    """Which accounts an entry moves, and by how much."""

    model = Leg
    fields = ("account", "customer", "invoice", "debit", "credit")
    readonly_fields = ("debit", "credit")

    @admin.display(description="debit")
    def debit(self, leg: Leg) -> SafeString | str:
        return money(leg.amount, leg.currency) if leg.minor > 0 else ""

    @admin.display(description="credit")
    def credit(self, leg: Leg) -> SafeString | str:
        return money(-leg.amount, leg.currency) if leg.minor < 0 else ""


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The ledger, entry by entry, with its clauses."""

    section = "Money"
    about = "The ledger: every entry with the sides that it balances. What moves money writes it, and it never changes."
    icon = "menu_book"
    list_display = ("on", "text", "kind", "contract")
    list_display_links = ("text",)
    list_filter = (VendorFilter,)
    ordering = ("-id",)
    inlines = (LegsInline,)
    search_help_text = "The exact name of what made an entry due, as invoice/period/12/3."
    text_lookups = ("key",)
    fieldsets = (
        (None, {"fields": ("on", "text", "kind", "contract", "key")}),
        ("Why", {"fields": ("why",)}),
    )
    readonly_fields = ("contract", "why")

    @admin.display(description="why")
    def why(self, entry: Entry) -> SafeString | str:
        return panel(of_row(f"{entry.text}.", entry.sheet, entry.because)) if entry.sheet else "No contract decided it."
