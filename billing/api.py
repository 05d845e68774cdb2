"""Money for programs: invoices with their why, what is owed, payments, and recording one.

A request to record a payment bears an ``Idempotency-Key`` of its caller's choice: sent again, it records nothing more
and has the same answer; sent with another body, it is refused.
"""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ValidationError
from rest_framework import status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import RawJson
from accounts.authentication import staff_or_scope
from accounts.models import SCOPE_MONEY, SCOPE_PAYMENTS, ApiKey, Customer
from accounts.services import NotPossible
from backoffice.keyset import keyset_page
from backoffice.terms.money import minor_digits, to_minor
from backoffice.terms.question import QuestionError
from billing.api_shapes import (
    InvoiceDetail,
    InvoicePage,
    InvoiceTold,
    ListAsked,
    NewPayment,
    OpenItemPage,
    OpenItemTold,
    PaymentMade,
    PaymentPage,
    PaymentTold,
)
from billing.models import OPEN, STANDING, Allocation, Invoice, OpenItem, Payment
from billing.services import KeyUsed, currencies, record_requested

# With the caller's name before it, it has its place in a payment's key.
KEY_FORM = re.compile(r"[A-Za-z0-9._:-]{1,64}")
REFUSAL = {"$ref": "#/components/schemas/Refusal"}
PARAMETERS = [
    OpenApiParameter(name, int, description=field.description or "") for name, field in ListAsked.model_fields.items()
]


def refuse(code: str, field: str | None, message: str, number: int = status.HTTP_400_BAD_REQUEST) -> Response:
    return Response(QuestionError(code, field, message).as_json(), status=number)


