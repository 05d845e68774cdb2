"""The staff's list of prices, and the form that adds one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from backoffice.admin import StaffAdmin, VendorFilter, money
from backoffice.terms.book import book
from backoffice.terms.money import minor_digits, to_minor
from billing.models import Price
from billing.services import set_price

# What a bigint of minor units holds, with room to multiply by a quantity.
DIGITS = 15


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A price as people write it, in the currency that the contract bills in."""

    amount = forms.DecimalField(
        min_value=0,
        max_digits=DIGITS,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
        help_text="For one unit and one whole period, in the contract's own currency, as 675.00.",
    )

    class Meta:
        model = Price
        fields = ("vendor", "plan", "cycle_months", "from_on")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        vendor, from_on, amount = (cleaned.get(name) for name in ("vendor", "from_on", "amount"))
        if vendor is None or from_on is None or amount is None:
            return cleaned
        try:
            currency = book().sheet_for(vendor, from_on).currency.value
            to_minor(amount, currency)
        except KeyError:
            self.add_error("from_on", "This contract has no terms in force on that day.")
        except ValueError:
            self.add_error("amount", f"{currency} has {minor_digits(currency)} decimals.")
        else:
            cleaned["currency"] = currency
        return cleaned


@admin.register(Price)
class PriceAdmin(StaffAdmin):
    section = "Money"
    about = "What each plan costs, and from which day on. A new price leaves the old one as it was."
    icon = "sell"
    form = PriceForm
    list_display = ("plan", "contract", "cycle_months", "amount_words", "from_on")
    list_filter = (VendorFilter,)
    ordering = ("-id",)
    search_help_text = "A plan's exact name, or the beginning of it."
    text_lookups = ("plan__istartswith",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("vendor", "plan", "cycle_months", "amount", "from_on")
        return ("contract", "plan", "cycle_months", "amount_words", "from_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new price takes over on its day; an old one is what invoices were made from, and stays."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        wanted = {
            name: form.cleaned_data[name]
            for name in ("vendor", "plan", "cycle_months", "amount", "currency", "from_on")
        }
        obj.__dict__ |= set_price(**wanted).__dict__

    @admin.display(description="amount")
    def amount_words(self, price: Price) -> SafeString:
        return money(price.amount, price.currency)
