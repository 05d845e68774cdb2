"""What is done about bills that customers dispute, and about payments that they have charged back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Notice, Period
from accounts.notices import Draft, write_notices
from accounts.services import NotPossible, together
from accounts.services.received import Incoming, receive_notice
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor
from backoffice.terms.sections.notices import NoticeForm
from billing.letters import dispute_letter
from billing.models import STANDING, Account, Chargeback, Dispute, Invoice, InvoiceLine, Payment
from billing.policy.disputes import DisputeCreditFacts, decide_dispute_credit
from billing.policy.payments import DisputeFacts, DisputeWindow, decide_dispute_window
from billing.services.credits import give_credit
from billing.services.invoices import Bill, Line, issue
from billing.services.payments import lock
from billing.services.returns import return_payment

State = Dispute.State


class Raised(NamedTuple):
    """The file of a bill's dispute, or None where the notice does not count in its form; and the answer."""

    dispute: Dispute | None
    decision: Decision[Any]


@transaction.atomic
def raise_dispute(
    *,
    invoice: Invoice,
    form: NoticeForm,
    facts: str,
    received_at: datetime,
    at: datetime,
    minor: int | None = None,
    filed: str = "",
) -> Raised:
    """Keeps that a customer disputes a bill, all of it or so much: in time, or waived because it came too late.

    A notice in a form that the contract does not let count is kept too, and opens no file. A bill that is disputed
    already keeps its file. NotPossible for a document that is no bill; ValidationError without facts, for more than the
    bill, and for a notice that is still to come.
    """
    if invoice.kind != Invoice.Kind.INVOICE:
        raise NotPossible(f"{invoice.number} is no bill")
    if known := Dispute.objects.filter(invoice=invoice).first():
        return Raised(known, _window(invoice, known.raised_on))
    if not facts.strip():
        raise ValidationError({"facts": "A dispute says what is wrong with the bill."})
    disputed = invoice.total_minor if minor is None else minor
    if not 0 < disputed <= invoice.total_minor:
        raise ValidationError({"amount": "Something of the bill is disputed, and no more than all of it."})
    incoming = Incoming(
        "dispute",
        form,
        received_at,
        subscription=invoice.subscription,
        customer=invoice.customer,
        vendor=invoice.vendor,
        filed=filed,
    )
    noted = receive_notice(incoming=incoming, at=at)
    raised_on = noted.notice.counts_on
    if raised_on is None:
        return Raised(None, noted.decision)
    window = _window(invoice, raised_on)
    late = window.outcome is not None and not window.outcome.in_time
    dispute = Dispute.objects.create(
        invoice=invoice,
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        notice=noted.notice,
        raised_on=raised_on,
        deadline=window.outcome.deadline if window.outcome else None,
        facts=facts,
        disputed_minor=disputed,
        state=State.WAIVED if late else State.OPEN,
        because=together(noted.notice.because, window.because),
        created_at=at,
    )
    if late:
        _tell(dispute, noted.notice.created_at.date(), at)
    return Raised(dispute, window)


def _window(invoice: Invoice, raised_on: date | None, charged_back_on: date | None = None) -> Decision[DisputeWindow]:
    facts = DisputeFacts(due_on=invoice.due_on, raised_on=raised_on, chargeback_on=charged_back_on)
    return decide_dispute_window(invoice.terms, facts)


def dispute_deadline(invoice: Invoice) -> date | None:
    """The last day on which a bill may be disputed; None where its contract names none."""
    window = _window(invoice, None).outcome
    return window.deadline if window else None


@transaction.atomic
def answer_dispute(
    *, dispute: Dispute, right: bool, answer: str, on: date, at: datetime, minor: int | None = None
) -> Decision[Any]:
    """Notes what was found about a disputed bill, and tells the customer; what is found right is credited, all that was
    disputed or so much, when fees are next due.

    NotPossible for a dispute that was answered already or came too late; ValidationError for more than was disputed.
    """
    found = Dispute.objects.select_for_update(of=("self",)).select_related("invoice__customer").get(pk=dispute.pk)
    if found.state != State.OPEN:
        raise NotPossible(f"the dispute of {found.invoice.number} was {found.get_state_display()}")
    credited = found.disputed_minor if minor is None else minor
    if right and not 0 < credited <= found.disputed_minor:
        raise ValidationError({"amount": "Something of what was disputed is credited, and no more than all of it."})
    invoice = found.invoice
    facts = DisputeCreditFacts(answered_on=on, due_on=invoice.due_on, next_due_on=_next_due(invoice, on))
    decision = decide_dispute_credit(invoice.terms, facts)
    found.state, found.answered_on, found.answer = (State.UPHELD if right else State.REJECTED), on, answer
    if right:
        found.credit_minor = credited
        found.credit_on = decision.outcome.credit_on if decision.outcome else on
        found.because = together(found.because, decision.because)
    found.save()
    _tell(found, on, at)
    return decision if right else _window(invoice, found.raised_on)


