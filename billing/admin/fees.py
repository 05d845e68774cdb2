"""The staff's list of work and use that is charged for by itself: quoted here, approved, charged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.admin.act_forms import ActForm, line_field
from accounts.admin.acts import Act, ActsMixin
from accounts.services import NotPossible
from backoffice import days
from backoffice.admin import StaffAdmin, VendorFilter, money
from backoffice.terms.decision import Decision
from backoffice.why import of_row, panel
from billing.admin.dispute_acts import amount_field
from billing.models import FeeOrder
from billing.services import fees

ASKED = ("subscription", "kind", "text", "estimate")


class QuoteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """What is to be done or was used, and what it is expected to cost; the customer is told as it is kept."""

    unit_price = amount_field("Price of one (empty where the contract names it)", required=False)

    class Meta:
        model = FeeOrder
        fields = ASKED

    def full_clean(self) -> None:
        """Writes it down once nothing else is wrong, so that what the contract refuses is said on the form."""
        super().full_clean()
        if self.is_bound and not self.errors:
            at = timezone.now()
            today = days.today(self.cleaned_data["subscription"].vendor, at)
            try:
                with transaction.atomic():
                    self.quoted = fees.quote_fee(**self.cleaned_data, on=today, at=at)
            except ValidationError as refusal:
                self.add_error(None, refusal.messages[0])
            except (NotPossible, ValueError) as refusal:
                self.add_error(None, f"Nothing was quoted: {refusal}.")


class ApproveForm(ActForm):
    administrator = line_field("E-mail of the administrator who approved it", 254)
    backup_confirmed = forms.BooleanField(label="The customer has a backup", required=False)


class ChargeForm(ActForm):
    units = forms.DecimalField(
        label="Hours or units that it really was",
        min_value=0,
        max_digits=9,
        decimal_places=2,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
    )


def _approve(row: FeeOrder, given: Mapping[str, Any], on: date, at: datetime) -> Decision[Any]:
    return fees.approve_fee(order=row, at=at, **given)


def _charge(row: FeeOrder, given: Mapping[str, Any], on: date, at: datetime) -> Decision[Any]:
    units: Decimal = given["units"]
    return fees.charge_fee(order=row, units=units, on=on, at=at)


@admin.register(FeeOrder)
class FeeOrderAdmin(ActsMixin, StaffAdmin):
    section = "Money"
    about = (
        "Work, or use beyond the service, that a contract lets be charged for. Add one, and the customer is told what "
        "it costs; then note who approved it, and charge it once it is done."
    )
    icon = "handyman"
    form = QuoteForm
    list_display = ("__str__", "customer", "contract", "estimate", "told_on", "approved_at", "do_by", "charged_on")
    list_filter = ("kind", VendorFilter)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    autocomplete_fields = ("subscription",)
    acts = (
        Act(
            "approve", "Note that it is approved", _approve, ApproveForm, "fee.service",
            lambda row: row.approved_at is None and row.bill_id is None,
        ),
        Act("charge", "Charge it", _charge, ChargeForm, "fee.service", lambda row: row.bill_id is None),
    )  # fmt: skip
    shown = ("approved_by", "do_by", "charged_on")
    made = ("bill",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return (*ASKED, "unit_price")
        told = ("told_on", "approved_at", "approved_by", "backup_confirmed", "do_by", "units", "charged_on", "bill")
        return (*ASKED, "unit_price_words", *told, "why", "buttons")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was quoted stays; the rest is done by its buttons."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FeeOrder, form: Any, change: bool) -> None:
        obj.__dict__ |= form.quoted.__dict__

    @admin.display(description="price of one")
    def unit_price_words(self, order: FeeOrder) -> SafeString | str:
        if order.unit_price is None:
            return "as the contract says"
        return money(order.unit_price, order.subscription.terms.currency.value)

    @admin.display(description="why")
    def why(self, order: FeeOrder) -> SafeString:
        return panel(of_row(f"{order}.", order.sheet, order.because))
