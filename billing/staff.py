"""What the staff's pages show of money; the pages find this module by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, IntegerField, Sum, When
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Period, Subscription
from backoffice.admin import vendor_name
from backoffice.charts import Chart, by_month, chart, months_back
from backoffice.pages.today import Entry
from backoffice.terms.book import book
from backoffice.terms.money import from_minor
from backoffice.terms.words import counted, day_words
from billing.models import (
    OPEN,
    UNANSWERED,
    UNSPENT,
    BankLine,
    CreditClaim,
    Dispute,
    FeeOrder,
    Invoice,
    OpenItem,
    Payment,
    RateTable,
)
from billing.services.availability import QUIET, minutes_down
from billing.services.first_periods import without_first_price

# The headings of the menu, in their order.
SECTIONS = ("Money", "Availability")


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[tuple[str, str]]]]:
    """The invoices that a vendor's day issued."""
    invoices = Invoice.objects.filter(vendor=vendor, issued_on=day).select_related("customer")
    if count := invoices.count():
        yield (
            "invoices",
            count,
            [
                (
                    f"{invoice}: {invoice.customer}, {invoice.total} {invoice.currency}",
                    reverse("admin:billing_invoice_change", args=(invoice.pk,)),
                )
                for invoice in invoices[:limit]
            ],
        )


# How long an unpaid invoice is overdue: the last day of each band, what stands under its bar, and its name.
BANDS = (
    (0, "", "not overdue"),
    (30, "1+", "1 to 30 days overdue"),
    (60, "31+", "31 to 60 days overdue"),
    (90, "61+", "61 to 90 days overdue"),
    (None, "91+", "over 90 days overdue"),
)


def charts(user: Any, day: date) -> Iterator[Chart]:
    """What was invoiced in each of the last twelve months, and how old what is unpaid is: each currency by itself."""
    if user.has_perm("billing.view_invoice"):
        yield from _invoiced(day)
    if user.has_perm("billing.view_openitem"):
        yield from _ageing(day)
    if user.has_perm("billing.view_outage"):
        yield from _availability(day)


def _availability(day: date) -> Iterator[Chart]:
    """Minutes for which each service of a vendor was down in each month, where it was at all."""
    address = reverse("admin:billing_outage_changelist")
    for (vendor, service), months in sorted(minutes_down(months_back(day, 12)[0], day).items()):
        points = [
            (f"{month:%b}" if month.month % 3 == 0 else "", one.minutes, one.words(month))
            for month, one in ((month, months.get(month, QUIET)) for month in months_back(day, 12))
        ]
        total = f"{sum(one.minutes for one in months.values()):,} minutes down in twelve months"
        yield chart(f"{vendor_name(vendor)}, {service}: minutes down", points, total, f"{address}?vendor={vendor}")


def _ageing(day: date) -> Iterator[Chart]:
    ends = [(place, last) for place, (last, _, _) in enumerate(BANDS) if last is not None]
    band = Case(
        *(When(due_on__gte=day - timedelta(days=last), then=place) for place, last in ends),
        default=len(BANDS) - 1,
        output_field=IntegerField(),
    )
    owed = Sum(F("principal_minor") + F("interest_minor") + F("costs_minor"))
    sums: dict[str, dict[int, Decimal]] = defaultdict(dict)
    rows = OpenItem.objects.filter(OPEN).order_by().annotate(band=band)
    for currency, place, minor in rows.values_list("invoice__currency", "band").annotate(unpaid=owed):
        sums[currency][place] = from_minor(minor, currency)
    address = reverse("admin:billing_openitem_changelist")
    for currency, bands in sorted(sums.items()):
        points = [
            (label, bands.get(place, Decimal(0)), f"{name}: {bands.get(place, 0):,} {currency}")
            for place, (_, label, name) in enumerate(BANDS)
        ]
        total = f"{sum(bands.values()):,} {currency} unpaid"
        yield chart(f"Unpaid in {currency}, by days overdue", points, total, address)


