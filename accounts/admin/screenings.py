"""What the lists of barred names say of customers, and what people decided."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Screening
from accounts.policy.screening import Screened, tell_screened
from accounts.services import NotPossible
from accounts.services.screenings import decide_match
from backoffice.admin import ReadOnlyAdmin, VendorFilter
from backoffice.days import today
from backoffice.why import of_row, panel


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    section = "Identity"
    about = (
        "Whether customers stand on a list of those whom the law bars. Orders and new lists are looked up by "
        "themselves; choose possible matches to decide them."
    )
    icon = "policy"
    list_display = ("customer", "contract", "result", "decided_as", "screened_on", "list_date", "current")
    list_filter = ("current", "result", "decided_as", VendorFilter)
    list_select_related = ("customer",)
    ordering = ("-id",)
    search_help_text = "A customer's number."
    number_lookups = ("customer_id",)
    fieldsets = (
        (None, {"fields": ("customer", "contract", "sheet", "result", "why", "current")}),
        (
            "What was looked at",
            {"fields": ("screened_on", "list_date", "list_sha256", "found", "end_use", "end_user_country")},
        ),
        ("What a person decided", {"fields": ("decided_as", "decided_by", "decided_on")}),
    )
    readonly_fields = ("contract", "why", "found")
    actions = ("clear", "block")

    @admin.action(description="It is somebody else: clear", permissions=["decide"])
    def clear(self, request: HttpRequest, queryset: QuerySet[Screening]) -> None:
        self._decide(request, queryset, Screening.Result.CLEAR)

    @admin.action(description="It is the one on the list: blocked", permissions=["decide"])
    def block(self, request: HttpRequest, queryset: QuerySet[Screening]) -> None:
        self._decide(request, queryset, Screening.Result.BLOCKED)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_screening"))

    def _decide(self, request: HttpRequest, queryset: QuerySet[Screening], as_: Screening.Result) -> None:
        for one in queryset:
            try:
                done = decide_match(screening=one, as_=as_, by=request.user, on=today(one.vendor, timezone.now()))
            except NotPossible as error:
                self.message_user(request, f"Nothing was decided: {error}.", messages.ERROR)
                continue
            self.log_change(request, done, f"Screening: {as_.label}.")
            self.message_user(request, f"{done}.", messages.SUCCESS)

    @admin.display(description="entries found", empty_value="none")
    def found(self, look: Screening) -> str | None:
        return ", ".join(f"{entry} ({similarity:.0%} the same)" for entry, similarity in look.matches) or None

    @admin.display(description="why")
    def why(self, look: Screening) -> SafeString:
        return panel(of_row(tell_screened(Screened(look.result, tuple(look.reasons))), look.sheet, look.because))
