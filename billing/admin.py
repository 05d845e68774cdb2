"""The staff's lists of prices and invoices. An invoice is read-only, with its why beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice.admin import ReadOnlyAdmin, StaffAdmin, VendorFilter, money, vendor_name
from backoffice.terms.book import book
from backoffice.terms.money import minor_digits, to_minor
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel
from billing.models import Invoice, Price
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "vendor" in self.fields:
            vendors = [(vendor, vendor_name(vendor)) for vendor in book().vendors()]
            self.fields["vendor"] = forms.ChoiceField(choices=vendors, widget=UnfoldAdminSelectWidget)

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

    @admin.display(description="contract", ordering="vendor")
    def contract(self, price: Price) -> str:
        return vendor_name(price.vendor)

    @admin.display(description="amount")
    def amount_words(self, price: Price) -> SafeString:
        return money(price.amount, price.currency)


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    icon = "receipt_long"
    list_display = ("reference", "customer", "contract", "plan", "amount_words", "issued_on", "due_on")
    list_filter = (VendorFilter,)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number, an invoice's reference (12-3), or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fieldsets = (
        (None, {"fields": ("reference", "subscription", "contract", "plan", "quantity", "unit_price", "amount_words")}),
        ("Days", {"fields": ("issued_on", "due_on", "period_start", "period_end", "period_index")}),
        ("Why", {"fields": ("why",)}),
    )
    readonly_fields = ("reference", "contract", "unit_price", "amount_words", "why")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        subscription, dash, index = search_term.strip().partition("-")
        if dash and subscription.isdecimal() and index.isdecimal():
            queryset = queryset.filter(period_index=int(index))
            search_term = subscription
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="customer")
    def customer(self, invoice: Invoice) -> str:
        return invoice.subscription.customer.name

    @admin.display(description="contract", ordering="vendor")
    def contract(self, invoice: Invoice) -> str:
        return vendor_name(invoice.vendor)

    @admin.display(description="amount")
    def amount_words(self, invoice: Invoice) -> SafeString:
        return money(invoice.amount, invoice.currency)

    @admin.display(description="price of one unit")
    def unit_price(self, invoice: Invoice) -> SafeString:
        return money(invoice.price.amount, invoice.price.currency)

    @admin.display(description="why")
    def why(self, invoice: Invoice) -> SafeString:
        first, last = day_words(invoice.period_start), day_words(invoice.period_end)
        sentence = (
            f"{invoice.amount} {invoice.currency} for {first} to {last}: {invoice.quantity} at "
            f"{invoice.price.amount} {invoice.currency} each, due on {day_words(invoice.due_on)}."
        )
        return panel(of_row(sentence, invoice.sheet, invoice.because))
