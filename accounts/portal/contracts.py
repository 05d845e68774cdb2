"""Customers and their contracts: how each stands, until when it can be stopped, and stopping it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import services
from accounts.models import RUNNING, Customer, Notice, Period, Reason, ReceivedNotice, Subscription
from accounts.policy.notices import Counting
from accounts.policy.term import Start, TermEnd, TermPeriod, tell_period, tell_start
from accounts.portal.asking import Answer, Asking, ask, now_of, plain, why_of
from accounts.portal.changes import told_changes
from accounts.portal.paging import page_of
from accounts.portal.scope import Scope, act_on, acting, one
from accounts.staff.statements import said, statement
from backoffice.portal import page, today
from backoffice.terms.decision import Decision
from backoffice.terms.words import day_words
from backoffice.why import SILENT, Why, of_row

# What a contract says of itself, and the rule that tells it.
SAYS = {
    "What is promised of the service": "service.promised",
    "Which text prevails": "documents.order",
    "Disputes": "dispute.venue",
}
TONES = {"active": "good", "pending": "busy", "past_due": "busy", "suspended": "bad"}


class Standing(NamedTuple):
    """A contract and how it stands, in words and as a colour."""

    subscription: Subscription
    words: str
    tone: str


def standing(subscription: Subscription) -> Standing:
    words = subscription.get_state_display()
    if subscription.state in RUNNING and subscription.ends_on:
        return Standing(subscription, f"{words}, ends on {day_words(subscription.ends_on)}", "busy")
    return Standing(subscription, words, TONES.get(subscription.state, "quiet"))


def with_contracts(scope: Scope, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers with what the person may see of their contracts, as ``standings``."""
    return customers.prefetch_related(Prefetch("subscriptions", scope.subscriptions().order_by("-id"), "seen"))


def customers(request: HttpRequest) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    asked = request.GET.get("q", "").strip()
    rows = scope.customers()
    found = rows.filter(name__istartswith=asked) if asked else rows
    listed = page_of(request, with_contracts(scope, found), "name")
    return TemplateResponse(request, "portal/customers.html", {"customers": listed, "asked": asked})


def customer(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]
    known = one(scope.customers().select_related("reseller"), number)
    own = scope.subscriptions().filter(customer=known).order_by("-id")
    context = {
        "customer": known,
        "standings": [(standing(subscription), _open_period(subscription)) for subscription in own],
        "today": today(),
        "administrators": known.administrators.filter(
            removed_on=None, vendor__in=own.order_by().values("vendor")
        ).order_by("name"),
        "notices": scope.notices().filter(customer=known).exclude(state=Notice.State.WAITING).order_by("-id")[:10],
    }
    return TemplateResponse(request, "portal/customer.html", context)


def subscription(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]
    known = one(scope.subscriptions().select_related("customer"), number)
    period = _open_period(known)
    context = {
        "standing": standing(known),
        "subscription": known,
        "contract": known.terms.name,
        "period": period,
        "today": today(),
        "seats": known.licences.filter(gone=False).count(),
        "held": known.licences.filter(gone=False, holder__isnull=False).count(),
        "agreements": known.agreements.select_related("document"),
        "notices": scope.notices().filter(subscription=known).exclude(state=Notice.State.WAITING).order_by("-id")[:10],
        "whys": list(_whys(known, period)),
        "acts": acting(scope.user).subscriptions().filter(pk=known.pk).exists(),
        "stops": known.state in RUNNING and known.ends_on is None,
        "takes_back": known.state in RUNNING and known.notice_on is not None and known.ends_reason == Reason.NOTICE,
        "says": list(_says(known)),
        "special": _special(known),
        "changes": list(told_changes(scope.changes().filter(subscription=known))),
    }
    return TemplateResponse(request, "portal/subscription.html", context)


def _open_period(subscription: Subscription) -> Period | None:
    return subscription.periods.filter(state=Period.State.OPEN).last()


def _whys(subscription: Subscription, period: Period | None) -> Any:
    """The panels of a contract: what was stored when each was decided."""
    if subscription.ends_on is not None:
        sentence = f"{day_words(subscription.ends_on)} is the last day of service."
        yield "Why it ends then", _panel(sentence, subscription.sheet, subscription.ends_because)
    if period is not None:
        outcome = TermPeriod(**{name: getattr(period, name) for name in TermPeriod._fields})
        yield "Why these days", _panel(tell_period(outcome), period.sheet, period.because)
    if subscription.start_because:
        start = tell_start(Start(subscription.start))
        yield "Why it began then", _panel(start, subscription.sheet, subscription.start_because)


