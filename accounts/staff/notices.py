"""What the staff's pages show of letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Notice
from accounts.staff.made import Item, rows_of


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """The letters that a vendor's day wrote; invoices are told of by whoever bills."""
    notices = Notice.objects.filter(vendor=vendor, written_on=day).exclude(kind=Notice.Kind.INVOICE)
    yield from rows_of("letters written", notices.select_related("customer"), limit, _of_notice)


def _of_notice(notice: Notice) -> Item:
    to = notice.customer or notice.recipient
    return f"{to}: {notice.subject}", reverse("admin:accounts_notice_change", args=(notice.pk,))


def stuck(user: Any) -> Iterator[tuple[str, int, str]]:
    """The letters that were given up after many tries, and requests for support that an alarm has rung over."""
    if user.has_perm("accounts.view_notice"):
        failed = Notice.objects.filter(state=Notice.State.FAILED).count()
        address = f"{reverse('admin:accounts_notice_changelist')}?{urlencode({'state__exact': Notice.State.FAILED})}"
        yield "letters that could not be sent", failed, address
