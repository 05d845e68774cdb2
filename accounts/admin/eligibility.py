"""What customers have to show before and while they are served, the orders that were refused, and options."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import EligibilityCase, OptionCheck, RefusedOrder
from accounts.policy.eligibility import OPTION_WORDS
from accounts.services import NotPossible
from accounts.services.eligibility import accept_documents
from backoffice.admin import ReadOnlyAdmin, VendorFilter
from backoffice.days import today
from backoffice.terms.words import day_words, listed, spoken
from backoffice.why import of_row, panel


@admin.register(EligibilityCase)
class EligibilityCaseAdmin(ReadOnlyAdmin):
    section = "Identity"
    about = (
        "What customers have to show before and while they are served, and by when. An order under such a "
        "contract opens one by itself."
    )
    icon = "fact_check"
    list_display = ("subscription", "customer", "contract", "state", "documents_by", "reminded_on", "may_end_from")
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number."
    number_lookups = ("subscription_id",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "sheet", "state", "why")}),
        ("Days", {"fields": ("documents_by", "documents_on", "reminded_on", "may_end_from", "act_on", "refund_lost")}),
    )
    readonly_fields = ("contract", "why")
    actions = ("accept",)

    @admin.action(description="The documents are accepted", permissions=["accept"])
    def accept(self, request: HttpRequest, queryset: QuerySet[EligibilityCase]) -> None:
        for one in queryset:
            try:
                done = accept_documents(case=one, on=today(one.vendor, timezone.now()))
            except NotPossible as error:
                self.message_user(request, f"Nothing was changed: {error}.", messages.ERROR)
                continue
            self.log_change(request, done, "Eligibility: shown.")
            self.message_user(request, f"{done}.", messages.SUCCESS)

    def has_accept_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_eligibilitycase"))

    @admin.display(description="why")
    def why(self, case: EligibilityCase) -> SafeString:
        told = f"The documents were due by {day_words(case.documents_by)}: {case.get_state_display()}."
        return panel(of_row(told, case.sheet, case.because))


@admin.register(RefusedOrder)
class RefusedOrderAdmin(ReadOnlyAdmin):
    section = "Identity"
    about = (
        "Orders that a contract did not let us take, each with its reason. They are kept so that a refusal can "
        "be explained."
    )
    icon = "block"
    list_display = ("customer", "contract", "plan", "question", "refused_on")
    list_filter = ("question", VendorFilter)
    list_select_related = ("customer",)
    ordering = ("-id",)
    search_help_text = "A customer's number."
    number_lookups = ("customer_id",)
    fields = ("customer", "contract", "plan", "question", "refused_on", "why")
    readonly_fields = ("contract", "why")

    @admin.display(description="why")
    def why(self, order: RefusedOrder) -> SafeString:
        reasons = (
            listed([spoken(reason) for reason in order.reasons]) if order.reasons else order.get_question_display()
        )
        return panel(of_row(f"The order was refused: {reasons}.", order.sheet, order.because))


@admin.register(OptionCheck)
class OptionCheckAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = "Options that customers asked for, and whether their contract allows them."
    icon = "extension"
    list_display = ("option", "subscription", "customer", "allowed", "asked_on")
    list_filter = ("allowed", VendorFilter)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number."
    number_lookups = ("subscription_id",)
    fields = ("subscription", "option", "allowed", "asked_on", "why")
    readonly_fields = ("why",)

    @admin.display(description="why")
    def why(self, check: OptionCheck) -> SafeString:
        return panel(of_row(OPTION_WORDS[check.reason], check.sheet, check.because))
