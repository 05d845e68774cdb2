"""The staff's lists of subscriptions and their periods; what was decided is read-only, its why beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.admin.acts import Act, ActsMixin
from accounts.admin.agreement_acts import AGREEMENT_ACTS
from accounts.admin.contract_acts import CONTRACT_ACTS
from accounts.models import Agreement, Licence, Period, PlannedEnd, Reason, StateChange, Subscription, Suspension
from accounts.policy.term import Start, TermPeriod, tell_period, tell_start
from accounts.staff.statements import said, statement
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class PeriodInline(ReadOnlyInline):
    model = Period
    fields = ("index", "state", "period_start", "period_end", "non_renewal_by", "due_on")


class StateChangeInline(ReadOnlyInline):
    model = StateChange
    fields = ("on", "from_state", "to_state", "reason", "nothing_back")
    show_change_link = False
    verbose_name_plural = "history of its state"


class SuspensionInline(ReadOnlyInline):
    model = Suspension
    fields = ("reason", "from_on", "until_on", "lifted_on")
    show_change_link = False


class PlannedEndInline(ReadOnlyInline):
    model = PlannedEnd
    fields = ("reason", "by", "told_on", "ends_on", "taken_back_on")
    show_change_link = False
    verbose_name_plural = "what ends it"


class AgreementInline(ReadOnlyInline):
    model = Agreement
    fields = ("document", "accepted_at", "how", "accepted_by", "accepted_role", "capacity", "authority")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("document")


class LicenceInline(ReadOnlyInline):
    model = Licence
    fields = ("number", "holder", "assigned_on", "gone")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("holder")


class UnconfirmedFilter(admin.SimpleListFilter):
    """Contracts that have a form to confirm an order, which was not made."""

    title = "what it lacks"
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("confirmation", "its confirmation")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(pk__in=Subscription.objects.to_be_confirmed())
            if self.value() == "confirmation"
            else queryset
        )


@admin.register(Subscription)
class SubscriptionAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Contracts"
    about = (
        "What customers subscribe to, each under the version of the terms that it was ordered under. Open one to "
        "stop it, to serve it again, or to see why it ends when it does."
    )
    icon = "autorenew"
    list_display = ("__str__", "customer", "contract", "quantity", "state", "start", "ends_on")
    list_filter = ("state", VendorFilter, UnconfirmedFilter)
    list_select_related = ("customer",)
    search_help_text = "A subscription's or a customer's number, or the beginning of a customer's name."
    number_lookups = ("pk", "customer_id")
    text_lookups = ("customer__name__istartswith",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "customer",
                    "contract",
                    "sheet",
                    "plan",
                    "quantity",
                    "method",
                    "state",
                    "overdue_since",
                    "buttons",
                )
            },
        ),
        (
            "What was agreed",
            {"fields": ("accepted_on", "cycle_months", "renewal_months", "commitment", "created_at", "agreeing")},
        ),
        ("Who it is for", {"fields": ("for_resale", "resale_permission", "specials")}),
        ("What the contract says of itself", {"fields": ("promises", "rank", "venue")}),
        ("Its beginning", {"fields": ("start", "start_why")}),
        ("Its end", {"fields": ("notice_on", "ends_on", "end_why", "giving")}),
    )
    readonly_fields = (
        "contract",
        "specials",
        "promises",
        "rank",
        "venue",
        "start_why",
        "end_why",
        "buttons",
        "giving",
        "agreeing",
    )
    acts: tuple[Act, ...] = (*CONTRACT_ACTS, *AGREEMENT_ACTS)
    shown = ("state", "notice_on", "ends_on")
    made: tuple[str, ...] = (
        "breaches", "end_request", "data_steps", "successions", "planned_ends", "withdrawals", "suspensions",
        "agreements", "confirmation", "specially_agreed", "ownerships", "declarations",
    )  # fmt: skip
    # What other rooms bring.
    more_acts: tuple[Act, ...] = ()
    inlines = (StateChangeInline, PlannedEndInline, SuspensionInline, PeriodInline, LicenceInline, AgreementInline)

    @admin.display(description="what can be done")
    def buttons(self, subscription: Subscription) -> SafeString | str:
        return self.links(subscription, CONTRACT_ACTS)

    @classmethod
    def bring(cls, acts: tuple[Act, ...], made: tuple[str, ...]) -> None:
        """Takes what another room does with a contract, and the rows that this makes."""
        cls.more_acts += acts
        cls.acts += acts
        cls.made += made

    @admin.display(description="what can be done about its money")
    def giving(self, subscription: Subscription) -> SafeString | str:
        return self.links(subscription, self.more_acts)

    @admin.display(description="what can be noted")
    def agreeing(self, subscription: Subscription) -> SafeString | str:
        return self.links(subscription, AGREEMENT_ACTS)

    @admin.display(description="agreed with this customer alone")
    def specials(self, subscription: Subscription) -> SafeString | str:
        if not subscription.special_terms:
            return "Nothing."
        return panel(
            of_row("These values judge it, whatever the contract says.", subscription.sheet, said(subscription))
        )

    @admin.display(description="the service")
    def promises(self, subscription: Subscription) -> SafeString:
        return panel(statement(subscription, "service.promised"))

    @admin.display(description="its texts")
    def rank(self, subscription: Subscription) -> SafeString:
        return panel(statement(subscription, "documents.order"))

    @admin.display(description="disputes")
    def venue(self, subscription: Subscription) -> SafeString:
        return panel(statement(subscription, "dispute.venue"))

    @admin.display(description="why")
    def start_why(self, subscription: Subscription) -> SafeString | str:
        if not subscription.start_because:
            return "The contract does not say when a term begins: it began when it was accepted."
        return panel(of_row(tell_start(Start(subscription.start)), subscription.sheet, subscription.start_because))

    @admin.display(description="why")
    def end_why(self, subscription: Subscription) -> SafeString | str:
        if subscription.ends_on is None:
            return "No notice to stop was given: it goes on renewing."
        end = f"{day_words(subscription.ends_on)} is the last day of service"
        if subscription.notice_on is None or subscription.ends_reason != Reason.NOTICE:
            return panel(of_row(self._ended(subscription, end), subscription.sheet, subscription.ends_because))
        sentence = f"The notice to stop came on {day_words(subscription.notice_on)}; {end}."
        return panel(of_row(sentence, subscription.sheet, subscription.ends_because))

    def _ended(self, subscription: Subscription, end: str) -> str:
        return f"{end}, because {Reason(subscription.ends_reason).label}." if subscription.ends_reason else f"{end}."


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    section = "Contracts"
    about = (
        "The terms of each subscription, one after another, with the days that count in them. The daily run "
        "opens and closes them."
    )
    icon = "date_range"
    list_display = (
        "__str__",
        "customer",
        "contract",
        "state",
        "period_start",
        "period_end",
        "non_renewal_by",
        "due_on",
    )
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "sheet", "index", "state", "why")}),
        (
            "Days",
            {"fields": ("period_start", "period_end", "closes_on", "renews_on", "due_on", "invoice_on", "pay_by")},
        ),
        ("Notices", {"fields": ("non_renewal_by", "renewal_notice_on", "noticed_on", "invoiced_on")}),
    )
    readonly_fields = ("contract", "why")

    @admin.display(description="why")
    def why(self, period: Period) -> SafeString:
        outcome = TermPeriod(**{name: getattr(period, name) for name in TermPeriod._fields})
        return panel(of_row(tell_period(outcome), period.sheet, period.because))
