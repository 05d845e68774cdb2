"""The staff's list of claims for credits, with what each lacks and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.admin.act_forms import ActForm
from accounts.admin.acts import Act, ActsMixin
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter, money
from backoffice.terms.decision import Decision
from backoffice.why import of_row, panel
from billing import services
from billing.models import UNANSWERED, CreditClaim, IncidentReport
from billing.policy.claims import tell_claim
from billing.services.claims import ask_claim


class ReportsInline(ReadOnlyInline):
    """What the customer reported."""

    model = IncidentReport
    fields = ("reported_on", "started_at", "ended_at", "users_affected", "traceroutes", "detail")
    show_change_link = False
    verbose_name_plural = "what was reported"


class AnswerForm(ActForm):
    users_affected = forms.IntegerField(
        label="Users on what failed", min_value=0, widget=UnfoldAdminIntegerFieldWidget, help_text="Validated by us."
    )

    def __init__(self, data: Mapping[str, Any] | None, row: CreditClaim, user: Any) -> None:
        super().__init__(data, row, user)
        reported = [one.users_affected for one in row.reports.all() if one.users_affected is not None]
        self.fields["users_affected"].initial = max(reported, default=row.subscription.quantity)


def _answer(row: CreditClaim, given: Mapping[str, Any], on: date, at: datetime) -> Decision[Any]:
    return services.answer_claim(claim=row, users_affected=given["users_affected"], on=on, at=at).decision


@admin.register(CreditClaim)
class CreditClaimAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Availability"
    about = (
        "What customers claim for outages, one row for each service and month. Answer a claim from its page: the "
        "outages on record decide, and the credit goes onto the contract's next invoice by itself."
    )
    icon = "request_quote"
    list_display = ("__str__", "customer", "contract", "claimed_on", "answer_by", "state", "credit_words")
    list_filter = ("state", "service", VendorFilter)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A claim's or a subscription's number, or the beginning of a customer's name."
    number_lookups = ("pk", "subscription_id")
    text_lookups = ("subscription__customer__name__istartswith",)
    inlines = (ReportsInline,)
    acts = (Act("answer", "Answer it", _answer, AnswerForm, "sla.credit", lambda row: row.state in UNANSWERED),)
    shown = ("state", "reason", "availability", "percent", "credit_minor")
    fieldsets = (
        (None, {"fields": ("subscription", "customer", "contract", "service", "month", "state", "buttons")}),
        ("The claim", {"fields": ("lacks", "claimed_on", "claim_by", "answer_from", "answer_by")}),
        (
            "The answer",
            {
                "fields": (
                    "decided_on", "users_affected", "availability", "percent", "reason", "fee_words", "credit_words",
                    "credit",
                ),
            },
        ),
        ("Why", {"fields": ("why",)}),
    )  # fmt: skip
    readonly_fields = ("customer", "contract", "buttons", "lacks", "fee_words", "credit_words", "why")

    @admin.display(description="what is missing")
    def lacks(self, claim: CreditClaim) -> str:
        decision = ask_claim(claim)
        return tell_claim(decision.outcome) if decision.outcome else "The contract asks for nothing in particular."

    @admin.display(description="fee of the month")
    def fee_words(self, claim: CreditClaim) -> SafeString:
        return money(claim.fee, claim.currency)

    @admin.display(description="credit")
    def credit_words(self, claim: CreditClaim) -> SafeString:
        return money(claim.credit_amount, claim.currency)

    @admin.display(description="why")
    def why(self, claim: CreditClaim) -> SafeString:
        return panel(of_row(f"{claim}.", claim.sheet, claim.because))