def refuse_first(error: ValidationError) -> Response:
    """The first thing that is wrong with what was sent; what was sent is not repeated."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"])) or None
    return refuse("bad_json" if field is None else "bad_value", field, first["msg"])


def answer(told: BaseModel, number: int = status.HTTP_200_OK) -> Response:
    return Response(told.model_dump(mode="json"), status=number)


class MoneyList(APIView):
    """A list page by page, for who may see it."""

    rows: QuerySet[Any]
    page: type[BaseModel]
    row: Any

    def listed(self, request: Request) -> Response:
        try:
            asked = ListAsked.model_validate(request.query_params.dict())
        except ValidationError as error:
            return refuse_first(error)
        rows = self.rows.all() if asked.customer is None else self.rows.filter(customer=asked.customer)
        found = keyset_page(rows, after=asked.after, limit=asked.limit)
        following = None
        if found.after is not None:
            query = asked.model_dump(exclude_none=True) | {"after": found.after}
            following = f"{request.path}?{urlencode(query)}"
        return answer(self.page(results=[self.row.of(one) for one in found.rows], next=following))


class Invoices(MoneyList):
    """Invoices and credit notes, as they were issued."""

    permission_classes = [staff_or_scope(SCOPE_MONEY, "billing.view_invoice")]
    rows = Invoice.objects.select_related("item", "corrects")
    page, row = InvoicePage, InvoiceTold

    @extend_schema(operation_id="list_invoices", parameters=PARAMETERS, responses={200: InvoicePage, 400: REFUSAL})
    def get(self, request: Request) -> Response:
        return self.listed(request)


class OneInvoice(APIView):
    """A document with its lines and their why."""

    permission_classes = [staff_or_scope(SCOPE_MONEY, "billing.view_invoice")]

    @extend_schema(operation_id="show_invoice", responses={200: InvoiceDetail, 404: REFUSAL})
    def get(self, request: Request, number: str) -> Response:
        rows = Invoice.objects.select_related("item", "corrects").prefetch_related("lines")
        found = rows.filter(number=number).first() if number.isprintable() else None
        if found is None:
            return refuse("unknown", "number", "there is no document of this number", status.HTTP_404_NOT_FOUND)
        return answer(InvoiceDetail.of(found))


class OpenItems(MoneyList):
    """What is still owed, invoice by invoice."""

    permission_classes = [staff_or_scope(SCOPE_MONEY, "billing.view_openitem")]
    rows = OpenItem.objects.filter(OPEN).select_related("invoice")
    page, row = OpenItemPage, OpenItemTold

    @extend_schema(operation_id="list_open_items", parameters=PARAMETERS, responses={200: OpenItemPage, 400: REFUSAL})
    def get(self, request: Request) -> Response:
        return self.listed(request)


class Payments(MoneyList):
    """Payments, and what each pays."""

    parser_classes = [RawJson]
    rows = Payment.objects.prefetch_related(
        Prefetch("allocations", Allocation.objects.filter(STANDING).select_related("invoice"))
    )
    page, row = PaymentPage, PaymentTold

    def get_permissions(self) -> list[BasePermission]:
        if self.request.method == "POST":
            return [staff_or_scope(SCOPE_PAYMENTS, "billing.add_payment")()]
        return [staff_or_scope(SCOPE_MONEY, "billing.view_payment")()]

    @extend_schema(operation_id="list_payments", parameters=PARAMETERS, responses={200: PaymentPage, 400: REFUSAL})
    def get(self, request: Request) -> Response:
        return self.listed(request)

    @extend_schema(
        operation_id="record_payment",
        description="Records money that came from a customer, once for each `Idempotency-Key`.",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="Up to 64 letters, digits and . _ : - of your choice; the same again records nothing more.",
            )
        ],
        request={"application/json": NewPayment},
        responses={201: PaymentMade, 400: REFUSAL, 409: REFUSAL, 422: REFUSAL},
    )
    def post(self, request: Request) -> Response:
        shown = request.headers.get("Idempotency-Key", "")
        if not KEY_FORM.fullmatch(shown):
            words = "send this header with up to 64 letters, digits and . _ : - of your choice"
            return refuse("missing_key", "Idempotency-Key", words)
        try:
            # An empty body is not parsed at all, and comes as an empty object.
            asked = NewPayment.model_validate_json(cast(bytes, request.data or b""))
        except ValidationError as error:
            return refuse_first(error)
        return record(asked, key=f"{caller(request)}/{shown}")


def caller(request: Request) -> str:
    """Who asks, so that the keys of one are never those of another."""
    return f"api/{request.auth.prefix}" if isinstance(request.auth, ApiKey) else f"api/user-{request.user.pk}"


def record(asked: NewPayment, *, key: str) -> Response:
    """Records what was asked for, or says what to change."""
    amount = Decimal(asked.amount)
    if asked.currency not in currencies():
        return refuse("bad_value", "currency", f"no contract bills in it; there are {', '.join(currencies())}")
    try:
        minor = to_minor(amount, asked.currency)
    except ValueError:
        return refuse("bad_value", "amount", f"{asked.currency} has {minor_digits(asked.currency)} decimals")
    if not minor:
        return refuse("bad_value", "amount", "a payment is more than nothing")
    customer = Customer.objects.filter(pk=asked.customer).first()
    if customer is None:
        return refuse("unknown", "customer", "there is no customer of this number")
    invoice = None
    if asked.invoice:
        invoice = Invoice.objects.filter(number=asked.invoice, kind=Invoice.Kind.INVOICE).first()
        if invoice is None:
            return refuse("unknown", "invoice", "there is no invoice of this number")
    try:
        recorded = record_requested(
            customer=customer,
            key=key,
            body_hash=hashlib.sha256(asked.model_dump_json().encode()).hexdigest(),
            method=asked.method,
            amount=amount,
            currency=asked.currency,
            received_on=asked.received_on,
            reference=asked.reference,
            invoice=invoice,
            at=timezone.now(),
        )
    except KeyUsed as error:
        return refuse("key_used", "Idempotency-Key", str(error), status.HTTP_422_UNPROCESSABLE_ENTITY)
    except NotPossible as error:
        return refuse("not_possible", None, str(error), status.HTTP_409_CONFLICT)
    return answer(PaymentMade.of(recorded.payment), status.HTTP_201_CREATED)


urlpatterns = [
    path("invoices/", Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/", OneInvoice.as_view(), name="invoice"),
    path("open-items/", OpenItems.as_view(), name="open_items"),
    path("payments/", Payments.as_view(), name="payments"),
]
