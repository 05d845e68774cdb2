"""Nothing binds before it was read: whoever asks for something sees what would follow, and only then confirms it.

What is shown is what the very service answers that would do it, undone again; so what was shown is what happens, or
it is shown anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.services import NotPossible
from backoffice import days
from backoffice.portal import today
from backoffice.terms.decision import Decision
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import rules
from backoffice.why import Why, of_decision


class Answer(NamedTuple):
    """What would follow, in a sentence and in lines of words and values, with its why; ``done`` is False for a no."""

    done: bool
    sentence: str
    lines: Sequence[tuple[str, str]] = ()
    why: Why | None = None

    @property
    def mark(self) -> str:
        """Tells this answer from every other, so that nobody confirms one that they have not read."""
        said = repr((self.sentence, [tuple(line) for line in self.lines]))
        return hashlib.sha256(said.encode()).hexdigest()


class Asking(NamedTuple):
    """One thing that somebody can ask for: the form, what it does with what was entered, and the words around it."""

    title: str
    form: Callable[[Mapping[str, Any] | None], forms.Form]
    act: Callable[[dict[str, Any]], Answer]
    back: str
    button: str
    said: str
    lead: str = ""
    text: str = ""
    file: str = ""


class Now(NamedTuple):
    """A contract's own day, and a moment in it."""

    on: date
    at: datetime


def now_of(vendor: str) -> Now:
    """Where staff open the days, the day that the books stand at; otherwise the clock's."""
    at = timezone.now()
    if settings.DAYS_BY_HAND and (reached := days.next_day(vendor)):
        return Now(reached, datetime.combine(reached, time(12), timezone.get_default_timezone()))
    return Now(days.today(vendor, at), at)


def site_now() -> datetime:
    """The clock, or noon of the day that the books stand at, where staff open the days."""
    if settings.DAYS_BY_HAND:
        return datetime.combine(today(), time(12), timezone.get_default_timezone())
    return timezone.now()


def why_of(name: str, decision: Decision[Any]) -> Why:
    """The panel of an answer as the portal shows it."""
    return plain(of_decision(rules()[name], decision))


def plain(why: Why) -> Why:
    """A panel without its ways into the staff's book of terms."""
    return why._replace(href="", steps=[step._replace(href="") for step in why.steps])


def ask(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Shows the form, then what would follow; does it once that is confirmed."""
    empty = not asking.form(None).fields
    entered: Mapping[str, Any] | None = request.POST if request.method == "POST" else {} if empty else None
    form = asking.form(entered)
    context: dict[str, Any] = {"asking": asking, "form": form}
    if entered is None or not form.is_valid():
        return TemplateResponse(request, "portal/ask.html", context)
    try:
        with transaction.atomic():
            answer = asking.act(form.cleaned_data)
            confirmed = answer.done and request.POST.get("confirm") == answer.mark
            if not confirmed:
                transaction.set_rollback(True)
    except (NotPossible, QuestionError) as refusal:
        form.add_error(None, f"This cannot be done: {refusal}.")
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
    else:
        if confirmed:
            messages.success(request, asking.said)
            return redirect(asking.back)
        context |= {"answer": answer, "changed": answer.done and "confirm" in request.POST}
        return TemplateResponse(request, "portal/confirm.html", context)
    return TemplateResponse(request, "portal/ask.html", context)
