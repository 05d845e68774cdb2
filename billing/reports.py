"""What a rehearsal tells of money: the invoices."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from backoffice.timeline import World
from billing.letters import line_words
from billing.models import Allocation, Chargeback, CreditClaim, Dispute, FeeOrder, Invoice, Refund


def invoices(world: World) -> Iterator[Happening]:
    """Each document on the day it was issued."""
    for one in world.told(Invoice.objects.select_related("subscription__customer").prefetch_related("lines")):
        if one.subscription is None:
            continue
        lines = list(one.lines.all())
        told = "; ".join(line_words(line) for line in lines)
        says = f"{one.number} over {one.total} {one.currency}, due on {day_words(one.due_on)}: {told}."
        figures = {
            "number": one.number,
            "amount": str(one.total),
            "currency": one.currency,
            "quantity": lines[0].quantity,
            "price": str(lines[0].unit),
            **days_of(one, ["issued_on", "due_on"]),
            **days_of(lines[0], ["period_start", "period_end"]),
        }
        yield happened_to(one.subscription, world, one.issued_on, one.kind, says, figures, one.because)


def payments(world: World) -> Iterator[Happening]:
    """What each payment paid of an invoice."""
    rows = Allocation.objects.select_related("payment", "invoice__subscription__customer")
    for one in world.told(rows, "invoice__subscription__customer"):
        subscription, currency = one.invoice.subscription, one.payment.currency
        if subscription is None:
            continue
        how = one.payment.get_method_display()
        says = f"{one.amount} {currency} paid by {how} for {one.invoice.number}."
        figures = {
            "number": one.invoice.number,
            "amount": str(one.amount),
            "currency": currency,
            "principal": str(from_minor(one.principal_minor, currency)),
            "interest": str(from_minor(one.interest_minor, currency)),
            "costs": str(from_minor(one.costs_minor, currency)),
        }
        yield happened_to(subscription, world, one.on, "payment", says, figures, one.because)
        if one.undone_on is not None:
            says = f"{one.amount} {currency} paid by {how} for {one.invoice.number} went back, and are owed again."
            yield happened_to(subscription, world, one.undone_on, "return", says, figures, one.because)


def disputes(world: World) -> Iterator[Happening]:
    """Each bill that was disputed, and what was found."""
    rows = Dispute.objects.select_related("invoice__subscription__customer")
    for one in world.told(rows, "invoice__subscription__customer"):
        subscription, currency = one.invoice.subscription, one.invoice.currency
        if subscription is None:
            continue
        figures: Figures = {"number": one.invoice.number, "amount": str(one.disputed), "currency": currency}
        too_late = one.state == Dispute.State.WAIVED
        says = f"{one.disputed} {currency} of {one.invoice.number} are disputed{', too late' * too_late}."
        days = days_of(one, ["raised_on", "deadline"])
        yield happened_to(subscription, world, one.raised_on, "dispute", says, {**figures, **days}, one.because)
        if one.answered_on is not None:
            found = {**figures, "credit": str(one.credit_amount), **days_of(one, ["credit_on"])}
            yield happened_to(subscription, world, one.answered_on, "dispute answer", f"{one}.", found, one.because)


def chargebacks(world: World) -> Iterator[Happening]:
    """Each payment that was charged back, with its fee."""
    rows = Chargeback.objects.select_related("payment", "fee", "invoice__subscription__customer")
    for one in world.told(rows, "invoice__subscription__customer"):
        subscription, currency = one.invoice.subscription, one.payment.currency
        if subscription is None:
            continue
        figures = {
            "number": one.invoice.number,
            "amount": str(one.amount),
            "currency": currency,
            "fee": str(one.fee.total) if one.fee else None,
        }
        yield happened_to(subscription, world, one.on, "chargeback", f"Charged back: {one}.", figures, one.because)


def claims(world: World) -> Iterator[Happening]:
    """Each claim for a credit, and what became of it."""
    for one in world.told(CreditClaim.objects.select_related("subscription__customer")):
        what = f"{one.get_service_display()} in {one.month}"
        known: Figures = {"service": one.service, "month": one.month}
        days = days_of(one, ["claimed_on", "claim_by", "answer_from", "answer_by"])
        says = f"A credit is claimed for {what}."
        yield happened_to(one.subscription, world, one.claimed_on, "credit claim", says, {**known, **days}, one.because)
        if one.decided_on is not None:
            figures = {
                **known,
                "state": one.state,
                "reason": one.reason,
                "availability": None if one.availability is None else str(one.availability),
                "credit": str(one.credit_amount),
                "currency": one.currency,
            }
            kind = "credit claim answer"
            yield happened_to(one.subscription, world, one.decided_on, kind, f"{one}.", figures, one.because)


def refunds(world: World) -> Iterator[Happening]:
    """What came back, out of whose pocket, and what was kept of it."""
    for one in world.told(Refund.objects.filter(executed_on__isnull=False).select_related("subscription__customer")):
        assert one.executed_on is not None  # noqa: S101  # asked for above
        went = f" {one.paid} {one.currency} went back by {one.get_channel_display()}." if one.paid_minor else ""
        figures = {
            "kind": one.kind,
            "amount": str(one.amount),
            "fee": str(one.fee),
            "paid": str(one.paid),
            "currency": one.currency,
            "channel": one.channel,
            "borne_by": one.borne_by,
            **days_of(one, ["as_of"]),
        }
        yield happened_to(one.subscription, world, one.executed_on, "refund", f"{one.says}{went}", figures, one.because)


def fee_orders(world: World) -> Iterator[Happening]:
    """What was quoted, on the day on which the customer was told; that it was charged its bill tells."""
    for one in world.told(FeeOrder.objects.select_related("subscription__customer")):
        says = f"The customer is told what it costs: {one.get_kind_display()}."
        figures: Figures = {"kind": one.kind, "estimate": str(one.estimate), **days_of(one, ["charged_on"])}
        yield happened_to(one.subscription, world, one.told_on, "fee quoted", says, figures, one.because)


TELLERS = (invoices, payments, disputes, chargebacks, claims, refunds, fee_orders)
"""What the rehearsal asks."""
