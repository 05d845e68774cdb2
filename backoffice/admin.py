"""How the staff's lists behave, whichever app they belong to; and who may give rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline, checkbox
from unfold.views import ChangeList

from backoffice.terms.book import book

# Percent of the time to a deadline.
ALL_OF_IT = 100
# Nobody pages further than this; whoever looks for one row among more searches for it.
ROWS_COUNTED = 10_000
# An identifier is a bigint; a longer number is no row's.
LONGEST_NUMBER = 18
# Stands in a box where the key of its row goes.
PLACE_OF_KEY = "key-of-the-row"


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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """All of them: a form knows nothing of a column that nobody edits, and would fail over it."""
        return tuple(self.fields or ())

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# The heading of what keeps the site itself going, which stands last in the menu.
SYSTEM = "System"


class StaffList(ChangeList):
    """A list that offers to show everything only where it does not."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


class StaffAdmin(ModelAdmin):
    """A list that stays quick on big tables, and finds rows by their number or the beginning of a name.

    ``section`` is its heading in the menu (one of its app's ``staff.SECTIONS``), ``about`` says what its rows are and
    where they come from. ``number_lookups`` and ``text_lookups`` are the columns that a search for a number and for
    words looks at. With ``buttons_only`` a row changes by its own buttons alone, and a form beside them is theirs.
    """

    section = ""
    about = ""
    icon = "list"
    buttons_only = False
    list_before_template = "backoffice/about.html"
    change_form_outer_before_template = "backoffice/about_new.html"
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 25
    list_filter_submit = False
    search_fields = ("pk",)
    number_lookups: tuple[str, ...] = ("pk",)
    text_lookups: tuple[str, ...] = ()

    @admin.display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj: Model) -> str:
        return SafeString(_row_checkbox().replace(PLACE_OF_KEY, escape(str(obj.pk))))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isascii() and term.isdigit() and len(term) <= LONGEST_NUMBER:
            return _any_of(queryset, self.number_lookups, int(term)), False
        return _any_of(queryset, self.text_lookups, term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffList]:
        return StaffList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """One button that keeps, where there is something to keep."""
        fields = context["adminform"].form.fields
        keeps = add or bool(fields and not self.buttons_only)
        context |= {"show_save": keeps, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """On to the new row, where what was decided of it stands with its why."""
        if not self.has_view_or_change_permission(request, obj):
            return cast("HttpResponse", super().response_post_save_add(request, obj))
        opts = self.opts
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=(obj.pk,)))

    @admin.display(description="contract", ordering="vendor", empty_value="-")
    def contract(self, row: Any) -> str | None:
        """The vendor's name, of a row or of the subscription that it belongs to."""
        vendor = row.vendor if hasattr(row, "vendor") else row.subscription.vendor
        return vendor_name(vendor) if vendor else None

    @admin.display(description="alarm", ordering="alarmed", empty_value="-")
    def time_over(self, row: Any) -> str | None:
        """Which alarm about a row's deadline has rung last."""
        if not row.alarmed:
            return None
        return "late" if row.alarmed >= ALL_OF_IT else f"{row.alarmed}% of its time is over"

    @admin.display(description="customer")
    def customer(self, row: Any) -> str | None:
        """Whose subscription a row belongs to; a row with a customer of its own shows that one."""
        return str(row.subscription.customer.name)


@cache
def _row_checkbox() -> str:
    """The theme's box, drawn once: drawing it for each row took half of the time of a page."""
    return str(checkbox.render(ACTION_CHECKBOX_NAME, PLACE_OF_KEY))


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
class StaffGroupAdmin(OnlyOwnersChange, GroupAdmin, StaffAdmin):  # type: ignore[misc]
    section = SYSTEM
    about = "Rights that are given to several people at once. Make a group, tick what it may do, and put users in it."
    icon = "group"
    search_help_text = "The beginning of a group's name."
    text_lookups = ("name__istartswith",)
