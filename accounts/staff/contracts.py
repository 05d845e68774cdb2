"""What the staff's pages show of contracts and their terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import ContractDocument, Period, PeriodQuerySet, Subscription
from accounts.staff.made import Item, rows_of
from backoffice.charts import Chart, by_month, months_back
from backoffice.pages.today import Entry
from backoffice.terms.book import book
from backoffice.terms.words import day_words

PERIODS = "admin:accounts_period_changelist"
# What falls due around the end of a period: the rows, and the day of theirs that counts.
SOON: dict[str, tuple[Callable[[], PeriodQuerySet], str]] = {
    "renewal notices to write": (Period.objects.to_notice, "tell_on"),
    "last days for a notice not to renew": (Period.objects.to_stop, "non_renewal_by"),
    "periods that end": (Period.objects.to_close, "closes_on"),
}


def live_contracts(sheet_id: str) -> int:
    """How many running subscriptions are frozen to a version of the terms."""
    vendor = sheet_id.partition("/")[0]
    return Subscription.objects.running().filter(vendor=vendor, sheet=sheet_id).count()


def documents(sheet_id: str) -> Iterator[tuple[str, str, str]]:
    """Title, SHA-256 and address of each text that was uploaded for a version, the newest of a title first."""
    for document in ContractDocument.objects.filter(sheet=sheet_id):
        yield str(document), document.sha256, reverse("admin:accounts_contractdocument_file", args=(document.pk,))


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """The terms that renewed or ended on a vendor's day."""
    renewed = Period.objects.filter(vendor=vendor, period_start=day, index__gt=0)
    over = {"vendor": vendor, "ends_on": day - timedelta(days=1)}
    yield from rows_of("terms that renewed", renewed.select_related("subscription__customer"), limit, _of_period)
    ended = Subscription.objects.over().filter(**over).select_related("customer")
    yield from rows_of("subscriptions that ended", ended, limit, _of_subscription)


def _of_period(period: Period) -> Item:
    words = f"{period.subscription.customer}: {period.subscription.plan}, until {day_words(period.period_end)}"
    return words, reverse("admin:accounts_period_change", args=(period.pk,))


def _of_subscription(subscription: Subscription) -> Item:
    words = f"{subscription.customer}: {subscription.plan}"
    return words, reverse("admin:accounts_subscription_change", args=(subscription.pk,))


def by_day(user: Any, first: date, last: date) -> Iterator[tuple[date, int]]:
    """How many of the same things fall due on each day between two."""
    if user.has_perm("accounts.view_period"):
        for rows, column in SOON.values():
            between = rows().filter(vendor__in=book().vendors(), **{f"{column}__range": (first, last)})
            yield from between.order_by().values_list(column).annotate(Count(column))


def charts(user: Any, day: date) -> Iterator[Chart]:
    """The contracts that began and those that ended in each of the last twelve months."""
    if user.has_perm("accounts.view_subscription"):
        since = months_back(day, 12)[0]
        for title, column in (("Contracts that began", "start"), ("Contracts that ended", "ends_on")):
            rows = Subscription.objects.filter(**{f"{column}__range": (since, day)})
            counts = rows.order_by().values_list(TruncMonth(column)).annotate(Count(column))
            yield by_month(title, dict(counts), day, "contracts")


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """What falls due between two days, both included."""
    if user.has_perm("accounts.view_period"):
        for words, (rows, column) in SOON.items():
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            address = f"{reverse(PERIODS)}?{urlencode(between | {'state__exact': Period.State.OPEN})}"
            yield words, rows().filter(vendor__in=book().vendors(), **between), address
