"""What the staff's pages show of customers and their contracts; the pages find this module by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import ContractDocument, Notice, Period, Subscription, Ticket
from accounts.tickets import LATE_PERCENT, WARN_PERCENT
from backoffice.terms.words import day_words

Item = tuple[str, str]
PERIODS = "admin:accounts_period_changelist"
TICKETS = "admin:accounts_ticket_changelist"


def live_contracts(sheet_id: str) -> int:
    """How many running subscriptions are frozen to a version of the terms."""
    vendor = sheet_id.partition("/")[0]
    return Subscription.objects.filter(vendor=vendor, sheet=sheet_id, state=Subscription.State.ACTIVE).count()


def documents(sheet_id: str) -> Iterator[tuple[str, str, str]]:
    """Title, SHA-256 and address of each text that was uploaded for a version, the newest of a title first."""
    for document in ContractDocument.objects.filter(sheet=sheet_id):
        yield str(document), document.sha256, reverse("admin:accounts_contractdocument_file", args=(document.pk,))


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """The notices that a vendor's day wrote, and the terms that renewed or ended on it."""
    notices = Notice.objects.filter(vendor=vendor, written_on=day).exclude(kind=Notice.Kind.INVOICE)
    renewed = Period.objects.filter(vendor=vendor, period_start=day, index__gt=0)
    over = {"vendor": vendor, "state": Subscription.State.ENDED, "ends_on": day - timedelta(days=1)}
    yield from _kind("letters written", notices.select_related("customer"), limit, _of_notice)
    yield from _kind("terms that renewed", renewed.select_related("subscription__customer"), limit, _of_period)
    ended = Subscription.objects.filter(**over).select_related("customer")
    yield from _kind("subscriptions that ended", ended, limit, _of_subscription)


def _kind(words: str, rows: QuerySet[Any], limit: int, tell: Callable[[Any], Item]) -> Iterator[Any]:
    if count := rows.count():
        yield words, count, [tell(row) for row in rows[:limit]]


def _of_notice(notice: Notice) -> Item:
    to = notice.customer or notice.recipient
    return f"{to}: {notice.subject}", reverse("admin:accounts_notice_change", args=(notice.pk,))


def _of_period(period: Period) -> Item:
    words = f"{period.subscription.customer}: {period.subscription.plan}, until {day_words(period.period_end)}"
    return words, reverse("admin:accounts_period_change", args=(period.pk,))


def _of_subscription(subscription: Subscription) -> Item:
    words = f"{subscription.customer}: {subscription.plan}"
    return words, reverse("admin:accounts_subscription_change", args=(subscription.pk,))


def due(user: Any, first: date, last: date) -> Iterator[tuple[str, int, str]]:
    """What falls due between two days, both included."""
    if user.has_perm("accounts.view_period"):
        soon = {
            "renewal notices to write": (Period.objects.to_notice(), "renewal_notice_on"),
            "last days for a notice not to renew": (Period.objects.to_close().renewing(), "non_renewal_by"),
            "periods that end": (Period.objects.to_close(), "closes_on"),
        }
        for words, (rows, column) in soon.items():
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            address = f"{reverse(PERIODS)}?{urlencode(between | {'state__exact': Period.State.OPEN})}"
            yield words, rows.filter(**between).count(), address
    if user.has_perm("accounts.view_ticket"):
        # Deadlines of support are moments; these two days begin and end where the site is.
        within = {"due_at__gte": _midnight(first), "due_at__lt": _midnight(last + timedelta(days=1))}
        address = f"{reverse(TICKETS)}?{urlencode(within | {'state__exact': Ticket.State.OPEN})}"
        yield "requests for support to answer", Ticket.objects.waiting().filter(**within).count(), address


def _midnight(day: date) -> str:
    return timezone.make_aware(datetime.combine(day, time.min)).isoformat()


def stuck(user: Any) -> Iterator[tuple[str, int, str]]:
    """The letters that were given up after many tries, and requests for support that an alarm has rung over."""
    if user.has_perm("accounts.view_notice"):
        failed = Notice.objects.filter(state=Notice.State.FAILED).count()
        address = f"{reverse('admin:accounts_notice_changelist')}?{urlencode({'state__exact': Notice.State.FAILED})}"
        yield "letters that could not be sent", failed, address
    if user.has_perm("accounts.view_ticket"):
        rung = {
            "requests for support past their deadline": LATE_PERCENT,
            f"requests for support past {WARN_PERCENT}% of their time": WARN_PERCENT,
        }
        for words, percent in rung.items():
            address = f"{reverse(TICKETS)}?state__exact={Ticket.State.OPEN}&alarmed__exact={percent}"
            yield words, Ticket.objects.waiting().filter(alarmed=percent).count(), address
