"""The staff's list of requests for support, the nearest deadline first; and one request with its clocks and why."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import tickets
from accounts.models import InboundMail, Reclassification, Ticket, TicketAlarm
from accounts.policy.helpdesk import Asker, Completeness, tell_asker, tell_completeness
from accounts.policy.support import SupportDue, tell_support_due
from accounts.services import NotPossible
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter, vendor_name
from backoffice.terms.facts import Party
from backoffice.terms.words import moment_words
from backoffice.why import of_row, panel

# What staff may add to a request while it is not complete.
PART_FIELDS = tuple(tickets.PARTS.values())
ASKED_FIELDS = ("reporter_email", "agreed_in_writing", "priority", "subject", *PART_FIELDS)
REQUEST_FIELDS = ("subscription", "reported_at", *ASKED_FIELDS)


class TicketForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A request as it came, or another priority for it."""

    asked_by = forms.ChoiceField(
        choices=Reclassification.By.choices,
        required=False,
        label="Another priority is asked for by",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Ticket
        fields = REQUEST_FIELDS

    def clean(self) -> dict[str, Any]:
        """Says of each field what the service would refuse."""
        given = super().clean() or {}
        subscription = self.instance.subscription if self.instance.pk else given.get("subscription")
        if subscription is not None:
            tickets.check_priority(subscription.terms, given.get("priority", ""))
        if given.get("reported_at") and given["reported_at"] > timezone.now():
            self.add_error("reported_at", "A request cannot have come later than now.")
        return given


class ReclassificationInline(ReadOnlyInline):
    model = Reclassification
    fields = ("at", "by", "old_priority", "new_priority", "old_due_at", "new_due_at")
    show_change_link = False
    verbose_name_plural = "other priorities it was given"


class AlarmInline(ReadOnlyInline):
    model = TicketAlarm
    fields = ("percent", "due_at", "rang_at")
    show_change_link = False
    verbose_name_plural = "alarms that rang"


class MailInline(ReadOnlyInline):
    model = InboundMail
    fields = ("received_at", "sender", "vouched", "subject", "state")
    verbose_name_plural = "mail about it"


@admin.register(Ticket)
class TicketAdmin(StaffAdmin):
    icon = "support_agent"
    form = TicketForm
    list_display = ("reference", "subject", "customer", "contract", "priority", "state", "due", "time_over")
    list_filter = ("state", VendorFilter, "sla_breach")
    list_select_related = ("subscription__customer",)
    # What waits for us comes first, whatever has the least time left on top.
    ordering = (Case(When(state=Ticket.State.OPEN, then=F("due_at"))).asc(nulls_last=True), "-id")
    search_help_text = "A reference, an address, a subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("reference__iexact", "reporter_email__iexact", "subscription__customer__name__istartswith")
    autocomplete_fields = ("subscription",)
    actions_submit_line = ("answer_now", "close_now", "corrected_now")
    inlines = (ReclassificationInline, AlarmInline, MailInline)
    decided = ("reference", "contract", "sheet", "state", "due", "time_over", "who_why", "complete_why", "due_why")
    stamped = ("clock_from", "answered_at", "worked_around_at", "fix_by", "fixed_at", "closed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": REQUEST_FIELDS}),)
        classified = ("priority", "asked_by") if self.has_change_permission(request, obj) else ("priority",)
        told = tuple(name for name in REQUEST_FIELDS if name != "priority")
        return (
            (None, {"fields": ("reference", "contract", "sheet", "state", *classified)}),
            ("By when", {"fields": ("due", "time_over", *self.stamped, "due_why")}),
            ("Who asks", {"fields": ("by_administrator", "who_why")}),
            ("What is asked", {"fields": (*told, "complete_why")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        parts = PART_FIELDS if obj.state == Ticket.State.INCOMPLETE else ()
        fixed = tuple(name for name in REQUEST_FIELDS if name not in (*parts, "priority"))
        return (*self.decided, *self.stamped, "by_administrator", *fixed)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"reported_at": timezone.now(), **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: Ticket | None) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """What was refused or is closed is only read."""
        over = obj is not None and obj.state in (Ticket.State.REFUSED, Ticket.State.CLOSED)
        return not over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        if not change:
            self._report(request, obj)
            return
        try:
            with transaction.atomic():
                self._change(request, obj, form)
        except NotPossible as refusal:
            obj.__dict__["refusal"] = refusal

    def response_change(self, request: HttpRequest, obj: Ticket) -> HttpResponse:
        """Says what was not possible in place of the theme's word that all went well."""
        if refusal := obj.__dict__.get("refusal"):
            self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)
            return HttpResponseRedirect(request.path)
        answered: HttpResponse = super().response_change(request, obj)
        return answered

    def _report(self, request: HttpRequest, obj: Ticket) -> None:
        asked = tickets.Request(**{name: getattr(obj, name) for name in tickets.Request._fields})
        now = timezone.now()
        kept = tickets.report(subscription=obj.subscription, request=asked, reported_at=obj.reported_at, at=now)
        if kept.state == Ticket.State.REFUSED:
            self.message_user(request, "The contract does not answer this person: it was refused.", messages.WARNING)
        obj.__dict__ |= kept.__dict__

    def _change(self, request: HttpRequest, obj: Ticket, form: TicketForm) -> None:
        given, now = form.cleaned_data, timezone.now()
        added = {part: given[name] for part, name in tickets.PARTS.items() if name in form.changed_data}
        if added:
            tickets.complete(ticket=obj, parts=added, at=now)
        if "priority" in form.changed_data:
            by = cast(Party, given.get("asked_by") or Reclassification.By.CUSTOMER.value)
            tickets.reclassify(ticket=obj, priority=given["priority"], by=by, at=now)
        for button in self.get_actions_submit_line(request, obj.pk):
            if button.action_name in request.POST:
                button.method(request, obj)

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """The buttons that this person may press and this ticket is in a state for."""
        ticket = self.get_object(request, unquote(str(object_id)))
        if ticket is None or not self.has_change_permission(request, ticket):
            return []
        buttons = super().get_actions_submit_line(request, object_id)
        return [one for one in buttons if one.path != "answer_now" or ticket.state == Ticket.State.OPEN]

    @action(description="It is answered")  # type: ignore[untyped-decorator]  # the theme has no types
    def answer_now(self, request: HttpRequest, obj: Ticket) -> None:
        tickets.answer(ticket=obj, at=timezone.now())

    @action(description="It is corrected for good")  # type: ignore[untyped-decorator]  # the theme has no types
    def corrected_now(self, request: HttpRequest, obj: Ticket) -> None:
        tickets.correct(ticket=obj, at=timezone.now())

    @action(description="Close it")  # type: ignore[untyped-decorator]  # the theme has no types
    def close_now(self, request: HttpRequest, obj: Ticket) -> None:
        tickets.close(ticket=obj, at=timezone.now())

    @admin.display(description="customer")
    def customer(self, ticket: Ticket) -> str:
        return ticket.subscription.customer.name

    @admin.display(description="contract", ordering="vendor")
    def contract(self, ticket: Ticket) -> str:
        return vendor_name(ticket.vendor)

    @admin.display(description="answer due by", ordering="due_at", empty_value="no time is set")
    def due(self, ticket: Ticket) -> str | None:
        return moment_words(ticket.due_at.astimezone(ticket.terms.zone)) if ticket.due_at else None

    @admin.display(description="alarm", ordering="alarmed", empty_value="none")
    def time_over(self, ticket: Ticket) -> str | None:
        if not ticket.alarmed:
            return None
        return "late" if ticket.alarmed == tickets.LATE_PERCENT else f"{ticket.alarmed}% of its time is over"

    @admin.display(description="why")
    def who_why(self, ticket: Ticket) -> SafeString | str:
        if not ticket.who_because:
            return "The contract does not say who may ask for support."
        if ticket.refused_for == tickets.OVERDUE:
            words = "The request is refused: a payment is overdue, and its written notice has run out."
            return panel(of_row(words, ticket.sheet, ticket.who_because))
        refused = ticket.state == Ticket.State.REFUSED
        sentence = tell_asker(Asker(not refused, ticket.refused_for or None, ticket.sla_breach))
        return panel(of_row(sentence, ticket.sheet, ticket.who_because))

    @admin.display(description="why")
    def complete_why(self, ticket: Ticket) -> SafeString | str:
        if not ticket.complete_because:
            return "The contract does not say what a request must hold."
        sentence = tell_completeness(Completeness(not ticket.missing, tuple(ticket.missing)))
        return panel(of_row(sentence, ticket.sheet, ticket.complete_because))

    @admin.display(description="why")
    def due_why(self, ticket: Ticket) -> SafeString | str:
        if ticket.due_at is None:
            return "Its time does not run: the contract gives it none, or the request is refused or not complete."
        sentence = tell_support_due(SupportDue(ticket.due_at.astimezone(ticket.terms.zone)))
        return panel(of_row(sentence, ticket.sheet, ticket.due_because))
