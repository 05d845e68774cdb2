"""The staff's list of mail that came in: what waits to be read or believed stands on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import inbound
from accounts.models import InboundMail
from accounts.refusals import NotPossible
from backoffice.admin import ReadOnlyAdmin


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    section = "Notices"
    about = "Mail that came in: bounced letters, answers, and what a person has to read. Choose rows to file them."
    icon = "inbox"
    list_display = ("__str__", "kind", "sender", "vouched", "action", "notice", "ticket", "received_at", "state")
    list_filter = ("state", "kind", "vouched")
    list_select_related = ("notice", "ticket")
    search_help_text = "A customer's number, or an address."
    number_lookups = ("customer_id",)
    text_lookups = ("sender__iexact",)
    fieldsets = (
        (None, {"fields": ("kind", "sender", "vouched", "received_at", "state", "settled_at")}),
        ("What it is about", {"fields": ("customer", "notice", "attempt", "ticket", "action", "result")}),
        ("The mail", {"fields": ("subject", "words", "message_id", "sha256")}),
    )
    readonly_fields = ("words",)
    actions = ("file", "believe")

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_inboundmail"))

    @admin.display(description="text", empty_value="none kept")
    def words(self, mail: InboundMail) -> SafeString | None:
        return format_html('<div class="letter">{}</div>', mail.text) if mail.text else None

    @admin.action(description="It was read: file it", permissions=["handle"])
    def file(self, request: HttpRequest, queryset: QuerySet[InboundMail]) -> None:
        self._handle(request, queryset, inbound.file, "Read and filed.")

    @admin.action(description="It is genuine: note what it says of the letter", permissions=["handle"])
    def believe(self, request: HttpRequest, queryset: QuerySet[InboundMail]) -> None:
        self._handle(request, queryset, inbound.believe, "Believed.")

    def _handle(self, request: HttpRequest, mails: QuerySet[InboundMail], verb: Callable[..., Any], words: str) -> None:
        for mail in mails:
            try:
                verb(mail=mail, at=timezone.now())
            except NotPossible as refusal:
                self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)
                continue
            self.log_change(request, mail, words)
            self.message_user(request, f"{mail}: {words.lower()}", messages.SUCCESS)
