"""What the staff's pages show of money; the pages find this module by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Period
from backoffice.charts import Chart, by_month, months_back
from backoffice.terms.money import from_minor
from billing.models import Invoice


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[tuple[str, str]]]]:
    """The invoices that a vendor's day issued."""
    invoices = Invoice.objects.filter(vendor=vendor, issued_on=day).select_related("subscription__customer")
    if count := invoices.count():
        yield (
            "invoices",
            count,
            [
                (
                    f"{invoice}: {invoice.subscription.customer}, {invoice.amount} {invoice.currency}",
                    reverse("admin:billing_invoice_change", args=(invoice.pk,)),
                )
                for invoice in invoices[:limit]
            ],
        )


def charts(user: Any, day: date) -> Iterator[Chart]:
    """What was invoiced in each of the last twelve months, in each currency by itself."""
    if not user.has_perm("billing.view_invoice"):
        return
    rows = Invoice.objects.filter(issued_on__gte=months_back(day, 12)[0], issued_on__lte=day)
    sums: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for currency, month, minor in (
        rows.order_by().values_list("currency", TruncMonth("issued_on")).annotate(Sum("amount_minor"))
    ):
        sums[currency][month] = from_minor(minor, currency)
    for currency, months in sorted(sums.items()):
        yield by_month(f"Invoiced in {currency}", months, day, currency, reverse("admin:billing_invoice_changelist"))


def due(user: Any, first: date, last: date) -> Iterator[tuple[str, int, str]]:
    """The renewals to be invoiced between two days, both included."""
    if user.has_perm("billing.view_invoice"):
        between = {"invoice_on__gte": first.isoformat(), "invoice_on__lte": last.isoformat()}
        count = Period.objects.to_invoice().filter(**between).count()
        yield "renewals to invoice", count, f"{reverse('admin:accounts_period_changelist')}?{urlencode(between)}"
