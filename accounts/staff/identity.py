"""What the staff's pages show of who customers are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import EligibilityCase, IdentityDocument, RefusedOrder, Screening, Verification
from accounts.screening_list import ListBroken, screening_list
from accounts.staff.made import Item, rows_of
from backoffice.pages.today import Entry

TO_DECIDE = {"current__exact": 1, "result__exact": Screening.Result.POSSIBLE, "decided_as__exact": ""}


def _list(model: str, **filters: Any) -> str:
    return f"{reverse(f'admin:accounts_{model}_changelist')}?{urlencode(filters)}"


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """The orders that were refused on a vendor's day, and the documents that went."""
    refused = RefusedOrder.objects.filter(vendor=vendor, refused_on=day).select_related("customer")
    yield from rows_of("orders refused", refused, limit, _of_refused)
    gone = IdentityDocument.objects.filter(vendor=vendor, purged_on=day).select_related("customer")
    yield from rows_of("identity documents destroyed", gone, limit, _of_document)


def _of_refused(order: RefusedOrder) -> Item:
    return f"{order.customer}: {order.plan}", reverse("admin:accounts_refusedorder_change", args=(order.pk,))


def _of_document(document: IdentityDocument) -> Item:
    address = reverse("admin:accounts_identitydocument_change", args=(document.pk,))
    return f"{document.customer}: {document.get_kind_display()}", address


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """What clocks about customers' identity reach between two days, both included."""
    soon = {
        "eligibilitycase": ("eligibility clocks", EligibilityCase.objects.to_look(), "act_on"),
        "verification": ("verifications that run out", Verification.objects.to_expire(), "until_on"),
        "identitydocument": ("identity documents to destroy", IdentityDocument.objects.to_purge(), "purge_on"),
    }
    for model, (words, rows, column) in soon.items():
        if user.has_perm(f"accounts.view_{model}"):
            between = {f"{column}__gte": first.isoformat(), f"{column}__lte": last.isoformat()}
            yield words, rows.filter(**between), _list(model, **between)


def stuck(user: Any) -> Iterator[Entry]:
    """What waits for a person: doubtful matches, customers not eligible any more, a list that cannot be read."""
    if user.has_perm("accounts.view_screening"):
        open_ones = Screening.objects.filter(current=True, result=Screening.Result.POSSIBLE, decided_as="")
        yield "possible matches of barred names to decide", open_ones, _list("screening", **TO_DECIDE)
        try:
            screening_list()
        except ListBroken as error:
            yield f"the list of barred names cannot be read ({error})", 1, _list("screening")
    if user.has_perm("accounts.view_eligibilitycase"):
        lost = EligibilityCase.objects.filter(state=EligibilityCase.State.LOST)
        address = _list("eligibilitycase", state__exact=EligibilityCase.State.LOST)
        yield "customers who are not eligible any more", lost, address
