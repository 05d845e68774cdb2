"""What staff do with a row on its own page: each act shows first what would follow, and why, and is then confirmed.

What is shown is what happens: the act is played for real in a transaction that is taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts.admin.act_forms import ActForm
from accounts.models import Customer, Notice, Subscription
from accounts.services import NotPossible
from backoffice.days import today
from backoffice.terms.decision import Decision
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import find
from backoffice.terms.words import day_words, moment_words
from backoffice.why import Why, of_decision

Do = Callable[[Any, Mapping[str, Any], date, datetime], Decision[Any] | None]


class Act(NamedTuple):
    """One thing that can be done with a row: its button, what it asks, what it does, and the rule that answers."""

    name: str
    words: str
    do: Do
    form: type[ActForm] = ActForm
    rule: str = ""
    fits: Callable[[Any], bool] = lambda row: True


class Preview(NamedTuple):
    """What an act would do: the rule's answer, what of the row would change, and which letters would leave."""

    why: Why | None
    changes: Sequence[tuple[str, str, str]]
    letters: Sequence[str]

    @property
    def does_something(self) -> bool:
        return bool(self.changes or self.letters)

    @property
    def mark(self) -> str:
        """Tells this preview from every other, so that nobody confirms one that they have not read."""
        said = repr((self.why.sentence if self.why else "", list(self.changes), list(self.letters)))
        return hashlib.sha256(said.encode()).hexdigest()


