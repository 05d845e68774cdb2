"""A customer's whole story on one page: all that happened, each line with its why, and what is certain to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import Administrator, Agreement, Customer, Notice, Subscription, Ticket
from accounts.policy.administrators import NamingFacts, decide_administrators_add
from backoffice import rehearsal
from backoffice.admin import vendor_name
from backoffice.pages.today import books_day
from backoffice.rehearsal import Happening
from backoffice.why import Why, of_row

# Lines of the past that a page shows; older ones are a click away.
RECENT = 100
BESIDE = 8


class Line(NamedTuple):
    """One line of the timeline: what happened, and the panel that says why; None where no clause stands behind it."""

    told: Happening
    contract: str
    why: Why | None


def story_page(request: HttpRequest, pk: int) -> TemplateResponse:
    """What staff see of a customer at a glance, for those who may see customers; 404 for one that is not there."""
    if not request.user.has_perm("accounts.view_customer"):
        raise PermissionDenied
    customer = Customer.objects.filter(pk=pk).first()
    if customer is None:
        raise Http404("there is no such customer")
    today = books_day()
    past = [one for one in rehearsal.story(pk) if one.on <= today]
    shown = past if "all" in request.GET else past[-RECENT:]
    return TemplateResponse(
        request,
        "accounts/story.html",
        {
            **admin.site.each_context(request),
            "title": customer.name,
            "customer": customer,
            "today": today,
            "past": [_line(one) for one in reversed(shown)],
            "older": len(past) - len(shown),
            "ahead": [_line(one) for one in reversed(rehearsal.ahead(pk, today))],
            "beside": list(_beside(customer)),
            "subscriptions": _subscriptions(customer),
        },
    )


def _line(told: Happening) -> Line:
    why = of_row(told.says, told.sheet, told.because) if told.because else None
    return Line(told, vendor_name(told.vendor), why)


def _subscriptions(customer: Customer) -> Any:
    """The customer's contracts, those that run first, with the seats that name somebody and those there are."""
    held = Count("licences", filter=Q(licences__gone=False, licences__holder__isnull=False))
    seats = Count("licences", filter=Q(licences__gone=False))
    return (
        Subscription.objects.filter(customer=customer).annotate(held=held, seats=seats).order_by("-accepted_on", "-id")
    )


class Fact(NamedTuple):
    """A line beside the story: what, how it stands, and where more of it is."""

    words: str
    says: str
    href: str


def _beside(customer: Customer) -> Iterator[Fact]:
    """How many administrators there are of those there may be, and the newest of what hangs on the customer."""
    yield from _administrators(customer)
    agreements = Agreement.objects.filter(subscription__customer=customer).select_related("document")
    for agreement in agreements.order_by("-id")[:BESIDE]:
        yield Fact("Agreed to", str(agreement.document), _list("subscription", customer))
    for ticket in Ticket.objects.waiting().filter(subscription__customer=customer).order_by("due_at")[:BESIDE]:
        address = reverse("admin:accounts_ticket_change", args=(ticket.pk,))
        yield Fact("Open request", f"{ticket.reference}: {ticket.subject}", address)
    unsent = Notice.objects.filter(customer=customer, state__in=[Notice.State.BOUNCED, Notice.State.FAILED])
    for notice in unsent.order_by("-id")[:BESIDE]:
        address = reverse("admin:accounts_notice_change", args=(notice.pk,))
        yield Fact("Letter that did not arrive", notice.subject, address)


def _administrators(customer: Customer) -> Iterator[Fact]:
    serving = Administrator.objects.filter(customer=customer, removed_on=None)
    counts = dict(serving.order_by().values_list("vendor").annotate(Count("pk")))
    newest: dict[str, Subscription] = {}
    for subscription in Subscription.objects.running().filter(customer=customer).order_by("accepted_on", "id"):
        newest[subscription.vendor] = subscription
    for vendor, subscription in newest.items():
        count = counts.get(vendor, 0)
        facts = NamingFacts(administrators=count, outsider=False, allowed_in_writing=False)
        outcome = decide_administrators_add(subscription.terms, facts).outcome
        most = f" of {outcome.most}" if outcome and outcome.most is not None else ""
        yield Fact(f"Administrators with {vendor_name(vendor)}", f"{count}{most}", _list("administrator", customer))


def _list(model: str, customer: Customer) -> str:
    return f"{reverse(f'admin:accounts_{model}_changelist')}?q={customer.pk}"
