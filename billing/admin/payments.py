"""The staff's list of payments, and the form that records one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice.admin import ReadOnlyInline, StaffAdmin, money
from backoffice.terms.money import minor_digits, to_minor
from billing.admin.prices import DIGITS
from billing.models import Allocation, Invoice, Payment
from billing.services import currencies, record_payment


class PaymentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A payment as it stands on a bank statement."""

    method = forms.ChoiceField(
        label="Paid by",
        choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.CREDIT],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.DecimalField(
        min_value=0,
        max_digits=DIGITS,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
        help_text="As 675.00.",
    )
    invoice_number = forms.CharField(
        label="For invoice",
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="As INV-000012, where the payer names one. What is due the longest is paid next.",
    )
    # Made with the form, so that sending it twice records one payment.
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: f"staff/{uuid4()}")

    class Meta:
        model = Payment
        fields = ("customer", "received_on", "reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "customer" in self.fields:
            self.fields["currency"] = forms.ChoiceField(
                choices=[(code, code) for code in currencies()], widget=UnfoldAdminSelectWidget
            )

    def validate_unique(self) -> None:
        """The same form sent twice is no fault: it records one payment."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        amount, currency, number = (cleaned.get(name) for name in ("amount", "currency", "invoice_number"))
        if amount is not None and currency is not None:
            try:
                if not to_minor(amount, currency):
                    self.add_error("amount", "A payment is more than nothing.")
            except ValueError:
                self.add_error("amount", f"{currency} has {minor_digits(currency)} decimals.")
        known = Payment.objects.filter(key=cleaned.get("key", "")).first()
        if known and (known.customer, known.method, known.amount, known.currency) != tuple(
            cleaned.get(name) for name in ("customer", "method", "amount", "currency")
        ):
            self.add_error(None, f"This form has recorded {known} already. Begin a new one for another payment.")
        if number:
            cleaned["invoice"] = Invoice.objects.filter(number=number.strip(), kind=Invoice.Kind.INVOICE).first()
            if cleaned["invoice"] is None:
                self.add_error("invoice_number", "There is no invoice of this number.")
            elif (cleaned["invoice"].customer, cleaned["invoice"].currency) != (cleaned.get("customer"), currency):
                self.add_error("invoice_number", "That invoice is another customer's, or in another currency.")
        return cleaned


class AllocationsInline(ReadOnlyInline):
    """What a payment paid."""

    model = Allocation
    fields = ("invoice", "on", "amount_words", "undone_on")
    readonly_fields = ("amount_words",)
    verbose_name_plural = "what it paid"

    @admin.display(description="amount")
    def amount_words(self, allocation: Allocation) -> SafeString:
        return money(allocation.amount, allocation.payment.currency)


@admin.register(Payment)
class PaymentAdmin(StaffAdmin):
    section = "Money"
    about = "Money that came in, and which invoices it paid. Enter a payment once, as the bank tells of it."
    icon = "payments"
    form = PaymentForm
    list_display = ("number", "customer", "amount_words", "left_words", "method", "received_on", "reference")
    list_select_related = ("customer",)
    ordering = ("-id",)
    autocomplete_fields = ("customer",)
    search_help_text = "A payment's number, or the beginning of a customer's name."
    text_lookups = ("customer__name__istartswith", "key")
    inlines = (AllocationsInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("customer", "method", "amount", "currency", "received_on", "invoice_number", "reference", "key")
        return (
            "customer", "method", "amount_words", "left_words", "returned_words", "received_on", "reference", "key",
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was paid stays; what goes back is another booking."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Payment, form: Any, change: bool) -> None:
        names = ("customer", "key", "method", "amount", "currency", "received_on", "reference")
        wanted = {name: form.cleaned_data[name] for name in names}
        received = record_payment(**wanted, invoice=form.cleaned_data.get("invoice"), at=timezone.now())
        obj.__dict__ |= received.payment.__dict__

    @admin.display(description="payment", ordering="id")
    def number(self, payment: Payment) -> str:
        return str(payment)

    @admin.display(description="amount")
    def amount_words(self, payment: Payment) -> SafeString:
        return money(payment.amount, payment.currency)

    @admin.display(description="went back")
    def returned_words(self, payment: Payment) -> SafeString:
        return money(payment.returned, payment.currency)

    @admin.display(description="pays nothing yet")
    def left_words(self, payment: Payment) -> SafeString:
        return money(payment.left, payment.currency)
