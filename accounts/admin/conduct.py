"""The staff's list of conduct cases. A case's page says what its contract lets be done today, and has only those
buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from accounts.models import CASE_MOVES, AbuseReport, ConductCase, ConductStep
from accounts.services import NotPossible, abuse, conduct
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter, vendor_name
from backoffice.terms.book import book
from backoffice.terms.words import spoken
from backoffice.why import of_row, panel

# The buttons of a case: the step of the contract's that each takes (none where it needs no leave of it), and the state
# that the case has then.
BUTTONS = {
    "warn_now": ("warn", "warned"),
    "revoke_now": ("revoke", "revoked"),
    "suspend_now": ("suspend", "suspended"),
    "end_now": ("end", "terminated"),
    "cured_now": ("", "cured"),
    "close_now": ("", "closed"),
}
FOUND = ("violation", "facts", "end_user", "remediable", "urgent", "hindering", "helped_another")


def today(vendor: str) -> date:
    """The vendor's day now."""
    return timezone.now().astimezone(book().newest(vendor).zone).date()


class CaseForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """What was found; on a case that goes on, until when a suspension is to last."""

    suspend_until = forms.DateField(
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        label="Suspend until",
        help_text="Last day of a suspension; empty until it is put right.",
    )

    report = forms.ModelChoiceField(
        AbuseReport.objects.filter(state=AbuseReport.State.WAITING),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Number of the report that told of it; empty for none.",
    )

    class Meta:
        model = ConductCase
        fields = ("subscription", *FOUND)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "violation" in self.fields:
            self.fields["violation"] = forms.ChoiceField(choices=_violations(), widget=UnfoldAdminSelectWidget)

    def full_clean(self) -> None:
        """Opens the case once nothing else is wrong, so that what the service refuses is said on the form."""
        super().full_clean()
        if self.is_bound and not self.errors and self.instance.pk is None:
            given = self.cleaned_data
            found = conduct.Found(**{name: given[name] for name in FOUND})
            contract, report = given["subscription"], given["report"]
            when: Any = {"on": today(contract.vendor), "at": timezone.now()}
            try:
                with transaction.atomic():
                    self.opened = (
                        abuse.take_up(report=report, found=found, subscription=contract, **when)
                        if report
                        else conduct.open_case(subscription=contract, found=found, **when)
                    )
            except ValidationError as refusal:
                for field, words in refusal.message_dict.items():
                    self.add_error(field, words)
            except NotPossible as refusal:
                self.add_error("report", f"{refusal}.")


def _violations() -> list[tuple[str, str]]:
    """Every violation of any contract's newest version, and whose lists have it."""
    whose: dict[str, list[str]] = {}
    for vendor in book().vendors():
        terms = book().newest(vendor).conduct
        for code in terms.violations if terms else ():
            whose.setdefault(code, []).append(vendor_name(vendor))
    return [(code, f"{spoken(code)} ({', '.join(names)})") for code, names in sorted(whose.items())]


class StepInline(ReadOnlyInline):
    model = ConductStep
    fields = ("on", "kind", "asked", "says")
    show_change_link = False
    verbose_name_plural = "what was done, and what the contract did not allow"


class ReportInline(ReadOnlyInline):
    model = AbuseReport
    fields = ("reported_at", "state", "first_name", "last_name")
    verbose_name_plural = "reports that led to it"


