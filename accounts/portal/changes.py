"""Changes of contracts that customers were told of, and agreeing to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import services
from accounts.models import Agreement, AmendmentNotice, Notice
from accounts.portal.agreements import signed
from accounts.portal.asking import Answer, Asking, ask, now_of, plain
from accounts.portal.scope import Scope, act_on, acting
from accounts.reports.amendments import reach_words
from backoffice.portal import page
from backoffice.terms.words import day_words, listed
from backoffice.why import Why, of_row

AGREEABLE = (AmendmentNotice.State.TOLD, AmendmentNotice.State.OFFERED)


class Change(NamedTuple):
    """A change of a contract, what it does and why, and whether the customer can still agree to it."""

    notice: AmendmentNotice
    why: Why
    agreeable: bool


def told_changes(notices: QuerySet[AmendmentNotice]) -> Iterator[Change]:
    for notice in notices.select_related("amendment").order_by("-id"):
        yield Change(notice, _why(notice), notice.state in AGREEABLE)


def _why(notice: AmendmentNotice) -> Why:
    words = reach_words(notice)
    return plain(of_row(f"{words[0].upper()}{words[1:]}", notice.sheet, notice.because))


def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Shows the letter about a change; agreeing to it lets it take effect at once, and accepts its texts."""
    user: Any = request.user
    change = act_on(
        Scope(user).changes().select_related("amendment", "subscription__customer"), acting(user).changes(), number
    )
    known, now = change.subscription, now_of(change.vendor)
    letter = Notice.objects.filter(obligation=f"{Notice.Kind.AMENDMENT}/{change.obligation}").first()

    def act(entered: dict[str, Any]) -> Answer:
        by = services.signatory_of(user=user, subscription=known)
        made = services.agree_to_amendment(notice=change, by=by, how=Agreement.How.PORTAL, on=now.on, at=now.at)
        prices = change.amendment.prices
        lines = [
            ("Takes effect on", day_words(now.on)),
            ("Texts accepted", listed([str(one.document) for one in made]) if made else "none that we hold"),
            ("For", f"{known.customer}, {known.plan}"),
            *signed(by),
            ("Cost", f"{prices[1]} {change.amendment.currency} for a whole period" if prices else "Nothing."),
            ("Undoing it", "It cannot be taken back."),
        ]
        return Answer(True, f"If you confirm, {known.customer} agrees to this change.", lines, _why(change))

    asking = Asking(
        title=f"Agree to a change of {known.plan}: {change.amendment.get_subject_display()}",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:subscription", args=(known.pk,)),
        button="Agree to it",
        said="You have agreed to it.",
        text=letter.body if letter else "",
    )
    return ask(request, asking)


urlpatterns = [page("changes/<int:number>/agree/", agree, "agree", acts=True)]