class ActsMixin:
    """A list whose rows have acts on their own page. A preview tells what changes in the columns ``shown``, and which
    rows are ``made`` beside (by the names that this row has for them, ``subscription.agreements`` say)."""

    acts: tuple[Act, ...] = ()
    shown: tuple[str, ...] = ("state",)
    made: tuple[str, ...] = ()
    model: Any
    admin_site: Any

    @property
    def _name(self) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self._name}_act"
        page = path("<int:pk>/act/<slug:act>/", self.admin_site.admin_view(self.act_page), name=name)
        return [page, *super().get_urls()]  # type: ignore[misc]

    @admin.display(description="what can be done")
    def buttons(self, row: Any) -> SafeString | str:
        return self.links(row, self.acts)

    def links(self, row: Any, acts: Iterable[Act]) -> SafeString | str:
        """Ways to those acts that a row is in a state for."""
        fitting = [act for act in acts if act.fits(row)] if row.pk else []
        if not fitting:
            return "Nothing now."
        name = f"admin:{self._name}_act"
        links = ((reverse(name, args=(row.pk, act.name)), act.words) for act in fitting)
        return format_html_join(" · ", '<a class="text-link underline" href="{}">{}</a>', links)

    def act_page(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Asks what an act needs, shows what would follow, and does it once that is confirmed."""
        if not request.user.has_perm(f"{self.model._meta.app_label}.change_{self.model._meta.model_name}"):
            raise PermissionDenied
        row = self.model.objects.filter(pk=pk).first()
        one = next((each for each in self.acts if each.name == act), None)
        if row is None or one is None or not one.fits(row):
            raise Http404("there is nothing like that to do here")
        form = one.form(request.POST if request.method == "POST" else None, row, request.user)
        preview = None
        if request.method == "POST" and form.is_valid():
            at = timezone.now()
            work = partial(one.do, row, form.cleaned_data, _day(row, form.cleaned_data, at), at)
            try:
                preview = self._what_follows(row, one, work)
                if preview.does_something and request.POST.get("confirm") == preview.mark:
                    return self._done(request, row, one, work)
            except (NotPossible, QuestionError) as refusal:
                form.add_error(None, f"It is not possible: {refusal}.")
            except ValidationError as refusal:
                form.add_error(None, refusal.messages[0])
        return TemplateResponse(
            request,
            "accounts/act.html",
            {
                **admin.site.each_context(request),
                "title": f"{one.words}: {row}",
                "row": row,
                "back": self._address(row),
                "form": form,
                "preview": preview,
                "changed": "confirm" in request.POST,
            },
        )

    def _what_follows(self, row: Any, act: Act, work: Callable[[], Decision[Any] | None]) -> Preview:
        with transaction.atomic():
            before, there = self._words(row), self._made(row)
            known = set(_notices(row).values_list("pk", flat=True))
            decision = work()
            after = self._words(self.model.objects.get(pk=row.pk))
            letters = [notice.subject for notice in _notices(row).exclude(pk__in=known).order_by("id")]
            made = self._made(row)
            transaction.set_rollback(True)
        changes = [(name, old, after[name]) for name, old in before.items() if old != after[name]]
        changes += [
            (kind, "", words if which in there else _unnumbered(kind, words, which[1]))
            for which, (kind, words) in made.items()
            if there.get(which) != (kind, words)
        ]
        rule = find(_rule(act, decision))
        why = of_decision(rule, decision) if rule is not None and decision is not None else None
        return Preview(why, changes, letters)

    def _words(self, row: Any) -> dict[str, str]:
        return {str(self.model._meta.get_field(name).verbose_name): _value(row, name) for name in self.shown}

    def _made(self, row: Any) -> dict[tuple[str, Any], tuple[str, str]]:
        """What each row that belongs to this one says, and its kind; a change of it is told too."""
        fresh = self.model.objects.get(pk=row.pk)
        beside = [one for name in self.made for one in _beside(fresh, name)]
        return {(one._meta.label, one.pk): (str(one._meta.verbose_name), str(one)) for one in beside}

    def _done(
        self, request: HttpRequest, row: Any, act: Act, work: Callable[[], Decision[Any] | None]
    ) -> HttpResponseRedirect:
        work()
        self.log_change(request, row, act.words)  # type: ignore[attr-defined]
        self.message_user(request, f"{act.words}: done.", messages.SUCCESS)  # type: ignore[attr-defined]
        return HttpResponseRedirect(self._address(row))

    def _address(self, row: Any) -> str:
        return reverse(f"admin:{self._name}_change", args=(row.pk,))


def _unnumbered(kind: str, words: str, key: Any) -> str:
    """What a row says that is only foreseen, without the number that it would begin with: a database gives each number
    once, so it would be another one when the act is done."""
    numbered = f"{capfirst(kind)} {key}"
    return capfirst(kind) + words.removeprefix(numbered) if words.startswith(numbered) else words


# Of each kind of row beside, the newest so many are looked at.
MOST = 20


def _beside(row: Any, name: str) -> list[Any]:
    """The rows that another has by a name, the newest first."""
    for part in name.split("."):
        row = getattr(row, part, None)
    if row is None:
        return []
    return list(row.order_by("-id")[:MOST]) if hasattr(row, "order_by") else [row]


# Which rule an answer comes from, where an act may be settled by one of several.
RULES = {"BreachNotice": "breach.notice", "BreachCure": "breach.cure", "BreachEnd": "breach.end"}


def _rule(act: Act, decision: Decision[Any] | None) -> str:
    return RULES.get(type(decision.outcome).__name__, act.rule) if decision is not None else act.rule


def _value(row: Any, name: str) -> str:
    told = getattr(row, f"get_{name}_display", None)
    value = told() if told else getattr(row, name)
    if isinstance(value, datetime):
        zone = row.terms.zone if hasattr(row, "terms") else None
        return moment_words(timezone.localtime(value, zone))
    if isinstance(value, date):
        return day_words(value)
    return "" if value is None else str(value)


def _notices(row: Any) -> Any:
    """The letters that an act may add to: those about the contract, or all to the customer."""
    contract = _contract(row)
    if contract is not None:
        return Notice.objects.filter(subscription=contract)
    return Notice.objects.filter(customer=row) if isinstance(row, Customer) else Notice.objects.none()


def _contract(row: Any) -> Subscription | None:
    return row if isinstance(row, Subscription) else getattr(row, "subscription", None)


def _day(row: Any, given: Mapping[str, Any], at: datetime) -> date:
    """The day on which it is done: that of the contract it is about, else the site's own."""
    vendor = given.get("vendor") or getattr(row, "vendor", "") or getattr(_contract(row), "vendor", "")
    return today(vendor, at) if vendor else timezone.localdate(at)
