"""What is done with money: prices by date, and the invoices of renewals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef

from accounts.models import Notice, Period, PeriodQuerySet, Subscription
from accounts.notices import about_period, write_notices
from accounts.services import ask_period, seats_leaving, together
from backoffice.terms.book import book
from backoffice.terms.money import to_minor
from backoffice.terms.question import mismatch
from billing.letters import invoice_letter
from billing.models import Invoice, Price


def set_price(*, vendor: str, plan: str, cycle_months: int, amount: Decimal, currency: str, from_on: date) -> Price:
    """A price for periods that begin on ``from_on`` or later, until the next price of the same plan and length.

    QuestionError (``currency_mismatch``) for another currency than the vendor bills in, ValueError for an amount with
    fractions of a minor unit, ValidationError for a second price from the same day on, KeyError without terms in force.
    """
    billed = book().sheet_for(vendor, from_on).currency.value
    if currency != billed:
        raise mismatch("currency", billed)
    price = Price(
        vendor=vendor,
        plan=plan,
        cycle_months=cycle_months,
        currency=currency,
        amount_minor=to_minor(amount, currency),
        from_on=from_on,
    )
    price.full_clean()
    price.save()
    return price


def price_of_seat(subscription: Subscription, *, on: date) -> Price | None:
    """What one more seat costs for the whole period that runs on a day, at the price in force on that day."""
    period = Period.objects.filter(subscription=subscription, period_start__lte=on, period_end__gte=on).first()
    months = subscription.renewal_months
    if period is None or months is None:
        return None
    if not period.index:
        months = subscription.cycle_months or months
    prices = Price.objects.filter(vendor=subscription.vendor, plan=subscription.plan, cycle_months=months)
    return prices.filter(from_on__lte=on).order_by("-from_on").first()


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
    """Issues, on a day, the invoice for the period after each of these and writes the letter that goes with it.

    The rows are locked, and each has a price. A period that is invoiced already keeps its invoice.
    """
    prices, leaving = _Prices(periods), seats_leaving(periods)
    invoices = [_invoice(period, prices.of(period), leaving.get(period.pk, 0), on, at) for period in periods]
    Invoice.objects.bulk_create(invoices, ignore_conflicts=True)
    letters = zip(invoices, periods, strict=True)
    write_notices(
        [
            about_period(
                Notice.Kind.INVOICE,
                period,
                invoice.because,
                due_on=period.invoice_on,
                written_on=on,
                letter=invoice_letter(invoice, period),
            )
            for invoice, period in letters
        ],
        at=at,
    )
    Period.objects.filter(pk__in=[period.pk for period in periods]).update(invoiced_on=on)
    return invoices


class _Prices:
    """The prices that some periods may need, read in one query."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self._prices: dict[tuple[str, str, int | None], list[Price]] = defaultdict(list)
        wanted = Price.objects.filter(
            vendor__in={period.vendor for period in periods},
            plan__in={period.subscription.plan for period in periods},
        )
        for price in wanted.order_by("-from_on"):
            self._prices[price.vendor, price.plan, price.cycle_months].append(price)

    def of(self, period: Period) -> Price:
        """The price in force when the next period begins."""
        subscription = period.subscription
        prices = self._prices[period.vendor, subscription.plan, subscription.renewal_months]
        return next(price for price in prices if price.from_on <= period.renews_on)


def _invoice(period: Period, price: Price, leaving: int, on: date, at: datetime) -> Invoice:
    """The invoice for the period after this one, without the seats that will have left by then; its day and deadline
    are those that this one's rule gave."""
    subscription = period.subscription
    quantity = subscription.quantity - leaving
    following = ask_period(subscription, period.index + 1)
    return Invoice(
        subscription=subscription,
        period_index=period.index + 1,
        vendor=period.vendor,
        sheet=following.sheet,
        plan=subscription.plan,
        quantity=quantity,
        price=price,
        currency=price.currency,
        amount_minor=price.amount_minor * quantity,
        issued_on=on,
        due_on=period.due_on,
        period_start=following.answer.period_start,
        period_end=following.answer.period_end,
        because=together(period.because, following.because, [subscription.terms.currency.citation]),
        created_at=at,
    )
