"""The staff's lists of licences and of the changes of their number: what was decided is read-only, with its why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import Assignment, Licence, SeatChange
from accounts.policy.seats import REASSIGNED, SeatRemoved, SeatsAdded, tell_add, tell_remove
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter, money
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class AssignmentInline(ReadOnlyInline):
    model = Assignment
    fields = ("holder", "from_on", "until_on", "asked_by")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("holder")


@admin.register(Licence)
class LicenceAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = "Seats, each for one person. Ordering makes them; customers say in the portal whom they name."
    icon = "badge"
    list_display = ("__str__", "customer", "holder", "assigned_on", "leaves_on")
    list_filter = ("gone",)
    list_select_related = ("subscription__customer", "holder", "given_up")
    ordering = ("-id",)
    search_help_text = "A subscription's number, or the beginning of a username or of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("holder__username__istartswith", "subscription__customer__name__istartswith")
    fields = ("subscription", "number", "holder", "assigned_on", "leaves_on", "gone", "why")
    readonly_fields = ("leaves_on", "why")
    inlines = (AssignmentInline,)

    @admin.display(description="leaves on", empty_value="-")
    def leaves_on(self, licence: Licence) -> Any:
        return licence.given_up.effective_on if licence.given_up else None

    @admin.display(description="why it may name its holders")
    def why(self, licence: Licence) -> SafeString | str:
        decided = [one for one in licence.assignments.select_related("holder") if one.because]
        if not decided:
            return "No contract had a say in whom this licence names."
        return format_html_join("", "{}", ((panel(of_row(_told(one), one.sheet, one.because)),) for one in decided))


def _told(assignment: Assignment) -> str:
    given = f"It names {assignment.holder} from {day_words(assignment.from_on)} on."
    return f"{given} {REASSIGNED[assignment.reason]}" if assignment.reason else given


@admin.register(SeatChange)
class SeatChangeAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = (
        "Seats that were added or given up, from which day on, and what they cost. Customers ask for them in the "
        "portal."
    )
    icon = "event_seat"
    list_display = ("__str__", "customer", "contract", "effective_on", "amount", "done_on")
    list_filter = ("kind", VendorFilter)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "sheet", "kind", "seats", "asked_by", "asked_on")}),
        ("What follows", {"fields": ("effective_on", "done_on", "amount", "why")}),
    )
    readonly_fields = ("contract", "amount", "why")

    @admin.display(description="charge", empty_value="-")
    def amount(self, change: SeatChange) -> SafeString | None:
        return None if change.charge is None else money(change.charge, change.currency)

    @admin.display(description="why")
    def why(self, change: SeatChange) -> SafeString | str:
        if change.kind == SeatChange.Kind.GIVEN_UP:
            return panel(of_row(tell_remove(SeatRemoved(change.effective_on)), change.sheet, change.because))
        if change.charge is None or not (change.days_charged and change.days_in_period and change.charged_until):
            return "The contract does not say what added seats cost."
        added = SeatsAdded(change.charge, change.days_charged, change.days_in_period, change.charged_until)
        return panel(of_row(tell_add(added), change.sheet, change.because))
