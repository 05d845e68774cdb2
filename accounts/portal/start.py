"""The start page's share: what needs somebody now, which days lie ahead, and how the contracts stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import RUNNING, Customer, Notice, Period, Subscription
from accounts.portal.agreements import waiting
from accounts.portal.contracts import with_contracts
from accounts.portal.scope import Scope, acting
from accounts.services.user_texts import barred_users
from backoffice.portal import Deadline, Need
from backoffice.terms.words import day_words

# A last day to stop is urgent once it is this near.
NEAR = timedelta(days=7)
# So many of each kind are drawn and listed; who has more looks at the lists.
MOST = 60
SHOWN = 8


def needs(user: Any, today: date) -> Iterator[Need]:
    """What waits for somebody who may act on it."""
    own = acting(user)
    for subscription, document in waiting(own.subscriptions()):
        address = reverse("portal:accept", args=(subscription.pk, document.pk))
        yield Need(f"Read and accept: {document} ({subscription.customer})", address)
    barred = barred_users(own.subscriptions())
    for customer in Customer.objects.filter(pk__in=barred).order_by("name")[:MOST]:
        count = len(barred[customer.pk])
        words = (
            f"{customer}: {count} {'person has' if count == 1 else 'people have'} texts to accept before the first use"
        )
        yield Need(words, reverse("portal:people", args=(customer.pk,)))
    for subscription in own.subscriptions().select_related("customer").filter(state="past_due")[:MOST]:
        words = f"{subscription.customer}: {subscription.plan} is past due"
        yield Need(words, reverse("portal:subscription", args=(subscription.pk,)), urgent=True)
    for subscription in own.subscriptions().select_related("customer").filter(state="suspended")[:MOST]:
        words = f"{subscription.customer}: {subscription.plan} is suspended"
        yield Need(words, reverse("portal:subscription", args=(subscription.pk,)), urgent=True)
    for period in _renewing(own, today, today + NEAR, "non_renewal_by"):
        subscription = period.subscription
        words = f"{subscription.customer}: last day to stop {subscription.plan} is {day_words(period.non_renewal_by)}"
        yield Need(words, reverse("portal:subscription", args=(subscription.pk,)), urgent=True)


def ahead(user: Any, first: date, last: date) -> Iterator[Deadline]:
    """Last days to stop, renewals and ends between two days."""
    scope = Scope(user)
    for period in _renewing(scope, first, last, "non_renewal_by"):
        yield _deadline(period.non_renewal_by, "Last day to stop it", period.subscription, cancels=True)
    for period in _renewing(scope, first, last, "renews_on"):
        yield _deadline(period.renews_on, "It renews", period.subscription)
    ending = scope.subscriptions().filter(state__in=RUNNING, ends_on__range=(first, last)).select_related("customer")
    for subscription in ending.order_by("ends_on")[:MOST]:
        if subscription.ends_on:
            yield _deadline(subscription.ends_on, "Last day of service", subscription)


def parts(request: HttpRequest) -> Iterator[SafeString]:
    """The customers with their states, and the newest letters."""
    scope = Scope(request.user)  # type: ignore[arg-type]  # the page asks for a sign-in
    customers = list(with_contracts(scope, scope.customers().order_by("name"))[: SHOWN + 1])
    context = {
        "customers": customers[:SHOWN],
        "more": len(customers) > SHOWN,
        "notices": scope.notices().exclude(state=Notice.State.WAITING).order_by("-id")[:5],
        "operator": settings.OPERATOR_NAME,
    }
    yield render_to_string("portal/standing.html", context, request)


def _renewing(scope: Scope, first: date, last: date, column: str) -> list[Period]:
    rows = Period.objects.to_stop().filter(subscription__in=scope.subscriptions())
    due = rows.filter(**{f"{column}__range": (first, last)}, subscription__state__in=RUNNING)
    return list(due.select_related("subscription__customer").order_by(column)[:MOST])


def _deadline(on: date, words: str, subscription: Subscription, *, cancels: bool = False) -> Deadline:
    about = f"{subscription.customer}, {subscription.plan}"
    return Deadline(on, words, about, reverse("portal:subscription", args=(subscription.pk,)), cancels)
