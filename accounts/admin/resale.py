"""The staff's lists of what vendors have allowed to be passed on, and of the orders that ask for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts import services
from accounts.models import ResaleOrder, ResalePermission
from accounts.policy.resale import BARRED
from accounts.reports.agreements import resale_words
from backoffice.admin import ReadOnlyAdmin, StaffAdmin, VendorFilter
from backoffice.why import of_row, panel


class PermissionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """What a vendor has allowed in writing."""

    class Meta:
        model = ResalePermission
        fields = ("vendor", "kind", "reference", "customer", "reseller", "from_on", "until_on")


@admin.register(ResalePermission)
class ResalePermissionAdmin(StaffAdmin):
    section = "Contracts"
    about = (
        "What vendors have allowed in writing to be sold on. Add a paper as soon as it is signed: orders wait for it."
    )
    icon = "verified"
    form = PermissionForm
    list_display = ("reference", "kind", "contract", "customer", "reseller", "from_on", "until_on")
    list_filter = (VendorFilter, "kind")
    list_select_related = ("customer", "reseller")
    raw_id_fields = ("customer", "reseller")
    search_help_text = "A customer's number, or the beginning of a paper's name."
    number_lookups = ("customer_id",)
    text_lookups = ("reference__istartswith",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ResalePermission, form: Any, change: bool) -> None:
        kept = services.record_permission(
            vendor=obj.vendor,
            kind=obj.kind,
            reference=obj.reference,
            customer=obj.customer,
            reseller=obj.reseller,
            from_on=obj.from_on,
            until_on=obj.until_on,
            at=timezone.now(),
        )
        obj.__dict__ |= kept.__dict__


class BlockedFilter(admin.SimpleListFilter):
    """Orders that the contract barred."""

    title = "what came of it"
    parameter_name = "blocked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "blocked"), ("no", "permitted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(reason__in=BARRED)
        return queryset.exclude(reason__in=BARRED) if self.value() else queryset


@admin.register(ResaleOrder)
class ResaleOrderAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = "Orders that are meant to be sold on, and by which permission. An order that nothing permits is blocked."
    icon = "storefront"
    list_display = ("plan", "quantity", "customer", "contract", "asked_on", "subscription", "permission")
    list_filter = (BlockedFilter, VendorFilter)
    list_select_related = ("customer", "subscription", "permission")
    search_help_text = "A customer's number, or the beginning of a customer's name."
    number_lookups = ("customer_id",)
    text_lookups = ("customer__name__istartswith",)
    fields = ("customer", "contract", "sheet", "plan", "quantity", "asked_on", "subscription", "permission", "why")
    readonly_fields = ("contract", "why")

    @admin.display(description="why")
    def why(self, order: ResaleOrder) -> SafeString | str:
        if not order.because:
            return resale_words(order)
        return panel(of_row(resale_words(order), order.sheet, order.because))
