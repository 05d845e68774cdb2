"""What the staff's pages show of letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.delivery import PAPER
from accounts.models import ContactDoubt, InboundMail, Notice
from accounts.staff.made import Item, rows_of
from backoffice.pages.today import Entry


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """The letters that a vendor's day wrote; invoices are told of by whoever bills."""
    notices = Notice.objects.filter(vendor=vendor, written_on=day).exclude(kind=Notice.Kind.INVOICE)
    yield from rows_of("letters written", notices.select_related("customer"), limit, _of_notice)


def _of_notice(notice: Notice) -> Item:
    to = notice.customer or notice.recipient
    return f"{to}: {notice.subject}", reverse("admin:accounts_notice_change", args=(notice.pk,))


def stuck(user: Any) -> Iterator[Entry]:
    """Letters that were given up, came back or wait for the post; mail that waits to be read; addresses in doubt."""
    if user.has_perm("accounts.view_notice"):
        states = {"letters that could not be sent": Notice.State.FAILED, "letters that came back": Notice.State.BOUNCED}
        for words, state in states.items():
            yield words, Notice.objects.filter(state=state), _list("notice", state__exact=state)
        to_post = Notice.objects.filter(state=Notice.State.WAITING, channel__in=PAPER)
        yield "letters on paper to post", to_post, _list("notice", paper="waiting")
    if user.has_perm("accounts.view_inboundmail"):
        waiting = InboundMail.objects.filter(state=InboundMail.State.WAITING)
        yield "mails that wait to be read", waiting, _list("inboundmail", state__exact=InboundMail.State.WAITING)
    if user.has_perm("accounts.view_contactdoubt"):
        doubts = ContactDoubt.objects.filter(settled_on=None)
        yield "addresses and other contact data in doubt", doubts, _list("contactdoubt", settled__exact="")


def _list(model: str, **narrowed: str) -> str:
    return f"{reverse(f'admin:accounts_{model}_changelist')}?{urlencode(narrowed)}"
