"""The staff's lists of mailings to many, tests of vulnerability, use by others, and changes of domains' records: each
is written down once, judged by the contract, and only read from then on."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.admin.conduct import today
from accounts.models import BulkMailing, MailLimit, Misuse, RecordRequest, VulnerabilityTest
from accounts.services import mailing
from backoffice.admin import StaffAdmin, VendorFilter
from backoffice.terms.words import listed, spoken
from backoffice.why import SILENT, of_row, panel


class WrittenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """Writes a row down by its service once nothing else is wrong, so that what that refuses is said on the form."""

    @abstractmethod
    def write(self, given: dict[str, Any], when: dict[str, Any]) -> models.Model:
        """The row that the service of this kind writes down; ValidationError for what it refuses."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors and self.instance.pk is None:
            when = {"on": today(self.cleaned_data["subscription"].vendor), "at": timezone.now()}
            try:
                with transaction.atomic():
                    self.made = self.write(dict(self.cleaned_data), when)
            except ValidationError as refusal:
                self.add_error(None, refusal.messages[0])


class WrittenAdmin(StaffAdmin):
    """Rows of one kind; ``asked`` is what staff write down, ``decided`` what the contract made of it."""

    asked: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    list_filter = (VendorFilter,)
    list_select_related = ("subscription__customer",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    autocomplete_fields = ("subscription",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ("subscription", *self.asked)
        return ((None, {"fields": fields if obj is None else (*fields, "contract", *self.decided, "why")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("subscription", *self.asked, "contract", *self.decided, "why")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: WrittenForm, change: bool) -> None:
        obj.__dict__ |= form.made.__dict__

    @admin.display(description="why")
    def why(self, row: Any) -> SafeString | str:
        return panel(of_row(row.says, row.sheet, row.because)) if row.says else SILENT


class BulkMailingForm(WrittenForm):
    class Meta:
        model = BulkMailing
        fields = ("subscription", *mailing.Mailing._fields)

    def write(self, given: dict[str, Any], when: dict[str, Any]) -> models.Model:
        contract = given.pop("subscription")
        return mailing.check_mailing(subscription=contract, mailing=mailing.Mailing(**given), **when)


@admin.register(BulkMailing)
class BulkMailingAdmin(WrittenAdmin):
    section = "Conduct"
    about = "Mailings to many that customers told us of, and what they lack. Add one to check it before it goes out."
    icon = "campaign"
    form = BulkMailingForm
    list_display = ("mailing", "customer", "contract", "number", "complaints_address", "checked_on")
    asked = mailing.Mailing._fields
    decided = ("checked_on", "most", "lacking")

    @admin.display(description="lacks", empty_value="nothing")
    def lacking(self, mailing: BulkMailing) -> str | None:
        return listed([spoken(one) for one in mailing.lacks]) if mailing.lacks else None


class VulnerabilityTestForm(WrittenForm):
    class Meta:
        model = VulnerabilityTest
        fields = ("subscription", "system", "own_system", "consent", "tested_on")

    def write(self, given: dict[str, Any], when: dict[str, Any]) -> models.Model:
        tested_on = given.pop("tested_on")
        if tested_on is None:
            return mailing.note_test_consent(**given, **when)
        given.pop("consent")
        return mailing.note_test(**given, on=tested_on, at=when["at"])


@admin.register(VulnerabilityTest)
class VulnerabilityTestAdmin(WrittenAdmin):
    section = "Conduct"
    about = (
        "Tests of how vulnerable a system is, and the vendor's consent to them. Add the consent first, then the test."
    )
    icon = "bug_report"
    form = VulnerabilityTestForm
    list_display = ("system", "customer", "contract", "consent", "consent_on", "tested_on", "allowed")
    asked = ("system", "own_system", "consent", "tested_on")
    decided = ("consent_on", "allowed", "case")


class MisuseForm(WrittenForm):
    class Meta:
        model = Misuse
        fields = ("subscription", "reporter_email", "text", "known_at", "reported_at")

    def write(self, given: dict[str, Any], when: dict[str, Any]) -> models.Model:
        return mailing.report_misuse(**given, at=when["at"])


@admin.register(Misuse)
class MisuseAdmin(WrittenAdmin):
    section = "Support"
    about = (
        "Customers who told us that somebody else used their account. Add one: the contract says whether it came "
        "in time."
    )
    icon = "no_accounts"
    form = MisuseForm
    list_display = ("__str__", "customer", "contract", "known_at", "due_at", "in_time")
    asked = ("reporter_email", "text", "known_at", "reported_at")
    decided = ("due_at", "in_time", "customer_answers")


class RecordRequestForm(WrittenForm):
    class Meta:
        model = RecordRequest
        fields = ("subscription", "domain", "change", "asked_by")

    def write(self, given: dict[str, Any], when: dict[str, Any]) -> models.Model:
        return mailing.ask_record_change(**given, **when)


@admin.register(RecordRequest)
class RecordRequestAdmin(WrittenAdmin):
    section = "Support"
    about = "Requests to change the records of a domain, and whether the person may ask for it."
    icon = "dns"
    form = RecordRequestForm
    list_display = ("__str__", "customer", "contract", "asked_by", "asked_on", "allowed")
    asked = ("domain", "change", "asked_by")
    decided = ("asked_on", "allowed")


class MailLimitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A limit that a vendor has set."""

    class Meta:
        model = MailLimit
        fields = ("vendor", "most", "from_on")


@admin.register(MailLimit)
class MailLimitAdmin(StaffAdmin):
    section = "Conduct"
    about = "How many recipients a vendor allows in one mailing. Add a limit when the vendor tells of one."
    icon = "speed"
    search_help_text = "A limit's number."
    form = MailLimitForm
    list_display = ("vendor", "most", "from_on")
    list_filter = (VendorFilter,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
