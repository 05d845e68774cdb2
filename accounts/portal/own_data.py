"""What is held of who has signed in: their own archive, and asking for its erasure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import DataRequest, User
from accounts.policy.erasure import SENTENCES
from accounts.policy.personal_data import DataRequestDue, tell_request
from accounts.portal.asking import Answer, Asking, ask, plain, site_now
from accounts.services import NotPossible, own_data
from accounts.services.foreseen import Foreseen, foresee
from accounts.services.persons import rows_of
from backoffice.portal import page, today
from backoffice.terms.words import day_words, listed
from backoffice.why import Why, of_row

BY_LAW = "the law"


def my_data(request: HttpRequest) -> HttpResponse:
    """What can be asked for, and what became of what was; sent as a form it gives all that is held as one file."""
    user = _who(request)
    if request.method == "POST":
        try:
            content = own_data.give_archive(user=user, at=site_now())
        except NotPossible as refusal:
            messages.error(request, f"This cannot be done: {refusal}.")
            return redirect("portal:my_data")
        headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
        return HttpResponse(content, content_type="application/zip", headers=headers)
    return TemplateResponse(request, "portal/my_data.html", {"requests": own_data.requests_of(user)[:50]})


def erase(request: HttpRequest) -> HttpResponse:
    """Shows what would go and what would stay, until when and why; staff answer once it is asked for."""
    user = _who(request)

    def act(entered: dict[str, Any]) -> Answer:
        lines = _lines(foresee(rows_of(user), today()))
        asked = own_data.ask(user=user, kind=DataRequest.Kind.ERASURE, at=site_now())
        first = min(asked, key=lambda one: one.answer_by)
        answered = day_words(first.answer_by)
        return Answer(True, f"If you confirm, you are answered by {answered}.", lines, _why(first))

    asking = Asking(
        title="Ask for your data to be erased",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:my_data"),
        button="Ask for it",
        said="Your request was taken down.",
    )
    return ask(request, asking)


def _who(request: HttpRequest) -> User:
    """Who has signed in, as the row itself: what is declared of persons goes by their kind."""
    user: Any = request.user
    return User.objects.get(pk=user.pk)


def _lines(foreseen: Foreseen) -> list[tuple[str, str]]:
    stays: dict[tuple[str, str], list[str]] = {}
    for says, kept in foreseen.stays.items():
        clauses = list(dict.fromkeys(item["clause"] for item in kept.because))
        basis = f"{kept.basis} ({listed(clauses)})" if clauses else kept.basis
        stays.setdefault((f"Stays sealed until {day_words(kept.until)}", basis), []).append(says)
    reasons = listed([f"{item['says']} ({item['clause']})" for item in foreseen.answer.because])
    return [
        ("As things stand today", f"{SENTENCES[foreseen.answer.reason]} {reasons}."),
        ("Goes at once", " ".join(foreseen.goes) or "Nothing that is left."),
        *((words, f"{' '.join(those)} Why it stays: {basis}.") for (words, basis), those in stays.items()),
        ("Undoing it", "Write to us before you are answered. What is erased cannot be brought back."),
    ]


def _why(request: DataRequest) -> Why:
    due = DataRequestDue(request.passed_on_at is not None, request.answer_by)
    why = plain(of_row(tell_request(due), request.sheet, request.because))
    return why if request.sheet else why._replace(contract=BY_LAW)


urlpatterns = [
    page("my-data/", my_data, "my_data", acts=True),
    page("my-data/erase/", erase, "my_erasure", acts=True),
]
