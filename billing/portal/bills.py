"""The portal's pages of bills and credit notes with their why, and of what is between a customer and us."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import Customer, Subscription
from accounts.portal.asking import plain
from accounts.portal.scope import Scope, acting, one
from backoffice.terms.words import day_words
from backoffice.why import of_row
from billing.models import Dispute, Invoice
from billing.statement import statement_file, statements

ON_A_PAGE = 50


def documents(scope: Scope) -> QuerySet[Invoice]:
    """The bills and credit notes of the contracts that somebody sees."""
    return Invoice.objects.filter(subscription__in=scope.subscriptions())


def bills(request: HttpRequest) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    rows = documents(scope).select_related("customer", "item").order_by("-id")
    listed = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "portal/bills.html", {"bills": listed})


def bill(request: HttpRequest, number: int) -> HttpResponse:
    """One document: what it charges for line by line, and the clauses that it rests on."""
    user: Any = request.user
    scope = Scope(user)
    known = one(documents(scope).select_related("customer", "item", "corrects"), number)
    sentence = f"{known.total:,} {known.currency} are due on {day_words(known.due_on)}."
    if known.kind == Invoice.Kind.CREDIT_NOTE:
        sentence = f"{known.total:,} {known.currency} are credited."
    disputable = known.kind == Invoice.Kind.INVOICE and not Dispute.objects.filter(invoice=known).exists()
    context = {
        "bill": known,
        "lines": [
            (line, plain(of_row(f"{line.text}: {line.net:,} {known.currency}.", known.sheet, line.because)))
            for line in known.lines.all()
        ],
        "account": _sees_all(scope, known.customer_id),
        "why": plain(of_row(sentence, known.sheet, known.because)),
        "disputable": disputable and documents(acting(user)).filter(pk=known.pk).exists(),
    }
    return TemplateResponse(request, "portal/bill.html", context)


def statement(request: HttpRequest, number: int) -> HttpResponse:
    """What a customer was charged and has paid, for who sees all of its contracts."""
    known = _whole(request, number)
    return TemplateResponse(request, "portal/statement.html", {"customer": known, "statements": statements(known.pk)})


def statement_csv(request: HttpRequest, number: int) -> HttpResponse:
    known = _whole(request, number)
    headers = {"Content-Disposition": f'attachment; filename="statement-{known.pk}.csv"'}
    return HttpResponse(statement_file(known.pk), content_type="text/csv; charset=utf-8", headers=headers)


def _whole(request: HttpRequest, number: int) -> Customer:
    """The customer with a number: payments are of all its contracts, so only who sees all of them sees these."""
    scope = Scope(request.user)  # type: ignore[arg-type]
    known = one(scope.customers(), number)
    if not _sees_all(scope, known.pk):
        raise Http404
    return known


def _sees_all(scope: Scope, customer_id: int) -> bool:
    unseen = Subscription.objects.filter(customer=customer_id).exclude(pk__in=scope.subscriptions().values("pk"))
    return not unseen.exists()
