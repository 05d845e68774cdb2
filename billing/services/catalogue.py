"""What things cost on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from accounts.models import Period, Subscription
from backoffice.terms.book import book
from backoffice.terms.money import to_minor
from backoffice.terms.question import mismatch
from billing.models import Price


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


class Prices:
    """The prices that some contracts may need, read in one query."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self._prices: dict[tuple[str, str, int | None], list[Price]] = defaultdict(list)
        wanted = {(one.vendor, one.plan) for one in subscriptions}
        found = Price.objects.filter(vendor__in={vendor for vendor, _ in wanted}, plan__in={plan for _, plan in wanted})
        for price in found.order_by("-from_on"):
            self._prices[price.vendor, price.plan, price.cycle_months].append(price)

    def of(self, subscription: Subscription, months: int | None, on: date) -> Price | None:
        """The price of a contract's plan for so many months, in force on a day; None where there is none."""
        prices = self._prices[subscription.vendor, subscription.plan, months]
        return next((price for price in prices if price.from_on <= on), None)


def currencies() -> list[str]:
    """The currencies that any contract bills in."""
    return sorted({book().newest(vendor).currency.value for vendor in book().vendors()})
