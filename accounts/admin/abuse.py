"""The staff's lists of reports of violations, and of requests for evidence of consent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts.admin.conduct import today
from accounts.models import AbuseReport, EvidenceAlarm, EvidenceRequest
from accounts.policy.conduct import ReportCounts, tell_report
from accounts.policy.mailing import EvidenceDue, tell_evidence
from accounts.services import NotPossible, abuse
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.words import moment_words
from backoffice.why import of_row, panel


class WhileItWaits(StaffAdmin):
    """Rows that staff decide once: what was decided is only read, and has no buttons."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        waits = obj is None or obj.state == "waiting"
        return bool(waits and super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        row = self.get_object(request, unquote(str(object_id)))
        if row is None or not self.has_change_permission(request, row):
            return []
        buttons: list[Any] = super().get_actions_submit_line(request, object_id)
        return buttons


REPORTED = (
    "vendor", "subscription", "reported_at", "first_name", "last_name", "email", "email_works", "phone", "phone_works",
    "hands_on_mail", "full_headers", "text",
)  # fmt: skip


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """A report as it came."""

    class Meta:
        model = AbuseReport
        fields = REPORTED

    def full_clean(self) -> None:
        """Takes it down once nothing else is wrong, so that what the service refuses is said on the form."""
        super().full_clean()
        if self.is_bound and not self.errors and self.instance.pk is None:
            given = dict(self.cleaned_data)
            vendor, contract, came = (given.pop(name) for name in ("vendor", "subscription", "reported_at"))
            try:
                with transaction.atomic():
                    self.taken = abuse.report_abuse(
                        vendor=vendor,
                        told=abuse.Told(**given),
                        reported_at=came,
                        on=today(vendor),
                        at=timezone.now(),
                        subscription=contract,
                    )
            except ValidationError as refusal:
                for field, words in refusal.message_dict.items():
                    self.add_error(field if field in self.fields else None, words)


@admin.register(AbuseReport)
class AbuseReportAdmin(WhileItWaits):
    section = "Conduct"
    about = (
        "Reports that a customer breaks the rules of use. Add one as it came; a report that the contract looks "
        "at can be taken up as a case."
    )
    icon = "report"
    form = ReportForm
    list_display = ("__str__", "contract", "customer", "state", "reported_at")
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    search_help_text = "A report's or a subscription's number, or an address."
    number_lookups = ("pk", "subscription_id")
    text_lookups = ("email__iexact",)
    autocomplete_fields = ("subscription",)
    actions_submit_line = ("dismiss_now",)
    decided = ("contract", "sheet", "state", "case", "take_up", "why")

    def get_fieldsets(self, request: HttpRequest, obj: AbuseReport | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": REPORTED}),)
        return ((None, {"fields": self.decided}), ("The report", {"fields": REPORTED[1:]}))

    def get_readonly_fields(self, request: HttpRequest, obj: AbuseReport | None = None) -> tuple[str, ...]:
        return () if obj is None else (*self.decided, *REPORTED[1:])

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"reported_at": timezone.now(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: AbuseReport, form: ReportForm, change: bool) -> None:
        if change:
            for button in self.get_actions_submit_line(request, obj.pk):
                if button.action_name in request.POST:
                    button.method(request, obj)
            return
        if form.taken.state == AbuseReport.State.REFUSED:
            self.message_user(request, "The contract does not look at this report: it was refused.", messages.WARNING)
        obj.__dict__ |= form.taken.__dict__

    @action(description="No violation: dismiss it")  # type: ignore[untyped-decorator]
    def dismiss_now(self, request: HttpRequest, obj: AbuseReport) -> None:
        abuse.dismiss(report=obj)

    @admin.display(description="next", empty_value="-")
    def take_up(self, report: AbuseReport) -> SafeString | None:
        if report.state != AbuseReport.State.WAITING:
            return None
        known = {"report": report.pk} | ({"subscription": report.subscription_id} if report.subscription_id else {})
        address = f"{reverse('admin:accounts_conductcase_add')}?{urlencode(known)}"
        return format_html('<a class="underline" href="{}">Open a case</a>', address)

    @admin.display(description="customer", empty_value="not known")
    def customer(self, report: AbuseReport) -> str | None:
        return report.subscription.customer.name if report.subscription else None

    @admin.display(description="why")
    def why(self, report: AbuseReport) -> SafeString | str:
        if not report.because:
            return "The contract does not say which reports are looked at, so every one is."
        counts = ReportCounts(not report.lacks, tuple(report.lacks), tuple(report.wanted))
        return panel(of_row(tell_report(counts), report.sheet, report.because))


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A request for evidence."""

    class Meta:
        model = EvidenceRequest
        fields = ("subscription", "mailing", "asked_by")

    def full_clean(self) -> None:
        """Asks the customer once nothing else is wrong, so that a contract that knows no such thing says so here."""
        super().full_clean()
        if self.is_bound and not self.errors and self.instance.pk is None:
            now, contract = timezone.now(), self.cleaned_data["subscription"]
            asked = abuse.ask_consent_evidence(**self.cleaned_data, on=today(contract.vendor), at=now)
            if asked.request is None:
                self.add_error("subscription", "The contract does not ask for evidence of consent.")
            self.asked = asked.request


class EvidenceAlarmInline(ReadOnlyInline):
    model = EvidenceAlarm
    fields = ("percent", "rang_at")
    show_change_link = False
    verbose_name_plural = "alarms that rang"


@admin.register(EvidenceRequest)
class EvidenceRequestAdmin(WhileItWaits):
    section = "Conduct"
    about = "Customers who were asked to show that the recipients of a mailing agreed to it. Add one to ask."
    icon = "fact_check"
    form = EvidenceForm
    list_display = ("mailing", "customer", "contract", "state", "due", "time_over")
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    autocomplete_fields = ("subscription",)
    actions_submit_line = ("shown_now", "nothing_now")
    inlines = (EvidenceAlarmInline,)
    asked = ("subscription", "mailing", "asked_by")
    decided = ("contract", "sheet", "state", "asked_at", "due", "time_over", "shown_at", "case", "why")

    def get_fieldsets(self, request: HttpRequest, obj: EvidenceRequest | None = None) -> Any:
        return ((None, {"fields": self.asked if obj is None else (*self.asked, *self.decided)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: EvidenceRequest | None = None) -> tuple[str, ...]:
        return () if obj is None else (*self.asked, *self.decided)

    def get_inlines(self, request: HttpRequest, obj: EvidenceRequest | None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: EvidenceRequest, form: EvidenceForm, change: bool) -> None:
        if not change and form.asked is not None:
            obj.__dict__ |= form.asked.__dict__
            return
        try:
            with transaction.atomic():
                for button in self.get_actions_submit_line(request, obj.pk):
                    if button.action_name in request.POST:
                        button.method(request, obj)
        except NotPossible as refusal:
            self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)

    @action(description="It was shown")  # type: ignore[untyped-decorator]
    def shown_now(self, request: HttpRequest, obj: EvidenceRequest) -> None:
        abuse.note_consent_evidence(request=obj, at=timezone.now())

    @action(description="There is nothing to show")  # type: ignore[untyped-decorator]
    def nothing_now(self, request: HttpRequest, obj: EvidenceRequest) -> None:
        abuse.note_no_evidence(request=obj, on=today(obj.vendor), at=timezone.now())

    @admin.display(description="due by", ordering="due_at", empty_value="no time is set")
    def due(self, request: EvidenceRequest) -> str | None:
        due = _local(request)
        return moment_words(due) if due else None

    @admin.display(description="why")
    def why(self, request: EvidenceRequest) -> SafeString:
        sentence = tell_evidence(EvidenceDue(_local(request), request.counts_as or None))
        return panel(of_row(sentence, request.sheet, request.because))


def _local(request: EvidenceRequest) -> datetime | None:
    """Its deadline in the vendor's zone."""
    return request.due_at.astimezone(request.terms.zone) if request.due_at else None
