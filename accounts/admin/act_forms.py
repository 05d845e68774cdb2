"""What the forms of acts share: the row that something is done with, and their fields in the theme's clothes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)


class ActForm(forms.Form):
    """What an act asks of the ``user`` who does it, about the ``row`` that it is done with."""

    def __init__(self, data: Mapping[str, Any] | None, row: Any, user: Any) -> None:
        super().__init__(data)
        self.row, self.user = row, user


def choice_field(choices: Any, label: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, label=label, widget=UnfoldAdminSelectWidget, **more)


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=UnfoldAdminSingleDateWidget, **more)


def line_field(label: str, longest: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=UnfoldAdminTextInputWidget, **more)


def words_field(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=UnfoldAdminTextareaWidget, **more)
