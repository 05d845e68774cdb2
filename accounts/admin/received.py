"""The staff's list of notices that came to us, and the page to write one down."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import services
from accounts.models import ReceivedNotice
from accounts.policy.notices import FORMS
from accounts.services import Incoming, NotPossible
from backoffice.admin import StaffAdmin, VendorFilter
from backoffice.fields import vendors
from backoffice.terms.question import QuestionError
from backoffice.terms.sections.notices import NoticeForm
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel

ASKED = ("sender", "purpose", "form", "received_at", "subscription", "customer", "vendor", "filed")


class ReceivedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A notice as it came."""

    class Meta:
        model = ReceivedNotice
        fields = ASKED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "vendor" in self.fields:
            self.fields["vendor"] = forms.ChoiceField(
                choices=[("", "that of the subscription"), *vendors()],
                required=False,
                label="Contract",
                widget=UnfoldAdminSelectWidget,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if subscription := given.get("subscription"):
            given["customer"] = subscription.customer
        return given

    def full_clean(self) -> None:
        """Writes it down once nothing else is wrong, so that what the service refuses is said on the form."""
        super().full_clean()
        if self.is_bound and not self.errors:
            try:
                with transaction.atomic():
                    noted = services.receive_notice(incoming=Incoming(**self.cleaned_data), at=timezone.now())
                    self.noted = noted.notice
            except ValidationError as refusal:
                self.add_error(None, refusal.messages[0])
            except (NotPossible, QuestionError, KeyError) as refusal:
                self.add_error(None, f"Nothing was written down: {refusal}.")


@admin.register(ReceivedNotice)
class ReceivedNoticeAdmin(StaffAdmin):
    section = "Notices"
    about = (
        "Notices that customers and vendors gave us, and whether they count in the form in which they came. Add "
        "one that came by letter or telephone."
    )
    icon = "move_to_inbox"
    form = ReceivedForm
    list_display = ("__str__", "sender", "customer", "contract", "received_at", "counts", "counts_on", "ends_on")
    list_filter = ("sender", "counts", "purpose", VendorFilter)
    list_select_related = ("customer",)
    search_help_text = "A subscription's or a customer's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id", "customer_id")
    text_lookups = ("customer__name__istartswith", "filed__iexact")
    autocomplete_fields = ("subscription", "customer")

    def get_fieldsets(self, request: HttpRequest, obj: ReceivedNotice | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ASKED}),)
        return (
            (None, {"fields": ("sender", "purpose", "form", "received_at", "customer", "subscription", "contract")}),
            ("Whether it counts", {"fields": ("counts", "counts_at", "counts_on", "why", "ends_on")}),
            ("The original", {"fields": ("filed", "created_at")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("contract", "why", "created_at") if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"received_at": timezone.now(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReceivedNotice, form: Any, change: bool) -> None:
        kept: ReceivedNotice = form.noted
        if not kept.counts:
            said = "It was written down, but it does not count in this form; its page says why."
            self.message_user(request, said, messages.WARNING)
        obj.__dict__ |= kept.__dict__

    @admin.display(description="why")
    def why(self, notice: ReceivedNotice) -> SafeString | str:
        if not notice.because:
            return "The contract asks for no form, so it counts in this one."
        return panel(of_row(_told(notice), notice.sheet, notice.because))


def _told(notice: ReceivedNotice) -> str:
    if notice.counts_on is None:
        return f"It came {FORMS[cast(NoticeForm, notice.form)]}, and such a notice does not count in this form."
    told = f"It counts on {day_words(notice.counts_on)}."
    return f"{told} The service ends on {day_words(notice.ends_on)}." if notice.ends_on else told
