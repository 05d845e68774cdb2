"""What staff do with a bill that is disputed or charged back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.admin.act_forms import ActForm, choice_field, day_field, line_field, words_field
from accounts.admin.acts import Act
from accounts.models import ReceivedNotice
from accounts.services import NotPossible
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor
from billing import services
from billing.models import STANDING, Dispute, Invoice, Payment

Given = Mapping[str, Any]
NOON = time(12)


def amount_field(label: str, **more: Any) -> forms.DecimalField:
    widget = UnfoldAdminTextInputWidget({"inputmode": "decimal"})
    return forms.DecimalField(label=label, min_value=0, max_digits=15, widget=widget, **more)


def minor_of(amount: Decimal | None, currency: str) -> int | None:
    """An amount that somebody typed, in minor units; NotPossible for fractions of one."""
    if amount is None:
        return None
    try:
        return to_minor(amount, currency)
    except ValueError as wrong:
        raise NotPossible(f"{amount} {currency} has too many decimals") from wrong


class DisputeForm(ActForm):
    form = choice_field(ReceivedNotice.Form.choices, "How it came")
    received_on = day_field("Received on")
    facts = words_field("What the customer says is wrong")
    amount = amount_field("Disputed (empty for the whole bill)", required=False)
    filed = line_field("Where the original lies", required=False)


class AnswerForm(ActForm):
    right = choice_field([("yes", "the customer is right"), ("no", "the bill stands")], "What was found")
    answer = words_field("Words to the customer", required=False)
    amount = amount_field("To be credited (empty for all that was disputed)", required=False)


class ChargebackForm(ActForm):
    booking = line_field("The card company's number of it", 80)
    amount = amount_field("Went back (empty for all that was paid of the bill)", required=False)

    def __init__(self, data: Mapping[str, Any] | None, row: Invoice, user: Any) -> None:
        super().__init__(data, row, user)
        paid = [(one.pk, f"{one}, {one.amount} {one.currency} of {one.received_on}") for one in payments_of(row)]
        self.fields["payment"] = choice_field(paid, "Which payment")


def payments_of(invoice: Invoice) -> list[Payment]:
    """The payments that pay something of a bill, our own credit aside, the newest first."""
    rows = Payment.objects.exclude(method=Payment.Method.CREDIT)
    paying = invoice.allocations.filter(STANDING).order_by().values("payment")
    return list(rows.filter(pk__in=paying).order_by("-id"))


def _dispute(row: Invoice, given: Given, on: date, at: datetime) -> Decision[Any]:
    # A letter bears a day and no moment: noon of it, or now where it came today.
    received = datetime.combine(given["received_on"], NOON, book().sheet(row.sheet).zone)
    raised = services.raise_dispute(
        invoice=row,
        form=given["form"],
        facts=given["facts"],
        received_at=min(received, at) if given["received_on"] == on else received,
        at=at,
        minor=minor_of(given["amount"], row.currency),
        filed=given["filed"],
    )
    return raised.decision


def _answer(row: Invoice, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.answer_dispute(
        dispute=Dispute.objects.get(invoice=row),
        right=given["right"] == "yes",
        answer=given["answer"],
        minor=minor_of(given["amount"], row.currency),
        on=on,
        at=at,
    )


def _charge_back(row: Invoice, given: Given, on: date, at: datetime) -> Decision[Any]:
    payment = Payment.objects.get(pk=given["payment"])
    _, decision = services.charge_back(
        payment=payment,
        invoice=row,
        key=given["booking"],
        minor=minor_of(given["amount"], row.currency),
        on=on,
        at=at,
    )
    return decision


def _disputable(row: Invoice) -> bool:
    return row.kind == Invoice.Kind.INVOICE and not Dispute.objects.filter(invoice=row).exists()


def _answerable(row: Invoice) -> bool:
    return Dispute.objects.filter(invoice=row, state=Dispute.State.OPEN).exists()


def _paid(row: Invoice) -> bool:
    return row.kind == Invoice.Kind.INVOICE and bool(payments_of(row))


DISPUTE_ACTS = (
    Act("dispute", "Note that it is disputed", _dispute, DisputeForm, "dispute.window", _disputable),
    Act("answer", "Answer the dispute", _answer, AnswerForm, "dispute.credit", _answerable),
    Act("chargeback", "Note a charge-back", _charge_back, ChargebackForm, "dispute.window", _paid),
)
