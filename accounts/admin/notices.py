"""The staff's list of what parties were told, what became of it, and the post that leaves on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts import delivery
from accounts.admin.steps import STEPS, Step, steps_of
from accounts.letters.paper import letter_pdf
from accounts.models import InboundMail, Notice, NoticeAttempt
from accounts.policy.notices import Deemed, tell_deemed
from accounts.refusals import NotPossible
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class PaperFilter(admin.SimpleListFilter):
    """The post on paper, by what is to be done with it."""

    title = "post on paper"
    parameter_name = "paper"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "to be posted"),
            ("sent", "on its way"),
            ("delivered", "delivered"),
            ("bounced", "came back"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        state = self.value()
        return queryset.filter(channel__in=delivery.PAPER, state=state) if state else queryset


class AttemptInline(ReadOnlyInline):
    model = NoticeAttempt
    fields = ("number", "channel", "recipient", "state", "sent_at", "result")
    show_change_link = False
    verbose_name_plural = "earlier attempts"


class MailInline(ReadOnlyInline):
    model = InboundMail
    fields = ("received_at", "kind", "sender", "action", "state")
    verbose_name_plural = "mail about it"


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    section = "Notices"
    about = (
        "Every letter to a customer or a vendor, word for word, with what became of it. The product writes them; "
        "open one to post it, or to send it again."
    )
    icon = "mail"
    list_display = ("subject", "recipient", "kind", "due_on", "state", "sent_at", "deemed_at")
    list_filter = ("state", PaperFilter, "channel", "party", "kind", VendorFilter)
    search_help_text = "A subscription's number, an address, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("recipient__iexact", "subscription__customer__name__istartswith")
    fieldsets = (
        (None, {"fields": ("party", "customer", "subscription", "kind", "due_on", "why")}),
        ("How it goes", {"fields": ("state", "steps", "channel", "recipient", "address", "attempt", "tracking")}),
        ("What became of it", {"fields": ("sent_at", "delivered_at", "result", "deemed_at", "deemed_why")}),
        ("The letter, word for word", {"fields": ("subject", "letter", "pdf", "language", "message_id")}),
    )
    readonly_fields = ("why", "letter", "steps", "deemed_why", "pdf")
    inlines = (AttemptInline, MailInline)

    def has_step_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_notice"))

    @admin.display(description="why")
    def why(self, notice: Notice) -> SafeString:
        sentence = f"The letter of this {notice.get_kind_display()} was to be written by {day_words(notice.due_on)}."
        return panel(of_row(sentence, notice.sheet, notice.because))

    @admin.display(description="why")
    def deemed_why(self, notice: Notice) -> SafeString | str:
        if not notice.deemed_because:
            return "The contract does not say when it counts as received, or it has not left yet."
        return panel(of_row(tell_deemed(Deemed(notice.deemed_at)), notice.sheet, notice.deemed_because))

    @admin.display(description="text")
    def letter(self, notice: Notice) -> SafeString:
        return format_html('<div class="letter">{}</div>', notice.body)

    @admin.display(description="on paper")
    def pdf(self, notice: Notice) -> SafeString:
        address = reverse("admin:accounts_notice_pdf", args=(notice.pk,))
        return format_html('<a class="underline" href="{}">Download as PDF</a>', address)

    @admin.display(description="next", empty_value="nothing to do")
    def steps(self, notice: Notice) -> SafeString | None:
        """The steps that this letter is in a state for."""
        found = [
            (reverse("admin:accounts_notice_step", args=(notice.pk, name)), STEPS[name].label)
            for name in steps_of(notice)
        ]
        return format_html_join(" · ", '<a class="underline" href="{}">{}</a>', found) if found else None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:number>/pdf/", view(require_safe(self.send_pdf)), name="accounts_notice_pdf"),
            path("<int:number>/step/<slug:name>/", view(self.take_step), name="accounts_notice_step"),
        ]
        return [*own, *super().get_urls()]

    def send_pdf(self, request: HttpRequest, number: int) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        notice = get_object_or_404(Notice, pk=number)
        headers = {"Content-Disposition": f'attachment; filename="letter-{notice.pk}.pdf"'}
        return HttpResponse(letter_pdf(notice), content_type="application/pdf", headers=headers)

    def take_step(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        """Asks what a step needs to know, and takes it."""
        if not self.has_step_permission(request):
            return HttpResponse(status=403)
        notice = get_object_or_404(Notice.objects.select_related("customer"), pk=number)
        step = STEPS.get(name)
        page = reverse("admin:accounts_notice_change", args=(number,))
        if step is None:
            return HttpResponse(status=404)
        form = step.form(request.POST or None, initial=step.initial(notice))
        if request.method == "POST" and form.is_valid() and self._taken(request, notice, step, form):
            return HttpResponseRedirect(page)
        context = {**self.admin_site.each_context(request), "title": step.label, "form": form, "notice": notice}
        return TemplateResponse(request, "accounts/notice_step.html", {**context, "page": page})

    def _taken(self, request: HttpRequest, notice: Notice, step: Step, form: forms.Form) -> bool:
        try:
            step.take(notice, form.cleaned_data, timezone.now())
        except NotPossible as refusal:
            form.add_error(None, f"Nothing was noted: {refusal}.")
            return False
        self.log_change(request, notice, f"{step.label}.")
        self.message_user(request, f"{step.label}: noted.", messages.SUCCESS)
        return True
