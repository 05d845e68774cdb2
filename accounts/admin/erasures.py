"""The staff's lists of what was erased, what stays sealed, who opened it, and what is to go."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Disposal, Erasure, KeptRecord, PersonKey, PlannedDisposal, SealedOpening, SealedRecord
from accounts.policy.erasure import SENTENCES
from accounts.services import NotPossible
from accounts.services.erasure import open_record
from accounts.services.person_export import export_users
from accounts.services.retention import note_returned
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


@admin.register(Disposal)
class DisposalAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "Everything that was destroyed for good: when, of which kind, and by which rule."
    icon = "delete_sweep"
    list_display = ("__str__", "basis", "went")
    list_filter = ("kind", VendorFilter)
    search_help_text = "A disposal's number."
    fields = ("kind", "disposed_on", "basis", "went", "why")
    readonly_fields = ("went", "why")

    @admin.display(description="why")
    def why(self, disposal: Disposal) -> SafeString | str:
        if not disposal.because:
            return "No contract had a say in it."
        sentence = f"{disposal.get_kind_display().capitalize()}: {disposal.went}."
        return panel(of_row(sentence, disposal.sheet, disposal.because))


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "People whose data was erased, or why it could not be erased yet. It is asked for in the lists of people."
    icon = "person_off"
    list_display = ("__str__", "customer", "asked_on", "state", "answer")
    list_filter = ("state",)
    list_select_related = ("customer",)
    number_lookups = ("customer_id", "subject_id")
    search_help_text = "A customer's or a person's number."
    fields = ("subject", "subject_id", "customer", "asked_on", "state", "answer", "disposal")
    readonly_fields = ("answer",)

    @admin.display(description="answer")
    def answer(self, erasure: Erasure) -> str:
        clauses = "; ".join(f"{item['clause']}: {item['says']}" for item in erasure.because)
        return f"{SENTENCES[erasure.refused_for]} ({clauses}.)"


class RecordInline(ReadOnlyInline):
    model = SealedRecord
    fields = ("model", "row", "sealed_at")


@admin.register(PersonKey)
class PersonKeyAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = (
        "Keys under which what is left of erased people is sealed. On its day a key is destroyed, and what it "
        "seals is gone."
    )
    icon = "key_vertical"
    list_display = ("__str__", "basis", "keep_until", "destroyed_on")
    list_filter = (VendorFilter,)
    number_lookups = ("customer_id", "subject_id")
    search_help_text = "A customer's or a person's number."
    fields = ("subject", "subject_id", "customer", "retention", "basis", "keep_until", "destroyed_on", "why")
    readonly_fields = ("why",)
    inlines = (RecordInline,)

    @admin.display(description="why")
    def why(self, key: PersonKey) -> SafeString | str:
        if not key.because:
            return f"{key.basis}."
        return panel(of_row(f"It is kept until {day_words(key.keep_until)}.", key.sheet, key.because))


class OpeningInline(ReadOnlyInline):
    model = SealedOpening
    fields = ("opened_at", "opened_by", "reason")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("opened_by")


@admin.register(SealedRecord)
class SealedRecordAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "What has to be kept of erased people, sealed. Opening one takes a reason, which is kept."
    icon = "lock"
    list_display = ("__str__", "key", "sealed_at")
    list_select_related = ("key",)
    number_lookups = ("row", "key__customer_id")
    search_help_text = "The number of a row, or a customer's."
    fields = ("key", "model", "row", "sealed_at", "opens")
    readonly_fields = ("opens",)
    inlines = (OpeningInline,)

    @admin.display(description="what it holds")
    def opens(self, record: SealedRecord) -> SafeString | str:
        if record.key.destroyed_on is not None:
            return f"Its key was destroyed on {day_words(record.key.destroyed_on)}: nobody can read it."
        address = reverse("admin:accounts_sealedrecord_open", args=(record.pk,))
        return format_html('<a class="underline" href="{}">Open it for a reason</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.open_it)
        return [path("<int:number>/open/", view, name="accounts_sealedrecord_open"), *super().get_urls()]

    def open_it(self, request: HttpRequest, number: int) -> TemplateResponse:
        """Shows a record to who may open records, once they have said what for; nothing of it is kept anywhere."""
        if not request.user.has_perm("accounts.add_sealedopening"):
            raise PermissionDenied
        record = get_object_or_404(SealedRecord, pk=number)
        context: dict[str, Any] = {**admin.site.each_context(request), "title": f"Sealed: {record}"}
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            try:
                found = open_record(record=record, by=request.user, reason=reason, at=timezone.now())
                context["contents"] = sorted(found.items())
            except NotPossible as refusal:
                context["refusal"] = refusal
        answered = TemplateResponse(request, "accounts/open_record.html", context)
        answered["Cache-Control"] = "no-store"
        return answered


@admin.register(KeptRecord)
class KeptRecordAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "Reports, mail and files that belong to no customer, and the day on which the daily run destroys each."
    icon = "hourglass_bottom"
    list_display = ("__str__", "vendor", "goes_on", "disposal")
    list_filter = ("retention", VendorFilter)
    list_select_related = ("disposal",)
    number_lookups = ("row",)
    search_help_text = "The number of a report, a mail or a file."
    fields = ("retention", "model", "row", "basis", "goes_on", "disposal", "why")
    readonly_fields = ("why",)

    @admin.display(description="why")
    def why(self, record: KeptRecord) -> str:
        return "; ".join(f"{item['clause']}: {item['says']}" for item in record.because) + "."


@admin.register(PlannedDisposal)
class PlannedDisposalAdmin(ReadOnlyAdmin):
    section = "Privacy"
    about = "Data of contracts that ended, and the day on which it goes. Choose one row to give the data back first."
    icon = "auto_delete"
    list_display = ("__str__", "contract", "due_on", "wanted", "returned_on", "done_on")
    list_filter = ("data", "wanted", VendorFilter)
    list_select_related = ("subscription",)
    number_lookups = ("subscription_id",)
    search_help_text = "A subscription's number."
    fields = ("subscription", "data", "basis", "due_on", "wanted", "returned_on", "done_on", "why")
    readonly_fields = ("why",)
    actions = ("give_back",)

    @admin.display(description="why")
    def why(self, plan: PlannedDisposal) -> SafeString | str:
        if not plan.because:
            return f"{plan.basis}."
        due = f"It goes on {day_words(plan.due_on)}." if plan.due_on else "It stays while a contract keeps it."
        return panel(of_row(due, plan.sheet, plan.because))

    @admin.action(description="Give the users' data back as one archive", permissions=["give_back"])
    def give_back(self, request: HttpRequest, queryset: QuerySet[PlannedDisposal]) -> HttpResponse | None:
        plan = queryset.first()
        if plan is None or queryset.count() != 1:
            self.message_user(request, "Choose one.", messages.ERROR)
            return None
        archive = export_users(subscription=plan.subscription, at=timezone.now())
        try:
            note_returned(plan=plan, on=timezone.now().date())
        except NotPossible as refusal:
            self.message_user(request, f"{str(refusal).capitalize()}.", messages.ERROR)
            return None
        name = f"users-of-subscription-{plan.subscription_id}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(archive, content_type="application/zip", headers=headers)

    def has_give_back_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_planneddisposal")
