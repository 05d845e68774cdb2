"""The frame that our own staff pages share with the admin's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    """A page in the admin's frame: its menu, its theme, its messages."""
    return TemplateResponse(
        request, f"backoffice/{template}", {**admin.site.each_context(request), "title": title, **context}
    )
