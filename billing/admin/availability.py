"""The staff's calendar of maintenance, and the record of outages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from accounts.admin.act_forms import ActForm
from accounts.admin.acts import Act, ActsMixin
from accounts.admin.circumstances import NotedOnce
from backoffice.admin import StaffAdmin, VendorFilter
from billing import services
from billing.models import Maintenance, Outage

ASKED = ("vendor", "service", "server", "began_at", "ended_at", "cause", "maintenance", "case")


@admin.register(Maintenance)
class MaintenanceAdmin(NotedOnce):
    section = "Availability"
    about = (
        "Work on the services. Add a window, and the next day's run tells the administrators of every contract. For "
        "whom it tells too late, being down then counts as an outage."
    )
    icon = "build"
    list_display = ("__str__", "vendor", "kind", "server", "begins_at", "ends_at", "tell_on", "told_on")
    list_filter = ("kind", VendorFilter)
    search_help_text = "A number, or a server's exact name."
    text_lookups = ("server",)
    asked = ("vendor", "kind", "service", "server", "begins_at", "ends_at", "text", "tell_on")
    shown = ("told_on",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"tell_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Maintenance, form: Any, change: bool) -> None:
        obj.__dict__ |= services.plan_maintenance(**form.cleaned_data, at=timezone.now()).__dict__


class OutageForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """An outage as somebody saw it."""

    # Made with the form, so that sending it twice records one outage.
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: f"staff/{uuid4()}")

    class Meta:
        model = Outage
        fields = ASKED

    def validate_unique(self) -> None:
        """The same form sent twice is no fault: it records one outage."""


class OverForm(ActForm):
    ended_at = forms.SplitDateTimeField(label="It was over at", widget=UnfoldAdminSplitDateTimeWidget())


def _over(row: Outage, given: Mapping[str, Any], on: date, at: datetime) -> None:
    known = {"vendor": row.vendor, "key": row.key, "began_at": row.began_at, "cause": row.cause}
    services.record_outage(**known, ended_at=given["ended_at"], at=at)


@admin.register(Outage)
class OutageAdmin(ActsMixin, StaffAdmin):
    section = "Availability"
    about = (
        "When services were down, and why. Add what was seen; a monitor's file comes in by manage.py outages. What "
        "customers claim for it is worked out from this list."
    )
    icon = "cloud_off"
    form = OutageForm
    list_display = ("__str__", "vendor", "server", "began_at", "ended_at", "cause")
    list_filter = ("service", "cause", VendorFilter)
    search_help_text = "A number, or a server's exact name."
    text_lookups = ("server", "key")
    autocomplete_fields = ("maintenance", "case")
    acts = (Act("over", "It is over", _over, OverForm, fits=lambda row: row.ended_at is None),)
    shown = ("ended_at",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*ASKED, "key") if obj is None else (*ASKED, "key", "buttons")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was recorded stays; that it is over is told by its button."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Outage, form: Any, change: bool) -> None:
        obj.__dict__ |= services.record_outage(**form.cleaned_data, at=timezone.now()).outage.__dict__
