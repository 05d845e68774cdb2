"""The staff's registers of requests about personal data, of breaches of it, and of who else processes it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts.models import DataAlarm, DataBreach, DataRequest, Processor
from accounts.policy.personal_data import DataBreachDue, DataRequestDue, tell_breach, tell_request
from accounts.services import NotPossible
from accounts.services.data_breaches import Noticed, notice_breach, tell_authority
from accounts.services.data_requests import Asked, answer_request, extend_request, receive_request, verify_requester
from backoffice.admin import ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.terms.words import moment_words
from backoffice.why import of_row, panel


class AlarmInline(ReadOnlyInline):
    model = DataAlarm
    fields = ("percent", "due_at", "rang_at")
    show_change_link = False
    verbose_name_plural = "alarms that rang"


class ByService(StaffAdmin):
    """Rows that a service writes from a form, and moves on by buttons; what it refuses is said on the page."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        try:
            with transaction.atomic():
                kept = self.moved(request, obj, form) if change else self.made(obj, form)
                obj.__dict__ |= kept.__dict__ if kept is not None else {}
        except NotPossible as refusal:
            obj.__dict__["refusal"] = refusal

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if refusal := obj.__dict__.get("refusal"):
            self.message_user(request, f"Nothing was changed: {refusal}.", messages.ERROR)
            return HttpResponseRedirect(request.path)
        answered: HttpResponse = super().response_change(request, obj)
        return answered

    @abstractmethod
    def made(self, obj: Any, form: Any) -> Any:
        """What the service of this register keeps of a new row."""

    @abstractmethod
    def moved(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """What the service keeps of a row that staff moved on; NotPossible for what it refuses."""


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A request as it came."""

    class Meta:
        model = DataRequest
        fields = ("kind", "subject", "subject_id", "name", "email", "text", "verified_how", "received_at", "answer")

    def clean(self) -> dict[str, Any]:
        """Whom it is about has to be there, and it has to have come already."""
        given = super().clean() or {}
        if self.instance.pk is None and given.get("subject") and given.get("subject_id") is not None:
            model = apps.get_model(given["subject"])
            if not model._base_manager.filter(pk=given["subject_id"]).exists():
                self.add_error("subject_id", "There is nobody of this number.")
        if given.get("received_at") and given["received_at"] > timezone.now():
            self.add_error("received_at", "A request cannot have come later than now.")
        return given


@admin.register(DataRequest)
class DataRequestAdmin(ByService):
    section = "Privacy"
    about = (
        "People who ask about the data that is held of them. Add a request as it came; its time to answer runs "
        "from then."
    )
    icon = "contact_page"
    form = RequestForm
    list_display = ("__str__", "customer", "subject", "answer_by", "state", "time_over")
    list_filter = ("state", "kind")
    list_select_related = ("customer",)
    number_lookups = ("pk", "customer_id")
    text_lookups = ("email__iexact",)
    search_help_text = "A request's or a customer's number, or an address."
    inlines = (AlarmInline,)
    actions_submit_line = ("grant_now", "refuse_now", "takes_longer")
    asked = ("kind", "subject", "subject_id", "name", "email", "text", "verified_how", "received_at")
    decided = ("customer", "answer_by", "passed_on_at", "extended_on", "state", "answered_at", "erasure", "why")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.asked if obj is None else (*self.asked, "answer", "extended_for", *self.decided)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        if obj.state != DataRequest.State.OPEN:
            return self.get_fields(request, obj)
        return (*(name for name in self.asked if name != "verified_how"), *self.decided)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "extended_for" in made.base_fields:
            made.base_fields["extended_for"].required = False
        return made

    def made(self, obj: DataRequest, form: Any) -> DataRequest:
        subject = apps.get_model(obj.subject)._base_manager.get(pk=obj.subject_id)
        asked = Asked(**{name: form.cleaned_data[name] for name in Asked._fields if name in form.cleaned_data})
        return receive_request(subject=subject, asked=asked, received_at=obj.received_at, at=timezone.now())

    def moved(self, request: HttpRequest, obj: DataRequest, form: Any) -> DataRequest | None:
        given, now, kept = form.cleaned_data, timezone.now(), None
        if "verified_how" in form.changed_data:
            kept = verify_requester(request=obj, how=given["verified_how"])
        if "takes_longer" in request.POST:
            return extend_request(request=obj, reason=given["extended_for"], on=now.date())
        if {"grant_now", "refuse_now"} & request.POST.keys():
            granted = "grant_now" in request.POST
            return answer_request(request=obj, granted=granted, answer=given["answer"], on=now.date(), at=now)
        return kept

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Buttons for a request that waits; what they do is done while the form is saved."""
        waiting = DataRequest.objects.filter(pk=str(object_id), state=DataRequest.State.OPEN).exists()
        return super().get_actions_submit_line(request, object_id) if waiting else []

    @action(description="Grant it")  # type: ignore[untyped-decorator]  # the theme has no types
    def grant_now(self, request: HttpRequest, obj: DataRequest) -> None:
        """Done by ``moved``, with what the form holds."""

    @action(description="Refuse it")  # type: ignore[untyped-decorator]  # the theme has no types
    def refuse_now(self, request: HttpRequest, obj: DataRequest) -> None:
        """Done by ``moved``, with what the form holds."""

    @action(description="It takes longer")  # type: ignore[untyped-decorator]  # the theme has no types
    def takes_longer(self, request: HttpRequest, obj: DataRequest) -> None:
        """Done by ``moved``, with what the form holds."""

    @admin.display(description="why")
    def why(self, request: DataRequest) -> SafeString | str:
        due = DataRequestDue(request.passed_on_at is not None, request.answer_by)
        return panel(of_row(tell_request(due), request.sheet, request.because))


class BreachForm(forms.ModelForm):  # type: ignore[type-arg]
    """A breach as it was noticed."""

    class Meta:
        model = DataBreach
        fields = ("vendor", "what", "categories", "persons", "measures", "risk", "noticed_at")

    def clean_noticed_at(self) -> Any:
        if self.cleaned_data["noticed_at"] > timezone.now():
            raise forms.ValidationError("A breach cannot have been noticed later than now.")
        return self.cleaned_data["noticed_at"]


@admin.register(DataBreach)
class DataBreachAdmin(ByService):
    section = "Privacy"
    about = (
        "Breaches of personal data. Add one as soon as it is noticed: customers and persons are told at once, "
        "and the clock toward the authority runs."
    )
    icon = "gpp_bad"
    buttons_only = True
    form = BreachForm
    list_display = ("__str__", "vendor", "risk", "persons", "due_at", "authority_told_at", "time_over")
    list_filter = ("risk", VendorFilter)
    search_help_text = "A breach's number."
    inlines = (AlarmInline,)
    actions_submit_line = ("authority_told",)
    told = ("vendor", "what", "categories", "persons", "measures", "risk", "noticed_at")
    decided = ("due", "customers_told_at", "persons_told_at", "authority_told_at", "why")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.told if obj is None else (*self.told, "late_because", *self.decided)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        fixed = (*self.told, *self.decided)
        return fixed if obj.authority_told_at is None else (*fixed, "late_because")

    def made(self, obj: DataBreach, form: Any) -> DataBreach:
        noticed = Noticed(**{name: form.cleaned_data[name] for name in Noticed._fields})
        return notice_breach(noticed=noticed, noticed_at=obj.noticed_at, at=timezone.now())

    def moved(self, request: HttpRequest, obj: DataBreach, form: Any) -> DataBreach | None:
        if "authority_told" not in request.POST:
            return None
        now = timezone.now()
        return tell_authority(breach=obj, told_at=now, at=now, late_because=form.cleaned_data["late_because"])

    def get_actions_submit_line(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """A button while the authority was not told."""
        waiting = DataBreach.objects.filter(pk=str(object_id), authority_told_at=None).exists()
        return super().get_actions_submit_line(request, object_id) if waiting else []

    @action(description="The authority was told now")  # type: ignore[untyped-decorator]  # the theme has no types
    def authority_told(self, request: HttpRequest, obj: DataBreach) -> None:
        """Done by ``moved``, with what the form holds."""

    @admin.display(description="authority told by", empty_value="it need not be told")
    def due(self, breach: DataBreach) -> str | None:
        return moment_words(breach.due_at) if breach.due_at else None

    @admin.display(description="why")
    def why(self, breach: DataBreach) -> SafeString | str:
        sentence = tell_breach(DataBreachDue(True, breach.due_at, breach.persons_to_tell))
        return panel(of_row(sentence, breach.sheet, breach.because))


@admin.register(Processor)
class ProcessorAdmin(StaffAdmin):
    section = "Privacy"
    about = (
        "Who else processes personal data for us or for a vendor: the record that the law asks for. Keep it complete."
    )
    icon = "lan"
    list_display = ("name", "vendor", "purpose", "country", "contract_on", "audited_on", "ended_on")
    text_lookups = ("name__istartswith",)
    search_help_text = "The beginning of a name."

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The record of processing keeps who did it and until when."""
        return False
