"""The texts of contracts: which wait to be accepted, and accepting them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import services
from accounts.files import download
from accounts.models import RUNNING, Agreement, ContractDocument, Subscription
from accounts.portal.asking import Answer, Asking, ask, now_of
from accounts.portal.scope import Scope, act_on, acting, one
from accounts.services.agreements import OF_CUSTOMERS, Signatory
from backoffice.portal import page
from backoffice.terms.words import day_words

# Of a text that is words, so much is shown on the page; all of it is in the file.
LONGEST_SHOWN = 200_000
LIVE = ("pending", *RUNNING)
# Who has more to accept is shown the next when these are done.
MOST = 100


def waiting(subscriptions: QuerySet[Subscription]) -> Iterator[tuple[Subscription, ContractDocument]]:
    """Running contracts with the newest text of every title that was not accepted for them: the first ``MOST``."""
    newest: dict[str, dict[str, ContractDocument]] = {}
    for document in ContractDocument.objects.filter(kind__in=OF_CUSTOMERS).order_by("id"):
        newest.setdefault(document.sheet, {})[document.title] = document
    lacking = Q(pk__in=[])
    for sheet, titles in newest.items():
        for document in titles.values():
            accepted = Agreement.objects.filter(subscription=OuterRef("pk"), document=document)
            lacking |= Q(~Exists(accepted), sheet=sheet)
    live = subscriptions.filter(lacking, state__in=LIVE).select_related("customer")
    found = list(live.order_by("pk")[:MOST])
    held = set(Agreement.objects.filter(subscription__in=found).values_list("subscription", "document"))
    for subscription in found:
        for document in newest[subscription.sheet].values():
            if (subscription.pk, document.pk) not in held:
                yield subscription, document


def agreements(request: HttpRequest) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    accepted = Agreement.objects.filter(subscription__in=scope.subscriptions())
    context = {
        "waiting": list(waiting(acting(scope.user).subscriptions())),
        "accepted": accepted.select_related("subscription__customer", "document").order_by("-id")[:100],
    }
    return TemplateResponse(request, "portal/agreements.html", context)


def accept(request: HttpRequest, number: int, document: int) -> HttpResponse:
    """Shows a text with its hash; accepting it is recorded for the contract."""
    user: Any = request.user
    known = act_on(Scope(user).subscriptions(), acting(user).subscriptions(), number)
    text = one(ContractDocument.objects.filter(sheet=known.sheet), document)
    now = now_of(known.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        before = Agreement.objects.filter(subscription=known, document=text).first()
        if before is not None:
            return Answer(False, f"It was accepted on {day_words(before.accepted_at.date())} already.")
        by = services.signatory_of(user=user, subscription=known)
        services.accept(document=text, subscription=known, by=by, how=Agreement.How.PORTAL, at=now.at)
        lines = [
            ("Text", str(text)),
            ("SHA-256", text.sha256),
            ("For", f"{known.customer}, {known.plan}"),
            *signed(by),
            ("Accepted on", day_words(now.on)),
            ("Cost", "Nothing."),
            ("Undoing it", "An acceptance cannot be taken back; the contract says how it ends."),
        ]
        return Answer(True, f"If you confirm, {known.customer} agrees to this text.", lines)

    asking = Asking(
        title=str(text),
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:agreements"),
        button="Accept it",
        said="It is accepted.",
        text=words_of(text),
        file=reverse("portal:text", args=(text.pk,)),
    )
    return ask(request, asking)


def signed(by: Signatory) -> list[tuple[str, str]]:
    """Who accepts, how that stands to the customer, and by what authority, as lines to be read before."""
    capacity = Agreement.Capacity(by.capacity)
    lines = [("Accepted by", f"{by.name}, {capacity.label}")]
    if by.authority:
        lines.append(("By the authority of", by.authority))
    if capacity == Agreement.Capacity.AGENT:
        lines.append(("Besides", "The customer's signed power for this has to be on file with us."))
    return lines


def words_of(document: ContractDocument) -> str:
    """The text itself where the file is one; nothing where it is a PDF, say."""
    with document.file.open() as file:
        start = file.read(LONGEST_SHOWN)
    try:
        return "" if b"\0" in start else str(start.decode())
    except UnicodeDecodeError:
        return ""


def text(request: HttpRequest, number: int) -> FileResponse:
    return download(one(Scope(request.user).documents(), number))  # type: ignore[arg-type]


urlpatterns = [
    page("agreements/", agreements, "agreements"),
    page("subscriptions/<int:number>/agreements/<int:document>/", accept, "accept", acts=True),
    page("texts/<int:number>/", text, "text"),
]
