"""How the staff's lists behave, whichever app they belong to; and who may give rights."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from backoffice.terms.book import book

# Nobody pages further than this; whoever looks for one row among more searches for it.
ROWS_COUNTED = 10_000
# An identifier is a bigint; a longer number is no row's.
LONGEST_NUMBER = 18


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic only in its stubs
    """Counts no further than staff page, so that a list of millions opens as fast as a short one."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return min(rows[: ROWS_COUNTED + 1].count(), ROWS_COUNTED)


class ReadOnlyInline(TabularInline):
    """Rows of another list, shown beside the row that they belong to."""

    extra = 0
    per_page = 20
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaffAdmin(ModelAdmin):
    """A list that stays quick on big tables, and finds rows by their number or the beginning of a name.

    ``number_lookup`` and ``text_lookups`` are the columns that a search for a number and for words looks at.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = False
    search_fields = ("pk",)
    number_lookups: tuple[str, ...] = ("pk",)
    text_lookups: tuple[str, ...] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isascii() and term.isdigit() and len(term) <= LONGEST_NUMBER:
            return _any_of(queryset, self.number_lookups, int(term)), False
        return _any_of(queryset, self.text_lookups, term), False


def _any_of(queryset: QuerySet[Any], lookups: Iterable[str], value: Any) -> QuerySet[Any]:
    """Each lookup by itself, so that each is found by its own index: one condition with OR would read every row."""
    rows = queryset.model._default_manager.order_by()
    arms = [rows.filter(**{lookup: value}).values("pk") for lookup in lookups]
    return queryset.filter(pk__in=arms[0].union(*arms[1:]) if arms[1:] else arms[0]) if arms else queryset.none()


class ReadOnlyAdmin(StaffAdmin):
    """Rows that only the product writes: staff read them, with their why beside what was decided."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VendorFilter(admin.SimpleListFilter):
    """By the contract, from the book; asking a big table for its different vendors would read all of it."""

    title = "contract"
    parameter_name = "vendor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(vendor, book().newest(vendor).name) for vendor in book().vendors()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(vendor=self.value()) if self.value() else queryset


def money(amount: Decimal, currency: str) -> SafeString:
    """An amount as a list shows it: its digits in line, its currency beside it."""
    return format_html('<span class="money">{} {}</span>', f"{amount:,f}", currency)


def vendor_name(vendor: str) -> str:
    """The name in the book; the bare key for a vendor that is not in it any more."""
    return book().newest(vendor).name if vendor in book().vendors() else vendor


admin.site.unregister(Group)


class OnlyOwnersChange:
    """Who may give rights could give themselves every right, so only those who have them all may."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_owner(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_owner(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_owner(request)


def _is_owner(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


@admin.register(Group)
class StaffGroupAdmin(OnlyOwnersChange, GroupAdmin):
    icon = "group"
