"""What customers declared, and what was found to be untrue."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString

from accounts.models import Declaration, DeclarationBreach
from accounts.policy.declarations import Declared, tell_declared
from backoffice.admin import ReadOnlyAdmin, VendorFilter
from backoffice.why import of_row, panel


@admin.register(Declaration)
class DeclarationAdmin(ReadOnlyAdmin):
    section = "Agreements"
    about = "What customers declared when they ordered, where their contract asks for it."
    icon = "approval"
    list_display = ("subscription", "customer", "kind", "declared_on", "declared_by")
    list_filter = ("kind",)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number."
    number_lookups = ("subscription_id",)
    fields = ("subscription", "kind", "declared_on", "declared_by", "text_sha256", "sheet", "why")
    readonly_fields = ("why",)

    @admin.display(description="why")
    def why(self, declaration: Declaration) -> SafeString:
        told = f"The customer declares that it {declaration.get_kind_display()}."
        return panel(of_row(told, declaration.sheet, declaration.because))


@admin.register(DeclarationBreach)
class DeclarationBreachAdmin(ReadOnlyAdmin):
    section = "Agreements"
    about = "Declarations that turned out not to be true, and what follows from it."
    icon = "gpp_bad"
    list_display = ("customer", "contract", "kind", "found_on", "void", "refund_lost", "commission_lost")
    list_filter = (VendorFilter,)
    list_select_related = ("customer",)
    ordering = ("-id",)
    search_help_text = "A customer's number."
    number_lookups = ("customer_id",)
    fields = ("customer", "contract", "kind", "found_on", "found_by", "why")
    readonly_fields = ("contract", "why")

    @admin.display(description="why")
    def why(self, breach: DeclarationBreach) -> SafeString:
        found = Declared((), (), breach.void, breach.refund_lost, breach.commission_lost)
        return panel(of_row(tell_declared(found), breach.sheet, breach.because))
