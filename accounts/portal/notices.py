"""What somebody was told, in its exact words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import Notice
from accounts.portal.asking import plain
from accounts.portal.paging import page_of
from accounts.portal.scope import Scope, one
from backoffice.portal import page
from backoffice.why import of_row


def notices(request: HttpRequest) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    rows = scope.notices().exclude(state=Notice.State.WAITING)
    listed = page_of(request, rows.select_related("customer"), newest_first=True)
    return TemplateResponse(request, "portal/notices.html", {"notices": listed})


def notice(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]
    rows = scope.notices().exclude(state=Notice.State.WAITING)
    told = one(rows.select_related("customer", "subscription"), number)
    sentence = "We wrote this because of what stands in your contract."
    why = plain(of_row(sentence, told.sheet, told.because)) if told.because else None
    return TemplateResponse(request, "portal/notice.html", {"notice": told, "why": why})


urlpatterns = [page("notices/", notices, "notices"), page("notices/<int:number>/", notice, "notice")]
