"""What follows when nobody pays: a contract is past due, and a renewal that had to be paid to come about is void."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import RUNNING, Customer, Reason, Subscription
from accounts.services import note_all_overdue, terminate
from backoffice.terms.words import day_words
from billing.ledger import Posting, Side, post_all
from billing.models import OPEN, TO_VOID, Account, Entry, InvoiceLine, OpenItem
from billing.models.invoices import ONE_DAY
from billing.services.credits import give_credit
from billing.services.invoices import Bill, Line


def overdue_to_note() -> QuerySet[OpenItem]:
    """What is owed for contracts that run and of which nothing is noted as overdue yet."""
    contract = {"invoice__subscription__state__in": RUNNING, "invoice__subscription__overdue_since": None}
    return OpenItem.objects.filter(OPEN, **contract)


@transaction.atomic
def note_what_is_overdue(vendor: str, day: date, count: int, *, at: datetime) -> int:
    """Notes of some customers' contracts that something of them is overdue, since the day after it was due; returns how
    many contracts there were, or customers where others have paid meanwhile."""
    due = overdue_to_note().filter(vendor=vendor, due_on__lt=day)
    customers = _claim(due, count)
    since: dict[int, date] = {}
    items = due.filter(customer__in=customers).order_by("due_on", "invoice_id")
    for contract, due_on in items.values_list("invoice__subscription", "due_on"):
        since.setdefault(contract, due_on + ONE_DAY)
    rows = Subscription.objects.running().filter(pk__in=since, overdue_since=None).order_by("pk")
    contracts = list(rows.select_for_update(of=("self",)))
    note_all_overdue({one: since[one.pk] for one in contracts}, on=day, at=at)
    return len(contracts) or len(customers)


@transaction.atomic
def void_renewals(vendor: str, day: date, count: int, *, at: datetime) -> int:
    """Voids the renewals of some customers that nobody has paid in time, and stops their service; returns how many
    customers there were.

    What such a renewal was invoiced for is credited in full, and what its lateness has cost is taken back. One of which
    something was paid stands, with what is left of its debt, whatever becomes of that payment.
    """
    due = OpenItem.objects.filter(TO_VOID, vendor=vendor, void_on__lte=day)
    customers = _claim(due, count)
    rows = due.filter(customer__in=customers).select_related("invoice__subscription", "invoice__customer")
    for item in rows.order_by("void_on", "invoice_id").select_for_update(of=("self",)):
        if nothing_paid(item):
            _void(item, day, at)
    due.filter(customer__in=customers).update(void_on=None)
    return len(customers)


def nothing_paid(item: OpenItem) -> bool:
    """Whether nothing was ever paid of an invoice; what was paid and went back was paid."""
    return not item.invoice.allocations.exists()


def _claim(items: QuerySet[OpenItem], count: int) -> list[Customer]:
    """Locks some customers who owe these, passing over those that others hold: nobody else moves their money then."""
    rows = Customer.objects.filter(pk__in=items.order_by().values("customer")).order_by("pk")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


def _void(item: OpenItem, day: date, at: datetime) -> None:
    invoice = item.invoice
    contract = invoice.subscription
    # The contract ends before its debt does: what is no longer owed was not paid, and the history is not to say so.
    if contract is not None and contract.state in RUNNING:
        reason = Reason.RENEWAL_VOID
        terminate(subscription=contract, reason=reason, because=invoice.because, on=day, at=at)
    _unwind(item, day, at)
    text = f"Renewal of {invoice.number}, not paid by {day_words(invoice.pay_by)}" if invoice.pay_by else invoice.number
    amount = invoice.net_minor
    note = Bill(
        key=f"void/{invoice.key}",
        customer=invoice.customer,
        subscription=contract,
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        currency=invoice.currency,
        due_on=day,
        lines=[Line(InvoiceLine.Kind.SERVICE, text, 1, amount, amount, because=invoice.because)],
        because=invoice.because,
        corrects=invoice,
        against=Account.UNCOLLECTED,
    )
    give_credit([note], on=day, at=at)


def _unwind(item: OpenItem, day: date, at: datetime) -> None:
    """Takes back what the lateness of a debt has cost, since there is no debt; none of it was paid."""
    invoice, charged = item.invoice, item.interest_minor + item.costs_minor
    item.count_on = None
    item.interest_minor = item.costs_minor = item.interest_charged_minor = item.costs_charged_minor = 0
    columns = ("interest_minor", "costs_minor", "interest_charged_minor", "costs_charged_minor", "count_on")
    item.save(update_fields=columns)
    unwound = Posting(
        key=f"late/{item.pk}/void",
        kind=Entry.Kind.VOID,
        on=day,
        text=f"Late payment of {invoice.number}, which is void",
        vendor=item.vendor,
        sheet=invoice.sheet,
        because=invoice.because,
        sides=(
            Side(Account.RECEIVABLE, -charged, invoice.currency, item.customer_id, item.vendor, item.pk),
            Side(Account.LATE_CHARGES, charged, invoice.currency, None, item.vendor, item.pk),
        ),
    )
    post_all([unwound], at=at)
