"""What the staff's pages show of money; the pages find this module by its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Period
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


def due(user: Any, first: date, last: date) -> Iterator[tuple[str, int, str]]:
    """The renewals to be invoiced between two days, both included."""
    if user.has_perm("billing.view_invoice"):
        between = {"invoice_on__gte": first.isoformat(), "invoice_on__lte": last.isoformat()}
        count = Period.objects.to_invoice().filter(**between).count()
        yield "renewals to invoice", count, f"{reverse('admin:accounts_period_changelist')}?{urlencode(between)}"
