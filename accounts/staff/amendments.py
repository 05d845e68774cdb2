"""What the staff's pages show of changes of contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Amendment, AmendmentNotice, MaterialClaim
from backoffice.pages.today import Entry
from backoffice.terms.sheet import Sheet

NOTICES = "admin:accounts_amendmentnotice_changelist"
CLAIMS = "admin:accounts_materialclaim_changelist"


def version_links(user: Any, old: Sheet, new: Sheet) -> Iterator[tuple[str, str]]:
    """Where the change from one version of a contract to a later one is published, or how it was."""
    if old.vendor != new.vendor or old.from_ >= new.from_:
        return
    known = Amendment.objects.filter(old_sheet=old.id, new_sheet=new.id).first()
    if known is not None and user.has_perm("accounts.view_amendment"):
        yield "How it was published", reverse("admin:accounts_amendment_change", args=(known.pk,))
    elif known is None and user.has_perm("accounts.add_amendment"):
        filled = {"vendor": old.vendor, "subject": Amendment.Subject.TERMS, "versions": f"{old.id} {new.id}"}
        yield "Publish this change", f"{reverse('admin:accounts_amendment_add')}?{urlencode(filled)}"


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """The letters about changes that are to be written between two days, and the changes that take effect."""
    if user.has_perm("accounts.view_amendmentnotice"):
        soon = {
            "customers to tell of a change": (AmendmentNotice.objects.to_tell(), "tell_on", "planned"),
            "contracts on which a change takes effect": (AmendmentNotice.objects.to_move(), "moves_on", "told"),
        }
        for words, (rows, column, state) in soon.items():
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            address = f"{reverse(NOTICES)}?{urlencode(between | {'state__exact': state})}"
            yield words, rows.filter(**between), address


def stuck(user: Any) -> Iterator[Entry]:
    """Changes whose letter came back, and claims that wait for an answer."""
    if user.has_perm("accounts.view_amendmentnotice"):
        lost = AmendmentNotice.State.UNTOLD
        untold = AmendmentNotice.objects.filter(state=lost)
        yield "changes whose letter came back", untold, f"{reverse(NOTICES)}?{urlencode({'state__exact': lost})}"
    if user.has_perm("accounts.view_materialclaim"):
        waiting = MaterialClaim.State.OPEN
        claims = MaterialClaim.objects.filter(state=waiting)
        address = f"{reverse(CLAIMS)}?{urlencode({'state__exact': waiting})}"
        yield "claims that a change affects a customer", claims, address
