"""The staff's list of what customers were told."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Notice
from backoffice.admin import ReadOnlyAdmin
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    icon = "mail"
    list_display = ("subject", "recipient", "kind", "due_on", "state", "sent_at")
    list_filter = ("state", "kind")
    search_help_text = "A subscription's number, an address, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("recipient__iexact", "subscription__customer__name__istartswith")
    fieldsets = (
        (None, {"fields": ("subscription", "kind", "state", "due_on", "sent_at", "recipient", "language")}),
        ("Why", {"fields": ("why",)}),
        ("The letter, word for word", {"fields": ("subject", "letter", "message_id")}),
    )
    readonly_fields = ("why", "letter")

    @admin.display(description="why")
    def why(self, notice: Notice) -> SafeString:
        sentence = f"The letter of this {notice.get_kind_display()} was to be written by {day_words(notice.due_on)}."
        return panel(of_row(sentence, notice.sheet, notice.because))

    @admin.display(description="text")
    def letter(self, notice: Notice) -> SafeString:
        return format_html('<div class="letter">{}</div>', notice.body)
