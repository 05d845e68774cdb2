"""The addresses of our own staff pages, beside the admin's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import admin
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter

from backoffice.pages import book, calculator, runs


class DayConverter:
    """A day as YYYY-MM-DD; an address with any other is not found."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")


def staff(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """A page that only signed-in staff may see."""
    return path(route, admin.site.admin_view(view), name=name)


app_name = "pages"
urlpatterns = [
    staff("terms/", book.contracts, "contracts"),
    staff("terms/compare/", book.compare, "compare"),
    staff("terms/<str:vendor>/", book.vendor_sheet, "vendor"),
    staff("terms/<str:vendor>/<day:day>/", book.sheet_page, "sheet"),
    staff("calculator/", calculator.calculator, "calculator"),
    staff("calculator/<str:name>/", calculator.question, "question"),
    staff("runs/", runs.calendar, "runs"),
    staff("runs/next/", runs.run_next, "run_next"),
    staff("runs/<str:vendor>/<day:day>/", runs.day, "day"),
]
