"""What a month's service cost, what was given back of it, and how credits for outages reach the next invoice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import OVER, Period, Subscription
from accounts.services import NotPossible
from backoffice.terms.money import from_minor, rounded, to_minor
from backoffice.terms.words import day_words
from billing.models import TO_APPLY, Account, CreditClaim, Invoice, InvoiceLine
from billing.services.catalogue import price_of_seat
from billing.services.credits import give_credit
from billing.services.invoices import Bill, Line


def given_for(claim: CreditClaim) -> int:
    """What was credited and refunded for the month of a claim besides it, in minor units."""
    others = CreditClaim.objects.filter(subscription=claim.subscription, month=claim.month).exclude(pk=claim.pk)
    granted = others.aggregate(sum=Sum("credit_minor"))["sum"] or 0
    bills = _lines(claim.subscription, claim.day).values("invoice")
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE, corrects__in=bills, credited_claim=None)
    return int(granted + (notes.aggregate(sum=Sum("total_minor"))["sum"] or 0))


def first_of(month: str) -> date:
    """The first day of a month that is written ``2026-04``."""
    return date.fromisoformat(f"{month}-01")


def _lines(subscription: Subscription, day: date) -> QuerySet[InvoiceLine]:
    """What was invoiced for the service in the period that runs on a day."""
    service = (InvoiceLine.Kind.SERVICE, InvoiceLine.Kind.SEAT)
    rows = InvoiceLine.objects.filter(invoice__subscription=subscription, invoice__kind=Invoice.Kind.INVOICE)
    return rows.filter(kind__in=service, period_start__lte=day, period_end__gte=day)


def fee_of_month(subscription: Subscription, day: date) -> int:
    """The fee of a contract for the month of a day, in minor units: a month's share of what was invoiced for the period
    that runs then, else of the plan's price. NotPossible where there is neither."""
    running = Period.objects.filter(subscription=subscription, period_start__lte=day, period_end__gte=day).first()
    months = subscription.renewal_months or 1
    if running is not None and not running.index:
        months = subscription.cycle_months or months
    currency = subscription.terms.currency.value
    invoiced = _lines(subscription, day).aggregate(sum=Sum("net_minor"))["sum"]
    if invoiced is None:
        price = price_of_seat(subscription, on=day)
        if price is None:
            raise NotPossible(f"nothing says what {subscription.plan} cost on {day_words(day)}: add its price")
        invoiced = price.amount_minor * subscription.quantity
    return to_minor(rounded(Fraction(from_minor(invoiced, currency)) / months, currency), currency)


def _applicable(vendors: Sequence[str]) -> QuerySet[CreditClaim]:
    """Granted credits whose contract's next invoice was issued, or whose contract is over."""
    bills = Invoice.objects.filter(
        subscription=OuterRef("subscription"),
        kind=Invoice.Kind.INVOICE,
        issued_on__gte=OuterRef("decided_on"),
        lines__kind=InvoiceLine.Kind.SERVICE,
    )
    over = Q(subscription__state__in=OVER)
    return CreditClaim.objects.filter(TO_APPLY, vendor__in=list(vendors)).filter(Exists(bills) | over)


def credits_to_apply(vendors: Sequence[str]) -> dict[str, int]:
    """How many granted credits may be given, by vendor."""
    return dict(_applicable(vendors).order_by().values_list("vendor").annotate(Count("pk")))


def apply_credits(vendor: str, count: int, *, on: date, at: datetime) -> int:
    """Gives some granted credits, each on the next invoice of its contract; returns how many there were."""
    rows = _applicable([vendor]).select_related("subscription__customer").order_by("id")
    due = list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
    notes = {one.pk: _note(one, on) for one in due}
    give_credit(list(notes.values()), on=on, at=at)
    given = {note.key: note for note in Invoice.objects.filter(key__in=[note.key for note in notes.values()])}
    for one in due:
        one.credit = given[notes[one.pk].key]
        one.save(update_fields=["credit"])
    return len(due)


def _note(claim: CreditClaim, on: date) -> Bill:
    subscription, minor = claim.subscription, claim.credit_minor
    bills = Invoice.objects.filter(
        subscription=subscription,
        kind=Invoice.Kind.INVOICE,
        issued_on__gte=claim.decided_on,
        lines__kind=InvoiceLine.Kind.SERVICE,
    )
    text = f"Outages of {claim.get_service_display()} in {first_of(claim.month):%B %Y}"
    return Bill(
        key=f"claim/{claim.pk}",
        customer=subscription.customer,
        subscription=subscription,
        vendor=claim.vendor,
        sheet=claim.sheet,
        currency=claim.currency,
        due_on=on,
        lines=[Line(InvoiceLine.Kind.SERVICE, text, 1, minor, minor)],
        because=claim.because,
        corrects=bills.order_by("issued_on", "id").first(),
        against=Account.SERVICE_CREDITS,
    )
