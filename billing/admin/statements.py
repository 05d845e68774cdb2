"""A customer's statement of account as staff see it, as a page and as a file."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.models import Customer
from billing.statement import statement_file, statements

NEEDED = ("billing.view_invoice", "billing.view_payment")


def statement_page(request: HttpRequest, pk: int) -> TemplateResponse:
    """What a customer was charged and has paid, for who may see both; 404 for one that is not there."""
    customer = _customer(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Statement of account: {customer.name}",
        "customer": customer,
        "statements": statements(pk),
    }
    return TemplateResponse(request, "billing/statement.html", context)


def statement_csv(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="statement-{customer.pk}.csv"'}
    return HttpResponse(statement_file(pk), content_type="text/csv; charset=utf-8", headers=headers)


def _customer(request: HttpRequest, pk: int) -> Customer:
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    customer = Customer.objects.filter(pk=pk).first()
    if customer is None:
        raise Http404("there is no such customer")
    return customer