@admin.register(ConductCase)
class ConductCaseAdmin(StaffAdmin):
    section = "Conduct"
    about = (
        "Customers who broke the rules of use. A case shows what its contract allows today, and has only those buttons."
    )
    icon = "gavel"
    form = CaseForm
    list_display = ("what", "customer", "contract", "state", "opened_on", "cure_until", "time_over_on")
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    buttons_only = True
    search_help_text = "A subscription's number, a violation, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("violation__iexact", "subscription__customer__name__istartswith")
    autocomplete_fields = ("subscription", "end_user")
    actions_submit_line = tuple(BUTTONS)
    inlines = (StepInline, ReportInline)
    decided = ("contract", "sheet", "state", "may", "found_on", "over_on", "told_on", "cure_until", "time_over_on")
    stamped = ("opened_on", "cured_on", "suspended_on", "suspended_until", "repeated", "fees_words", "lost_words")

    def get_fieldsets(self, request: HttpRequest, obj: ConductCase | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("report", "subscription", *FOUND)}),)
        until = ("suspend_until",) if self._offered(request, obj, "suspend_now") else ()
        return (
            (None, {"fields": ("subscription", *self.decided[:3])}),
            ("What may be done today", {"fields": ("may", *until)}),
            ("What was found", {"fields": ("what", *FOUND[1:], "repeated", "opened_on")}),
            ("Times", {"fields": ("told_on", "cure_until", "time_over_on", "cured_on")}),
            (
                "What follows",
                {"fields": ("suspended_on", "suspended_until", "found_on", "over_on", *self.stamped[-2:])},
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: ConductCase | None = None) -> tuple[str, ...]:
        return () if obj is None else ("subscription", "what", *FOUND, *self.decided, *self.stamped)

    def get_inlines(self, request: HttpRequest, obj: ConductCase | None) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: ConductCase | None = None) -> bool:
        """A case that is over is only read."""
        over = obj is not None and obj.state not in CASE_MOVES
        return not over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ConductCase, form: CaseForm, change: bool) -> None:
        if not change:
            obj.__dict__ |= form.opened.__dict__
            return
        pressed = [one for one in self.get_actions_submit_line(request, obj.pk) if one.action_name in request.POST]
        try:
            with transaction.atomic():
                for button in pressed:
                    obj.__dict__["until"] = form.cleaned_data.get("suspend_until")
                    button.method(request, obj)
        except NotPossible as refusal:
            obj.__dict__["refusal"] = refusal

    def response_change(self, request: HttpRequest, obj: ConductCase) -> HttpResponse:
        """Says what was not possible in place of the theme's word that all went well."""
        if refusal := obj.__dict__.get("refusal"):
            self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)
            return HttpResponseRedirect(request.path)
        answered: HttpResponse = super().response_change(request, obj)
        return answered

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """The buttons that this person may press, this case is in a state for, and its contract allows today."""
        case = self.get_object(request, unquote(str(object_id)))
        if case is None or not self.has_change_permission(request, case):
            return []
        buttons = super().get_actions_submit_line(request, object_id)
        return [one for one in buttons if self._offered(request, case, one.path)]

    def _offered(self, request: HttpRequest, case: ConductCase, button: str) -> bool:
        step, state = BUTTONS[button]
        if state not in CASE_MOVES.get(case.state, ()) or not self.has_change_permission(request, case):
            return False
        outcome = conduct.ask(case, today(case.vendor)).outcome
        allowed = not step or (outcome is not None and step in outcome.steps)
        return allowed and (button != "revoke_now" or case.end_user_id is not None)

    def _do(self, obj: ConductCase, verb: Callable[..., Any], **more: Any) -> None:
        verb(case=obj, on=today(obj.vendor), at=timezone.now(), **more)

    @action(description="Warn the customer")  # type: ignore[untyped-decorator]  # the theme has no types
    def warn_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.warn)

    @action(description="Take the user's access away")  # type: ignore[untyped-decorator]
    def revoke_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.revoke)

    @action(description="Suspend the service")  # type: ignore[untyped-decorator]
    def suspend_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.suspend_for, until=obj.__dict__.get("until"))

    @action(description="It is put right")  # type: ignore[untyped-decorator]
    def cured_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.note_cured)

    @action(description="End the contract")  # type: ignore[untyped-decorator]
    def end_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.terminate_for)

    @action(description="Close the case")  # type: ignore[untyped-decorator]
    def close_now(self, request: HttpRequest, obj: ConductCase) -> None:
        self._do(obj, conduct.close_case)

    @admin.display(description="the contract's answer")
    def may(self, case: ConductCase) -> SafeString | str:
        if case.state not in CASE_MOVES:
            return "The case is over."
        decision = conduct.ask(case, today(case.vendor))
        return panel(of_row(conduct.tell(decision), case.sheet, decision.because))

    @admin.display(description="violation", ordering="violation")
    def what(self, case: ConductCase) -> str:
        return spoken(case.violation)

    @admin.display(description="fees", empty_value="none")
    def fees_words(self, case: ConductCase) -> str | None:
        return "; ".join(f"{fee['kind']}: {fee['amount']} {fee['currency']}" for fee in case.fees) or None

    @admin.display(description="the customer loses", empty_value="nothing")
    def lost_words(self, case: ConductCase) -> str | None:
        return ", ".join(case.lost) or None
