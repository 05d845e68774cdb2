"""The staff's tables of published rates: their steps, each with its source, and when somebody looked last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.admin.act_forms import ActForm, day_field, line_field
from accounts.admin.acts import Act, ActsMixin
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline
from billing import services
from billing.models import RateStep, RateTable
from billing.services.rates import Line

HUNDRED = 100
Given = Mapping[str, Any]


class StepForm(ActForm):
    from_on = day_field("In force from")
    percent = forms.DecimalField(
        label="Percent a year",
        min_value=0,
        max_value=HUNDRED,
        decimal_places=4,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
    )
    source = line_field("Where it was read")


def _note(row: RateTable, given: Given, on: date, at: datetime) -> None:
    line = Line(given["from_on"], given["percent"] / HUNDRED)
    services.note_rates(series=row.pk, lines=[line], source=given["source"], looked_on=on)


def _look(row: RateTable, given: Given, on: date, at: datetime) -> None:
    services.note_rates(series=row.pk, lines=[], source="", looked_on=on)


class StepsInline(ReadOnlyInline):
    model = RateStep
    fields = ("from_on", "percent_words", "source")
    readonly_fields = ("percent_words",)

    @admin.display(description="percent a year")
    def percent_words(self, step: RateStep) -> str:
        return f"{step.percent:f}"


@admin.register(RateTable)
class RateTableAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Money"
    about = (
        "Rates that interest on late payment goes by, as their publishers set them. Look at each when it is out of "
        "date, and note what is new, or that nothing is. A bank's own CSV is read by manage.py rates."
    )
    icon = "percent"
    list_display = ("__str__", "newest", "looked_on", "alarmed_on")
    list_filter = (("alarmed_on", admin.EmptyFieldListFilter),)
    ordering = ("series",)
    search_help_text = "The beginning of a publisher's address."
    text_lookups = ("publisher__istartswith",)
    inlines = (StepsInline,)
    fields = ("publisher", "looked_on", "alarmed_on", "buttons")
    readonly_fields = ("buttons",)
    shown = ("looked_on", "alarmed_on")
    made = ("steps",)
    acts = (
        Act("step", "Note a new rate", _note, StepForm),
        Act("look", "Nothing has changed", _look),
    )

    @admin.display(description="newest rate")
    def newest(self, table: RateTable) -> str:
        return str(table.steps.first() or "none known")