def _says(subscription: Subscription) -> Iterator[tuple[str, Why]]:
    """What the contract says of itself, where it says something."""
    for words, rule in SAYS.items():
        why = plain(statement(subscription, rule))
        if why.covered:
            yield words, why


def _special(subscription: Subscription) -> Why | None:
    """What was agreed with this customer alone."""
    if not subscription.special_terms:
        return None
    return _panel("These values were agreed with you alone.", subscription.sheet, said(subscription))


def _panel(sentence: str, sheet: str, because: list[dict[str, Any]]) -> Why:
    return plain(of_row(sentence, sheet, because))


def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Gives notice to stop on this page, which is one of the forms that a contract may or may not let count."""
    user: Any = request.user
    known = act_on(Scope(user).subscriptions(), acting(user).subscriptions(), number)
    now = now_of(known.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        incoming = services.Incoming("non_renewal", "account_page", now.at, subscription=known)
        return _stopped(known, services.receive_notice(incoming=incoming, at=now.at))

    asking = Asking(
        title=f"Stop {known.plan}",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:subscription", args=(known.pk,)),
        button="Give notice to stop",
        said="Your notice was given.",
    )
    return ask(request, asking)


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Takes a notice to stop back, where the contract lets it be taken back."""
    user: Any = request.user
    known = act_on(Scope(user).subscriptions(), acting(user).subscriptions(), number)
    now = now_of(known.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        return _withdrawn(known, services.withdraw_notice(subscription=known, on=now.on, at=now.at))

    asking = Asking(
        title=f"Take back the notice to stop {known.plan}",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:subscription", args=(known.pk,)),
        button="Take it back",
        said="The notice was taken back.",
    )
    return ask(request, asking)


def _withdrawn(subscription: Subscription, decision: Decision[Any]) -> Answer:
    why = why_of("term.withdraw", decision)
    if decision.outcome is None:
        sentence = "The contract does not let a notice be taken back: it binds who gave it, unless the vendor agrees."
        return Answer(False, sentence, [("What to do", "Write to us: we ask the vendor.")], why)
    if not decision.outcome.allowed:
        return Answer(False, why.sentence, [], why)
    lines = []
    if period := _open_period(subscription):
        lines = [
            ("Renews on", day_words(period.renews_on)),
            ("Last day to stop it", day_words(period.non_renewal_by)),
        ]
    lines += [
        ("Cost", "The fees of the next period, as if no notice had been given."),
        ("Undoing it", "By a new notice, for as long as the contract lets it come."),
    ]
    return Answer(True, f"If you confirm, {subscription.plan} goes on renewing.", lines, why)


def _stopped(subscription: Subscription, noted: services.Noted) -> Answer:
    decision, on = noted.decision, noted.notice.counts_on
    if on is None:
        forms = [str(ReceivedNotice.Form(form).label) for form in decision.answer.forms]
        lines = [("How it counts", " or ".join(forms) or "in no form that the contract names")]
        return Answer(False, "Given here, a notice does not count.", lines, why_of("notice.counts", decision))
    if isinstance(decision.outcome, Counting):
        return Answer(False, "This very notice was noted already.")
    why = why_of("term.end", decision)
    if decision.outcome is None:
        return Answer(False, SILENT, [("What to do", "Write to us: the contract names no way to stop it.")], why)
    outcome: TermEnd = decision.outcome
    ends_on = day_words(outcome.ends_on)
    if subscription.ends_on is not None and subscription.ends_on <= outcome.ends_on:
        return Answer(False, f"It ends on {day_words(subscription.ends_on)} already, so a notice would change nothing.")
    late = "" if outcome.in_time else " The notice comes too late for the period before."
    lines = [
        ("Notice given on", day_words(on)),
        ("Last day of service", ends_on),
        ("Cost", "Nothing for stopping. Fees run on until the last day."),
        ("Money back", "None follows from this notice."),
        ("Undoing it", "Only as the contract lets a notice be taken back; its page shows the answer before."),
    ]
    return Answer(True, f"If you confirm, {subscription.plan} ends on {ends_on}.{late}", lines, why)


urlpatterns = [
    page("customers/", customers, "customers"),
    page("customers/<int:number>/", customer, "customer"),
    page("subscriptions/<int:number>/", subscription, "subscription"),
    page("subscriptions/<int:number>/stop/", stop, "stop", acts=True),
    page("subscriptions/<int:number>/take-back/", withdraw, "withdraw", acts=True),
]
