"""What users accept before they use a service: where it stands, noting it for them, and the page behind their link."""

from __future__ import annotations

from datetime import date, datetime, time
from smtplib import SMTPException
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.files import download
from accounts.models import Agreement, ContractDocument, EndUser, Subscription
from accounts.portal.agreements import words_of
from accounts.portal.asking import Answer, Asking, ask, now_of, site_now, why_of
from accounts.portal.invitations import PARAMETER
from accounts.portal.scope import Scope, act_on, acting, one
from accounts.services import NotPossible, user_texts
from accounts.services.agreements import Signatory
from backoffice.portal import page
from backoffice.terms.words import day_words


def texts(request: HttpRequest, number: int) -> HttpResponse:
    """What a person has accepted, what is yet to be accepted, and what each contract says of that."""
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    person = one(scope.end_users().select_related("customer"), number)
    waiting = services.documents_to_accept(person)
    context = {
        "person": person,
        "contracts": [
            (contract, why_of("acceptance.user", services.user_acceptance(person, contract)))
            for contract in _held(person)
        ],
        "texts": user_texts.texts_of(person),
        "absent": sorted({ContractDocument.Kind(one.kind).label for one in waiting if one.document is None}),
        "accepted": person.agreements.select_related("document"),
        "acts": person.left_on is None and acting(scope.user).end_users().filter(pk=person.pk).exists(),
    }
    return TemplateResponse(request, "portal/user_texts.html", context)


def _held(person: EndUser) -> Any:
    return Subscription.objects.running().filter(licences__holder=person).order_by("id")


