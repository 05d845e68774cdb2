"""The staff's list of requests for support, the nearest deadline first; and one request with its clocks and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts import tickets
from accounts.admin.acts import ActsMixin
from accounts.admin.ticket_acts import TICKET_ACTS
from accounts.models import InboundMail, Reclassification, Ticket, TicketAlarm
from accounts.policy.errors import Correction, IntakeFacts, decide_errors_intake, tell_correction
from accounts.policy.helpdesk import Asker, Completeness, tell_asker, tell_completeness
from accounts.policy.support import SupportDue, tell_support_due
from accounts.services import NotPossible
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.registry import rules
from backoffice.terms.words import moment_words
from backoffice.why import of_decision, of_row, panel

# What staff may add to a request while it is not complete.
PART_FIELDS = tuple(tickets.PARTS.values())
ASKED_FIELDS = ("reporter_email", "agreed_in_writing", "priority", "subject", *PART_FIELDS)
REQUEST_FIELDS = ("subscription", "reported_at", *ASKED_FIELDS)


class TicketForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A request as it came, and what it lacked."""

    class Meta:
        model = Ticket
        fields = REQUEST_FIELDS

    def clean(self) -> dict[str, Any]:
        """Says of each field what the service would refuse."""
        given = super().clean() or {}
        if given.get("subscription") is not None:
            tickets.check_priority(given["subscription"].terms, given.get("priority", ""))
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
class TicketAdmin(ActsMixin, StaffAdmin):
    section = "Support"
    about = "Requests for support with their deadlines, the nearest first. Add one that came by telephone."
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
    inlines = (ReclassificationInline, AlarmInline, MailInline)
    acts = TICKET_ACTS
    shown = ("state", "priority", "due_at", "answered_at", "worked_around_at", "fix_by", "fixed_at", "closed_at")
    made = ("reclassifications",)
    decided = (
        "reference", "contract", "sheet", "state", "buttons", "due", "time_over", "who_why", "complete_why", "due_why",
        "intake", "fix_why",
    )  # fmt: skip
    stamped = ("clock_from", "answered_at", "worked_around_at", "fix_by", "fixed_at", "closed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": REQUEST_FIELDS}),)
        told = tuple(name for name in REQUEST_FIELDS if name != "priority")
        return (
            (None, {"fields": ("reference", "contract", "sheet", "state", "priority", "buttons")}),
            ("By when", {"fields": ("due", "time_over", *self.stamped, "due_why", "fix_why", "intake")}),
            ("Who asks", {"fields": ("by_administrator", "who_why")}),
            ("What is asked", {"fields": (*told, "complete_why")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        parts = PART_FIELDS if obj.state == Ticket.State.INCOMPLETE else ()
        fixed = tuple(name for name in REQUEST_FIELDS if name not in parts)
        return (*self.decided, *self.stamped, "by_administrator", *fixed)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"reported_at": timezone.now(), **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: Ticket | None) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """What a request lacked is added to it; for the rest there are acts."""
        lacks = obj is None or obj.state == Ticket.State.INCOMPLETE
        return lacks and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        if not change:
            self._report(request, obj)
            return
        try:
            given = {part: form.cleaned_data[name] for part, name in tickets.PARTS.items()}
            tickets.complete(ticket=obj, parts=given, at=timezone.now())
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

    @admin.display(description="answer due by", ordering="due_at", empty_value="no time is set")
    def due(self, ticket: Ticket) -> str | None:
        return moment_words(ticket.due_at.astimezone(ticket.terms.zone)) if ticket.due_at else None

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

    @admin.display(description="when errors are taken")
    def intake(self, ticket: Ticket) -> SafeString | str:
        decision = decide_errors_intake(ticket.terms, IntakeFacts(working_hours=False))
        if decision.outcome is None:
            return "The contract does not say."
        return panel(of_decision(rules()["errors.intake"], decision))

    @admin.display(description="why corrected by then")
    def fix_why(self, ticket: Ticket) -> SafeString | str:
        if not ticket.fix_because:
            return "No work-around was given, or the contract does not say what follows it."
        return panel(of_row(tell_correction(Correction(True, ticket.fix_by)), ticket.sheet, ticket.fix_because))

    @admin.display(description="why")
    def due_why(self, ticket: Ticket) -> SafeString | str:
        if ticket.due_at is None:
            return "Its time does not run: the contract gives it none, or the request is refused or not complete."
        sentence = tell_support_due(SupportDue(ticket.due_at.astimezone(ticket.terms.zone)))
        return panel(of_row(sentence, ticket.sheet, ticket.due_because))
