"""The staff's pages of changes of contracts: publishing one, whom it reaches, and what customers do about it."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from accounts import services
from accounts.models import (
    Amendment,
    AmendmentNotice,
    ContractDocument,
    Notice,
)
from accounts.reports.amendments import reach_words
from accounts.services.agreements import OF_CUSTOMERS, newest_texts
from accounts.services.amendment_plans import reached_by
from accounts.services.amendment_reach import Alike, Reach, foresee
from accounts.staff.contracts import live_contracts
from backoffice import days
from backoffice.admin import StaffAdmin, VendorFilter
from backoffice.terms.book import book
from backoffice.terms.question import QuestionError
from backoffice.terms.words import day_words
from backoffice.why import Why, of_row

DOCUMENT = "admin:accounts_contractdocument_change"
# Of the kinds of contracts that a change reaches, so many are shown.
MOST_KINDS = 12
REFUSALS = (services.NotPossible, QuestionError)
ASKED = (
    "vendor", "subject", "versions", "plan", "text", "document", "old_price", "new_price", "emergency", "exempt",
    "tell_on",
)  # fmt: skip
TOLD = ("prices_told", "old_sheet", "new_sheet", "published_on", "planned_on")


def version_choices() -> list[tuple[str, str]]:
    """Each version with one that came after it, and how many live contracts are under the earlier."""
    found = [("", "none: the change stands in no version of the terms")]
    for vendor in book().vendors():
        shelf = book().versions(vendor)
        for position, old in enumerate(shelf):
            for new in shelf[position + 1 :]:
                live = live_contracts(old.id)
                words = f"{old.name}: {day_words(old.from_)} → {day_words(new.from_)}, reaches {live} live contracts"
                found.append((f"{old.id} {new.id}", words))
    return found


class AmendmentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A change to be published."""

    versions = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    old_price = forms.DecimalField(required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget)
    new_price = forms.DecimalField(required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget)

    class Meta:
        model = Amendment
        fields = ("vendor", "subject", "plan", "text", "document", "emergency", "exempt", "tell_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "versions" in self.fields:
            self.fields["versions"].choices = version_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Asks what the service would say to the change, so that the reason against it is read before it is sent."""
        given = super().clean() or {}
        if not self.errors:
            at = timezone.now()
            change = publication(given)
            try:
                self.draft = services.draft_amendment(change=change, on=days.today(change.vendor, at), at=at)
            except ValidationError as refusal:
                raise ValidationError(refusal.messages) from refusal
            except REFUSALS as refusal:
                raise ValidationError(str(refusal)) from refusal
        return given


def publication(given: dict[str, Any]) -> services.Publication:
    """The change that a form holds."""
    old_sheet, _, new_sheet = given["versions"].partition(" ")
    old, new = given["old_price"], given["new_price"]
    prices = (old, new) if old is not None and new is not None else None
    told = {name: given[name] for name in AmendmentForm.Meta.fields}
    return services.Publication(**told, old_sheet=old_sheet, new_sheet=new_sheet, prices=prices)


class Kind(NamedTuple):
    """Contracts to which a change would do the same: how many, and by which way their customers are told."""

    contracts: int
    channel: str
    reach: Reach


class Plan(NamedTuple):
    """Whom a change would reach; of many kinds of contracts the biggest are shown, and ``more`` says how many are not.
    Kinds that differ in their days alone share their ``whys``. ``lacks_texts``: the books hold no text of the new
    version that customers could accept."""

    draft: Amendment
    contracts: int
    kinds: list[Kind]
    more: int
    whys: list[Why]
    lacks_texts: bool

    @property
    def does_something(self) -> bool:
        return True

    @property
    def mark(self) -> str:
        """Tells this plan from every other, so that nobody confirms one that they have not read."""
        draft = self.draft
        said = repr((draft.tell_on, draft.changes, draft.text, draft.prices, self.kinds, self.more))
        return hashlib.sha256(said.encode()).hexdigest()


def plan_of(draft: Amendment) -> Plan:
    alike = foresee(draft)
    lacks_texts = bool(draft.new_sheet) and not newest_texts(draft.new_sheet, OF_CUSTOMERS)
    shown = alike[:MOST_KINDS]
    kinds = [Kind(one.contracts, str(Notice.Channel(one.reach.channel).label), one.reach) for one in shown]
    whys = {(one.sheet, repr(one.reach.because)): one for one in reversed(shown)}
    contracts = sum(one.contracts for one in alike)
    return Plan(
        draft, contracts, kinds, len(alike) - len(shown), [_why(one) for one in whys.values()][::-1], lacks_texts
    )


def _why(alike: Alike) -> Why:
    words = reach_words(alike.reach)
    return of_row(f"{words[0].upper()}{words[1:]}", alike.sheet, alike.reach.because)


@admin.register(Amendment)
class AmendmentAdmin(StaffAdmin):
    section = "Changes"
    about = (
        "Changes of terms, prices and services that we publish. Add one, and the next day's run plans for every "
        "contract that it reaches when its customer is told."
    )
    icon = "edit_document"
    form = AmendmentForm
    list_display = ("__str__", "subject", "old_sheet", "new_sheet", "plan", "tell_on", "planned_on")
    list_filter = ("subject", VendorFilter)
    search_help_text = "A version of the terms, or a plan."
    text_lookups = ("old_sheet", "new_sheet", "plan__iexact")

    def get_fieldsets(self, request: HttpRequest, obj: Amendment | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ASKED}),)
        shown = tuple(name for name in ASKED if name not in ("versions", "old_price", "new_price"))
        return (
            (None, {"fields": (*shown, *TOLD)}),
            ("What changes", {"fields": ("what_changes", "archive")}),
            ("Whom it reaches", {"fields": ("reach",)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Amendment | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        told = (
            "prices_told",
            "old_sheet",
            "new_sheet",
            "published_on",
            "planned_on",
            "what_changes",
            "archive",
            "reach",
        )
        return (*AmendmentForm.Meta.fields, *told)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"tell_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Asks what changes, shows whom it would reach and how, and publishes it once that is confirmed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = self.get_changeform_initial_data(request)
        form = self.get_form(request)(request.POST if request.method == "POST" else None, initial=initial)
        plan = None
        if form.is_valid():
            plan = plan_of(form.draft)
            if request.POST.get("confirm") == plan.mark:
                return self._published(request, publication(form.cleaned_data))
        context = {
            **admin.site.each_context(request),
            "title": "Publish a change of a contract",
            "row": "the changes",
            "back": reverse("admin:accounts_amendment_changelist"),
            "form": form,
            "preview": plan,
            "changed": "confirm" in request.POST,
        }
        return TemplateResponse(request, "accounts/publish.html", context)

    def _published(self, request: HttpRequest, change: services.Publication) -> HttpResponse:
        at = timezone.now()
        kept = services.publish_amendment(change=change, on=days.today(change.vendor, at), at=at)
        self.log_addition(request, kept, "Published.")
        number = reached_by(kept).count()
        self.message_user(request, f"It reaches {number} live contracts; the contract's next day plans it for each.")
        return HttpResponseRedirect(reverse("admin:accounts_amendment_change", args=(kept.pk,)))

    @admin.display(description="prices", empty_value="-")
    def prices_told(self, amendment: Amendment) -> str | None:
        if amendment.prices is None:
            return None
        old, new = amendment.prices
        return f"{old} {amendment.currency} until now, then {new} {amendment.currency}"

    @admin.display(description="value by value", empty_value="nothing that stands in the terms")
    def what_changes(self, amendment: Amendment) -> SafeString | None:
        rows = ((one["label"], one["old"] or "-", one["new"] or "-", one["clause"]) for one in amendment.changes)
        return format_html_join("", '<p>{}: {} → {} <span class="clause">{}</span></p>', rows) or None

    @admin.display(description="archive", empty_value="-")
    def archive(self, amendment: Amendment) -> SafeString | None:
        """Every version of the text that was changed, the newest first."""
        if amendment.document is None:
            return None
        kept = ContractDocument.objects.filter(title=amendment.document.title, sheet__startswith=f"{amendment.vendor}/")
        rows = ((reverse(DOCUMENT, args=(one.pk,)), one) for one in kept.order_by("-id"))
        return format_html_join("", '<p><a href="{}">{}</a></p>', rows)

    @admin.display(description="contracts")
    def reach(self, amendment: Amendment) -> SafeString | str:
        if amendment.planned_on is None:
            return f"{reached_by(amendment).count()} live contracts; it is planned for them on the contract's next day."
        counts = (
            AmendmentNotice.objects.filter(amendment=amendment).order_by().values_list("state").annotate(Count("pk"))
        )
        labels = dict(AmendmentNotice.State.choices)
        address = reverse("admin:accounts_amendmentnotice_changelist")
        rows = [
            (f"{address}?amendment__id__exact={amendment.pk}&state__exact={state}", n, labels[state])
            for state, n in counts
        ]
        return format_html_join("", '<p><a href="{}">{} {}</a></p>', rows) or "none"