def _next_due(invoice: Invoice, on: date) -> date | None:
    """When fees of the bill's contract are due next after it; None where it does not renew any more."""
    ahead = Period.objects.filter(subscription=invoice.subscription, state=Period.State.OPEN, due_on__gte=on)
    going_on = ahead.filter(subscription__ends_on__isnull=True)
    return going_on.order_by("due_on").values_list("due_on", flat=True).first()


def _tell(dispute: Dispute, on: date, at: datetime) -> None:
    """Tells the customer what became of a dispute."""
    invoice = dispute.invoice
    draft = Draft(
        kind=Notice.Kind.DISPUTE,
        about=f"{invoice.number}/{dispute.state}",
        sheet=dispute.sheet,
        because=dispute.because,
        due_on=on,
        written_on=on,
        letter=dispute_letter(dispute),
        recipient=invoice.customer.invoice_email,
        customer=invoice.customer,
        subscription=invoice.subscription,
    )
    write_notices([draft], at=at)


def credit_disputes(vendor: str, day: date, count: int, *, at: datetime) -> int:
    """Credits some bills that were rightly disputed and whose day has come; returns how many there were."""
    rows = Dispute.objects.filter(state=State.UPHELD, credit=None, vendor=vendor, credit_on__lte=day)
    rows = rows.order_by("credit_on", "id").select_related("invoice__customer", "invoice__subscription")
    due = list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
    notes = {one.pk: _note(one, day) for one in due}
    give_credit(list(notes.values()), on=day, at=at)
    given = {note.key: note for note in Invoice.objects.filter(key__in=[note.key for note in notes.values()])}
    for one in due:
        one.credit = given[notes[one.pk].key]
        one.save(update_fields=["credit"])
    return len(due)


def _note(dispute: Dispute, on: date) -> Bill:
    invoice, minor = dispute.invoice, dispute.credit_minor
    text = f"Disputed on {invoice.number}"
    return Bill(
        key=f"dispute/{dispute.pk}",
        customer=invoice.customer,
        subscription=invoice.subscription,
        vendor=invoice.vendor,
        sheet=dispute.sheet,
        currency=invoice.currency,
        due_on=on,
        lines=[Line(InvoiceLine.Kind.SERVICE, text, 1, minor, minor)],
        because=dispute.because,
        corrects=invoice,
    )


@transaction.atomic
def charge_back(
    *, payment: Payment, invoice: Invoice, key: str, on: date, at: datetime, minor: int | None = None
) -> tuple[Chargeback, Decision[DisputeWindow]]:
    """Books that a payer had its payment of a bill taken back: what it paid is owed again, and the contract may charge
    a fee for it. ``minor`` is how much went back, else all that the payment paid of the bill.

    The same key again changes nothing. NotPossible where the payment pays nothing of the bill, and as
    ``return_payment``.
    """
    lock(invoice.customer)
    dispute = Dispute.objects.filter(invoice=invoice).first()
    decision = _window(invoice, dispute.raised_on if dispute else None, on)
    if known := Chargeback.objects.filter(key=key).first():
        return known, decision
    paid = sum(one.minor for one in payment.allocations.filter(STANDING, invoice=invoice))
    if not paid:
        raise NotPossible(f"{payment} pays nothing of {invoice.number}")
    wanted = paid if minor is None else minor
    return_payment(
        payment=payment,
        key=f"chargeback/{key}",
        minor=wanted,
        invoice=invoice,
        on=on,
        at=at,
        sheet=invoice.sheet,
        because=decision.because,
    )
    chargeback = Chargeback(
        key=key,
        payment=payment,
        invoice=invoice,
        on=on,
        minor=wanted,
        sheet=invoice.sheet,
        because=decision.because,
        created_at=at,
    )
    if decision.outcome is not None and decision.outcome.fee:
        fee = to_minor(decision.outcome.fee, invoice.terms.currency.value)
        [chargeback.fee] = issue([_fee(chargeback, fee)], on=on, at=at)
    chargeback.full_clean(exclude=["payment", "invoice", "fee"])
    chargeback.save()
    return chargeback, decision


def _fee(chargeback: Chargeback, minor: int) -> Bill:
    invoice = chargeback.invoice
    because = together(chargeback.because, [invoice.terms.currency.citation])
    line = Line(InvoiceLine.Kind.FEE, f"Charge-back of {invoice.number}", 1, minor, minor, because=chargeback.because)
    return Bill(
        key=f"chargeback/{chargeback.key}",
        customer=invoice.customer,
        subscription=invoice.subscription,
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        currency=invoice.currency,
        due_on=chargeback.on,
        lines=[line],
        because=because,
        against=Account.FEES,
    )
