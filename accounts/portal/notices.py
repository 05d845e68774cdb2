"""What somebody was told, in its exact words."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import Notice
from accounts.portal.asking import plain
from accounts.portal.scope import Scope, one
from backoffice.portal import page
from backoffice.why import of_row

ON_A_PAGE = 50


def notices(request: HttpRequest) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    rows = scope.notices().exclude(state=Notice.State.WAITING).select_related("customer").order_by("-id")
    listed = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "portal/notices.html", {"notices": listed})


def notice(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]
    rows = scope.notices().exclude(state=Notice.State.WAITING)
    told = one(rows.select_related("customer", "subscription"), number)
    sentence = "We wrote this because of what stands in your contract."
    why = plain(of_row(sentence, told.sheet, told.because)) if told.because else None
    return TemplateResponse(request, "portal/notice.html", {"notice": told, "why": why})


urlpatterns = [page("notices/", notices, "notices"), page("notices/<int:number>/", notice, "notice")]