class Accepted(forms.Form):
    """When a person accepted a text, under which name, and where the proof of it is."""

    name = forms.CharField(label="Name of the person", max_length=200)
    accepted_on = forms.DateField(label="Accepted on", widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.CharField(
        label="Where the proof is kept", max_length=200, help_text="A signed form or a list of clicks, say."
    )

    def __init__(self, data: Any, today: date, name: str) -> None:
        super().__init__(data, initial={"accepted_on": today, "name": name})
        self.today = today

    def clean_accepted_on(self) -> date:
        on: date = self.cleaned_data["accepted_on"]
        if on > self.today:
            raise forms.ValidationError("This is still to come.")
        return on


def note(request: HttpRequest, number: int, document: int) -> HttpResponse:
    """Notes that a person accepted a text, as whoever passed it on tells."""
    user: Any = request.user
    person = act_on(Scope(user).end_users().select_related("customer"), acting(user).end_users(), number)
    text = next((each for each in user_texts.texts_of(person) if each.pk == document), None)
    if text is None:
        raise Http404
    contract = _held(person).filter(sheet=text.sheet)[0]
    now = now_of(contract.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        on = entered["accepted_on"]
        services.accept(
            document=text,
            end_user=person,
            by=Signatory(entered["name"]),
            how=Agreement.How.PASSED_ON,
            told_by=user.get_full_name(),
            evidence=entered["evidence"],
            at=now.at if on == now.on else datetime.combine(on, time(12), contract.terms.zone),
        )
        lines = [
            ("Text", str(text)),
            ("SHA-256", text.sha256),
            ("Accepted by", f"{entered['name']} ({person.username})"),
            ("Accepted on", day_words(on)),
            ("Told by", user.get_full_name()),
            ("Proof", entered["evidence"]),
            ("Undoing it", "An acceptance cannot be taken back."),
        ]
        why = why_of("acceptance.user", services.user_acceptance(person, contract))
        return Answer(True, f"If you confirm, it is noted that {person.username} accepted this text.", lines, why)

    asking = Asking(
        title=f"{person.username} accepted: {text}",
        form=lambda data: Accepted(data, now.on, person.username),
        act=act,
        back=reverse("portal:user_texts", args=(person.pk,)),
        button="Note it",
        said="It is noted.",
        lead="You answer for it that the person has read and accepted the text.",
    )
    return ask(request, asking)


class Address(forms.Form):
    """Where a link goes."""

    email = forms.EmailField(label="E-mail address of the person", help_text="It is not kept.")


def send(request: HttpRequest, number: int) -> HttpResponse:
    """Mails a person the link by which they read and accept what there is to accept."""
    user: Any = request.user
    person = act_on(Scope(user).end_users().select_related("customer"), acting(user).end_users(), number)
    waiting = user_texts.texts_of(person)
    form = Address(request.POST if request.method == "POST" else None)
    if waiting and form.is_valid():
        try:
            _mail(request, person, form.cleaned_data["email"])
        except NotPossible as refusal:
            messages.error(request, f"Nothing was sent: {refusal}.")
        except (OSError, SMTPException):
            messages.error(request, "The link could not be mailed. Please try again later.")
        else:
            messages.success(request, "The link was sent.")
        return redirect("portal:user_texts", person.pk)
    context = {"person": person, "form": form, "texts": waiting}
    return TemplateResponse(request, "portal/send_texts.html", context)


def _mail(request: HttpRequest, person: EndUser, email: str) -> None:
    """Writes to a person; raises where the mail server does not take it. The secret is in the mail alone."""
    user: Any = request.user
    at = site_now()
    secret = user_texts.link_for(user=person, sent_by=user, at=at)
    address = f"{reverse('portal:own_texts')}?{PARAMETER}={secret}"
    words = {
        "customer": person.customer,
        "sender": user.get_full_name(),
        "address": request.build_absolute_uri(address),
        "until": day_words((at + user_texts.VALID_FOR).date()),
        "operator": settings.OPERATOR_NAME,
    }
    subject = f"{settings.OPERATOR_NAME}: please read and accept before you use the service"
    send_mail(subject, render_to_string("portal/texts.txt", words), None, [email])


class Acceptances(forms.Form):
    """Which texts somebody accepts, and who they are."""

    texts = forms.TypedMultipleChoiceField(
        label="I have read and accept", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label="Your name", max_length=200)

    def __init__(self, data: Any, texts: list[ContractDocument]) -> None:
        super().__init__(data)
        self.fields["texts"].choices = [(text.pk, str(text)) for text in texts]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_texts(request: HttpRequest) -> HttpResponse:
    """The page behind a user's link: each text with its hash, to be accepted one by one."""
    at, secret = site_now(), request.GET.get(PARAMETER, "")
    opened = user_texts.open_link(secret, at=at)
    if opened is None:
        return TemplateResponse(request, "portal/own_texts.html", status=404)
    waiting = user_texts.texts_of(opened.user)
    form = Acceptances(request.POST if request.method == "POST" else None, waiting)
    if form.is_valid():
        given = form.cleaned_data
        user_texts.accept_by_link(secret=secret, name=given["name"], texts=given["texts"], at=at)
        messages.success(request, "Thank you. It is recorded.")
        return redirect(f"{reverse('portal:own_texts')}?{PARAMETER}={secret}")
    context = {
        "person": opened.user,
        "texts": [(text, words_of(text)) for text in waiting],
        "form": form,
        "parameter": PARAMETER,
        "secret": secret,
    }
    return TemplateResponse(request, "portal/own_texts.html", context)


@never_cache
@require_safe
def own_text(request: HttpRequest, document: int) -> HttpResponseBase:
    """One of these texts as a file."""
    opened = user_texts.open_link(request.GET.get(PARAMETER, ""), at=site_now())
    known = user_texts.texts_of(opened.user) if opened else []
    text = next((each for each in known if each.pk == document), None)
    if text is None:
        return TemplateResponse(request, "portal/own_texts.html", status=404)
    return download(text)


urlpatterns = [
    page("people/<int:number>/texts/", texts, "user_texts"),
    page("people/<int:number>/texts/<int:document>/", note, "user_accepted", acts=True),
    page("people/<int:number>/texts/send/", send, "send_texts", acts=True),
    # Whoever has the link has not signed in, so these are no pages of the portal's own.
    path("texts-to-accept/", own_texts, name="own_texts"),
    path("texts-to-accept/<int:document>/", own_text, name="own_text"),
]
