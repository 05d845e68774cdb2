"""The invoices of periods to come, and the letters that go with invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Notice, Period, PeriodQuerySet
from accounts.notices import Draft, write_notices
from accounts.services import ask_period, seats_on, together
from billing.letters import invoice_letter
from billing.models import TO_TELL, Invoice, InvoiceLine, Price
from billing.services.catalogue import Prices
from billing.services.invoices import Bill, Line, issue


def priced(periods: PeriodQuerySet) -> PeriodQuerySet:
    """Those whose next period has a price: one for the plan and the length of its renewals, in force when it begins."""
    return periods.filter(_has_price())


def unpriced(periods: PeriodQuerySet) -> PeriodQuerySet:
    """Those whose next period has no price yet."""
    return periods.exclude(_has_price())


def _has_price() -> Exists:
    return Exists(
        Price.objects.filter(
            vendor=OuterRef("vendor"),
            plan=OuterRef("subscription__plan"),
            cycle_months=OuterRef("subscription__renewal_months"),
            from_on__lte=OuterRef("renews_on"),
        )
    )


def issue_renewals(periods: Sequence[Period], *, on: date, at: datetime) -> list[Invoice]:
    """Issues, on a day, the invoice for the period after each of these; returns those that were not issued before.

    The rows are locked, and each has a price.
    """
    with transaction.atomic():
        invoices = issue(preview_renewals(periods), on=on, at=at)
        Period.objects.filter(pk__in=[period.pk for period in periods]).update(invoiced_on=on)
    return invoices


def preview_renewals(periods: Sequence[Period]) -> list[Bill]:
    """What would be invoiced for the period after each of these, which the day then does."""
    prices = Prices(period.subscription for period in periods)
    seats = seats_on([(period.subscription, period.renews_on) for period in periods])
    bills = []
    for period, quantity in zip(periods, seats, strict=True):
        price = prices.of(period.subscription, period.subscription.renewal_months, period.renews_on)
        if price is not None:
            bills.append(_bill(period, price, quantity))
    return bills


def _bill(period: Period, price: Price, quantity: int) -> Bill:
    """The invoice for the period after this one, with the seats that there will be when it begins; its day and deadline
    are those that this one's rule gave."""
    subscription = period.subscription
    following = ask_period(subscription, period.index + 1)
    because = together(period.because, following.because, [subscription.terms.currency.citation])
    line = Line(
        kind=InvoiceLine.Kind.SERVICE,
        text=subscription.plan,
        quantity=quantity,
        unit_minor=price.amount_minor,
        net_minor=price.amount_minor * quantity,
        price=price,
        period=(following.answer.period_start, following.answer.period_end),
    )
    return Bill(
        key=f"period/{subscription.pk}/{period.index + 1}",
        customer=subscription.customer,
        subscription=subscription,
        vendor=period.vendor,
        sheet=following.sheet,
        currency=price.currency,
        due_on=period.due_on,
        lines=(line,),
        because=because,
        pay_by=period.pay_by,
        leave_by=period.non_renewal_by,
    )


def tell_invoices(invoices: Sequence[Invoice], *, on: date, at: datetime) -> None:
    """Writes the letter that goes with each of these, whose rows are locked."""
    write_notices([_letter(invoice, on) for invoice in invoices], at=at)
    Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]).update(told_on=on)


def _letter(invoice: Invoice, on: date) -> Draft:
    return Draft(
        kind=Notice.Kind.INVOICE,
        about=invoice.key,
        sheet=invoice.sheet,
        because=invoice.because,
        due_on=invoice.issued_on,
        written_on=on,
        letter=invoice_letter(invoice),
        recipient=invoice.customer.invoice_email,
        customer=invoice.customer,
        subscription=invoice.subscription,
    )


def claim_untold(vendor: str, count: int) -> list[Invoice]:
    """Locks some invoices of a vendor whose letter is to be written, passing over what others hold."""
    rows = Invoice.objects.filter(TO_TELL, vendor=vendor).order_by("id")
    rows = rows.select_related("customer", "subscription", "corrects").prefetch_related("lines")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
