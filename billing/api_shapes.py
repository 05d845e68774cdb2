"""What programs ask about money and what they are answered. Amounts are strings of digits in their currency."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backoffice.keyset import MOST_ON_A_PAGE, ON_A_PAGE
from backoffice.terms.money import from_minor
from billing.models import Invoice, InvoiceLine, OpenItem, Payment

# What a primary key can be.
LARGEST = 2**63 - 1
Because = list[dict[str, Any]]


class Asked(BaseModel):
    """Something that a program sends: nothing is guessed, and nothing that nobody knows is taken."""

    model_config = ConfigDict(extra="forbid")


class ListAsked(Asked):
    """Which rows of a list are wanted."""

    after: Annotated[int, Field(ge=0, le=LARGEST, description="Begin after this key, as `next` says.")] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE, description="How many on a page.")] = ON_A_PAGE
    customer: Annotated[int | None, Field(ge=1, le=LARGEST, description="Only of the customer of this number.")] = None


class NewPayment(Asked):
    """Money that came from a customer. It pays `invoice` first, then what is due the longest."""

    model_config = ConfigDict(extra="forbid", strict=True)

    customer: Annotated[int, Field(ge=1, le=LARGEST)]
    method: Literal["card", "paypal", "bank_transfer", "bitcoin", "check"]
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,3})?$", examples=["675.00"])]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["EUR"])]
    received_on: date
    reference: Annotated[
        str, Field(max_length=140, pattern=r"^[^\x00-\x1f\x7f]*$", description="What the payer wrote.")
    ] = ""
    invoice: Annotated[str, Field(max_length=24, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["INV-000012"])] = ""


class PaymentMade(BaseModel):
    """A payment that was recorded, as it was asked for."""

    payment: int
    customer: int
    method: str
    amount: str
    currency: str
    received_on: date
    reference: str

    @classmethod
    def of(cls, payment: Payment) -> PaymentMade:
        return cls(**_payment(payment))


class Pays(BaseModel):
    """What some of a payment pays."""

    invoice: str
    amount: str
    on: date


class PaymentTold(PaymentMade):
    """A payment and what became of it: `left` pays nothing yet, `returned` went back."""

    left: str
    returned: str
    pays: list[Pays]

    @classmethod
    def of(cls, payment: Payment) -> PaymentTold:
        rows = payment.allocations.all()
        pays = [Pays(invoice=one.invoice.number, amount=str(one.amount), on=one.on) for one in rows]
        return cls(**_payment(payment), left=str(payment.left), returned=str(payment.returned), pays=pays)


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "payment": payment.pk,
        "customer": payment.customer_id,
        "method": payment.method,
        "amount": str(payment.amount),
        "currency": payment.currency,
        "received_on": payment.received_on,
        "reference": payment.reference,
    }


class InvoiceTold(BaseModel):
    """An invoice or a credit note; `owed` is what is open on it, late charges included."""

    number: str
    kind: str
    corrects: str | None
    customer: int
    subscription: int | None
    vendor: str
    sheet: str
    currency: str
    net: str
    tax: str
    total: str
    owed: str
    issued_on: date
    due_on: date
    pay_by: date | None

    @classmethod
    def of(cls, invoice: Invoice) -> InvoiceTold:
        return cls(**_invoice(invoice))


def _invoice(invoice: Invoice) -> dict[str, Any]:
    item = getattr(invoice, "item", None)
    return {
        "number": invoice.number,
        "kind": invoice.kind,
        "corrects": invoice.corrects.number if invoice.corrects else None,
        "customer": invoice.customer_id,
        "subscription": invoice.subscription_id,
        "vendor": invoice.vendor,
        "sheet": invoice.sheet,
        "currency": invoice.currency,
        "net": str(invoice.net),
        "tax": str(invoice.tax),
        "total": str(invoice.total),
        "owed": str(item.owed if item else invoice.total - invoice.total),
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "pay_by": invoice.pay_by,
    }


class LineTold(BaseModel):
    """One thing that is charged for, and the clauses that it rests on."""

    position: int
    kind: str
    text: str
    quantity: int
    unit: str
    net: str
    period_start: date | None
    period_end: date | None
    because: Because

    @classmethod
    def of(cls, line: InvoiceLine) -> LineTold:
        names = ("position", "kind", "text", "quantity", "period_start", "period_end", "because")
        known = {name: getattr(line, name) for name in names}
        return cls(unit=str(line.unit), net=str(line.net), **known)


class InvoiceDetail(InvoiceTold):
    """A document with its lines and the clauses that it rests on."""

    because: Because
    lines: list[LineTold]

    @classmethod
    def of(cls, invoice: Invoice) -> InvoiceDetail:
        lines = [LineTold.of(line) for line in invoice.lines.all()]
        return cls(**_invoice(invoice), because=invoice.because, lines=lines)


class OpenItemTold(BaseModel):
    """What is still owed on an invoice: `owed` is the sum of the three."""

    invoice: str
    customer: int
    vendor: str
    currency: str
    due_on: date
    principal: str
    interest: str
    costs: str
    owed: str

    @classmethod
    def of(cls, item: OpenItem) -> OpenItemTold:
        currency = item.invoice.currency
        return cls(
            invoice=item.invoice.number,
            customer=item.customer_id,
            vendor=item.vendor,
            currency=currency,
            due_on=item.due_on,
            principal=str(item.principal),
            interest=str(from_minor(item.interest_minor, currency)),
            costs=str(from_minor(item.costs_minor, currency)),
            owed=str(item.owed),
        )


class InvoicePage(BaseModel):
    """A page of documents; `next` is the address of the next one."""

    results: list[InvoiceTold]
    next: str | None


class OpenItemPage(BaseModel):
    """A page of what is owed; `next` is the address of the next one."""

    results: list[OpenItemTold]
    next: str | None


class PaymentPage(BaseModel):
    """A page of payments; `next` is the address of the next one."""

    results: list[PaymentTold]
    next: str | None