def stuck(user: Any) -> Iterator[Entry]:
    """Disputes of bills and claims to answer, first periods without a price, lines of bank statements to look at, and
    payments of which some pays nothing: whoever sent it owed less, or in another currency."""
    if user.has_perm("billing.view_dispute"):
        asked = Dispute.objects.filter(state=Dispute.State.OPEN)
        yield "disputed bills to answer", asked, f"{reverse('admin:billing_dispute_changelist')}?state__exact=open"
    if user.has_perm("billing.add_price"):
        unpriced = without_first_price(Subscription.objects.to_charge())
        if first := unpriced.order_by("accepted_on", "id").first():
            months = first.cycle_months or first.renewal_months
            plan = f"{first.plan} over {counted(months or 0, 'month')} on {day_words(first.accepted_on)}"
            given = {"vendor": first.vendor, "plan": first.plan, "cycle_months": months, "from_on": first.accepted_on}
            address = f"{reverse('admin:billing_price_add')}?{urlencode(given)}"
            yield f"first periods without a price, as {plan}", unpriced, address
    if user.has_perm("billing.view_creditclaim"):
        claims = CreditClaim.objects.filter(state__in=UNANSWERED)
        yield (
            "claims for credits that wait",
            claims,
            f"{reverse('admin:billing_creditclaim_changelist')}?state__in=open,waits",
        )
    if user.has_perm("billing.view_bankline"):
        waiting = BankLine.objects.filter(state=BankLine.State.WAITING)
        address = f"{reverse('admin:billing_bankline_changelist')}?state__exact=waiting"
        yield "lines of bank statements to look at", waiting, address
    if user.has_perm("billing.view_openitem"):
        uncounted = OpenItem.objects.filter(OPEN, rate_missing=True)
        address = f"{reverse('admin:billing_openitem_changelist')}?rate_missing__exact=1"
        yield "unpaid invoices whose interest waits for a published rate", uncounted, address
    if user.has_perm("billing.view_ratetable"):
        tables = RateTable.objects.exclude(alarmed_on=None)
        address = f"{reverse('admin:billing_ratetable_changelist')}?alarmed_on__isempty=0"
        yield "published rates that nobody has looked at for too long", tables, address
    if user.has_perm("billing.view_payment"):
        unspent = Payment.objects.filter(UNSPENT)
        address = f"{reverse('admin:billing_payment_changelist')}?left_minor__gt=0"
        yield "payments with money left over", unspent, address


def _invoiced(day: date) -> Iterator[Chart]:
    rows = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, issued_on__gte=months_back(day, 12)[0], issued_on__lte=day)
    sums: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for currency, month, minor in (
        rows.order_by().values_list("currency", TruncMonth("issued_on")).annotate(Sum("total_minor"))
    ):
        sums[currency][month] = from_minor(minor, currency)
    for currency, months in sorted(sums.items()):
        yield by_month(f"Invoiced in {currency}", months, day, currency, reverse("admin:billing_invoice_changelist"))


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """The renewals to be invoiced between two days, both included."""
    if user.has_perm("billing.view_invoice"):
        between = {"invoice_on__gte": first.isoformat(), "invoice_on__lte": last.isoformat()}
        renewals = Period.objects.to_invoice().filter(vendor__in=book().vendors(), **between)
        yield "renewals to invoice", renewals, f"{reverse('admin:accounts_period_changelist')}?{urlencode(between)}"
    if user.has_perm("billing.view_creditclaim"):
        between = {"answer_by__gte": first.isoformat(), "answer_by__lte": last.isoformat()}
        address = f"{reverse('admin:billing_creditclaim_changelist')}?{urlencode(between | {'state__exact': 'open'})}"
        yield "claims for credits to answer", CreditClaim.objects.filter(state="open", **between), address
    if user.has_perm("billing.view_feeorder"):
        # Deadlines of work are moments; a day's are those up to its end.
        soon = FeeOrder.objects.filter(bill=None, do_by__date__gte=first, do_by__date__lte=last)
        yield "work that was approved, to be done", soon, reverse("admin:billing_feeorder_changelist")
