"""The portal's page that claims a credit for an outage, and what may still be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import RUNNING, Subscription
from accounts.portal.asking import Answer, Asking, ask, now_of, why_of
from accounts.portal.scope import Scope, act_on, acting
from backoffice.portal import Need
from backoffice.terms.words import day_words, moment_words
from billing.models import CreditClaim, Outage, Service
from billing.services import Incident, claim_by, file_claim

# How long after an outage its last day for a claim can lie under any contract, and how many are named at most.
LOOKED_BACK = timedelta(days=62)
MOST = 10


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"


class Claimed(forms.Form):
    """What a claim has to tell of an outage."""

    service = forms.ChoiceField(label="What was down", choices=Service.choices)
    started_at = forms.DateTimeField(label=f"Since when ({settings.TIME_ZONE})", widget=Moment)
    ended_at = forms.DateTimeField(label="Until when (empty while it lasts)", required=False, widget=Moment)
    users_affected = forms.IntegerField(label="How many users it touched", min_value=0, required=False)
    detail = forms.CharField(label="What you saw", widget=forms.Textarea, required=False)
    evidence = forms.CharField(
        label="Traceroutes taken meanwhile, one after the other", widget=forms.Textarea, required=False
    )


def claim(request: HttpRequest, number: int) -> HttpResponse:
    """Reports an outage and claims the month's credit: what the claim lacks, and until when, stands there first."""
    user: Any = request.user
    subscription = act_on(Scope(user).subscriptions(), acting(user).subscriptions(), number)
    now = now_of(subscription.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        given = dict(entered)
        service = given.pop("service")
        filed = file_claim(subscription=subscription, service=service, incident=Incident(**given), on=now.on, at=now.at)
        made, decision = filed
        lines = [
            ("What was down", f"{made.get_service_display()}, since {moment_words(entered['started_at'])}"),
            ("To be claimed by", day_words(made.claim_by) if made.claim_by else "the contract gives no credit"),
            ("Answered by", day_words(made.answer_by) if made.answer_by else "no day is set"),
        ]
        why = why_of("sla.claim", decision) if decision.outcome is not None else None
        if decision.outcome is not None and decision.outcome.lacks:
            lines.append(("Completing it", "Come back to this page: what you add completes the claim"))
        return Answer(True, f"If you confirm, you claim the credit for {made.month}.", lines, why)

    asking = Asking(
        title=f"Claim a credit for an outage of {subscription.plan}",
        form=lambda data: Claimed(data),
        act=act,
        back=reverse("portal:home"),
        button="Claim it",
        said="We have your claim, and answer it by e-mail.",
    )
    return ask(request, asking)


def needs(user: Any, today: date) -> Iterator[Need]:
    """Outages for which a credit may still be claimed."""
    own = acting(user).subscriptions().filter(state__in=RUNNING).select_related("customer")
    since = datetime.combine(today - LOOKED_BACK, time(0), timezone.get_default_timezone())
    until = datetime.combine(today + timedelta(days=1), time(0), timezone.get_default_timezone())
    vendors = own.order_by().values("vendor")
    recent = Outage.objects.filter(vendor__in=vendors, cause="server", began_at__range=(since, until))
    for outage in recent.filter(ended_at__isnull=False)[:MOST]:
        for subscription in own.filter(vendor=outage.vendor).order_by("pk")[:MOST]:
            yield from _need(outage, subscription, today)


def _need(outage: Outage, subscription: Subscription, today: date) -> Iterator[Need]:
    began = outage.began_at.astimezone(subscription.terms.zone)
    services = [outage.service] if outage.service else [Service.EMAIL.value]
    claimed = CreditClaim.objects.filter(subscription=subscription, month=f"{began:%Y-%m}", service__in=services)
    last = claim_by(subscription, services[0], outage)
    if last is None or last < today or claimed.exists():
        return
    what = outage.get_service_display() or "the service"
    words = (
        f"{subscription.customer}: {what} was down on {day_words(began.date())}; claim a credit by {day_words(last)}"
    )
    yield Need(words, reverse("portal:claim", args=(subscription.pk,)))
