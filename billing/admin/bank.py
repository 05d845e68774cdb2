"""The staff's list of what stands on bank statements, and what they do with a line that waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.admin.act_forms import ActForm
from accounts.admin.acts import Act, ActsMixin
from accounts.models import Customer
from accounts.services import NotPossible
from backoffice.admin import ReadOnlyAdmin, money
from billing import services
from billing.models import BankLine


class AssignForm(ActForm):
    customer = forms.IntegerField(label="The customer's number", min_value=1, widget=UnfoldAdminIntegerFieldWidget)


def _assign(row: BankLine, given: Mapping[str, Any], on: date, at: datetime) -> None:
    customer = Customer.objects.filter(pk=given["customer"]).first()
    if customer is None:
        raise NotPossible(f"there is no customer {given['customer']}")
    services.assign_line(line=row, customer=customer, at=at)


def _set_aside(row: BankLine, given: Mapping[str, Any], on: date, at: datetime) -> None:
    services.set_line_aside(line=row)


def _came(row: BankLine) -> bool:
    return row.state == BankLine.State.WAITING and row.minor > 0


def _went(row: BankLine) -> bool:
    return row.state == BankLine.State.WAITING and row.minor < 0


@admin.register(BankLine)
class BankLineAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Money"
    about = (
        "What stands on bank statements. Money that names its invoices and is just what is owed on them is booked by "
        "itself; say of the other whose it is."
    )
    icon = "account_balance"
    list_display = ("__str__", "text", "state", "payment", "booked_on")
    list_filter = ("state",)
    list_select_related = ("payment",)
    ordering = ("-id",)
    search_help_text = "The exact reference, as bank/account/reference."
    text_lookups = ("key",)
    fieldsets = (
        (None, {"fields": ("amount_words", "booked_on", "text", "key")}),
        ("What became of it", {"fields": ("state", "payment", "buttons")}),
    )
    readonly_fields = ("amount_words", "buttons")
    acts = (
        Act("assign", "Say whose it is", _assign, AssignForm, fits=_came),
        Act("aside", "Note that it was dealt with", _set_aside, fits=_went),
    )
    # The payment itself is left out: its number is another one each time the act is played.
    made = ("payer", "pays")

    @admin.display(description="amount")
    def amount_words(self, line: BankLine) -> SafeString:
        return money(line.amount, line.currency)
