"""Payments that go back: what they paid is owed again, as if it had never been paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import RUNNING
from accounts.services import NotPossible, note_overdue
from backoffice.bulk import update_all
from billing.ledger import Posting, Side, post_all
from billing.models import STANDING, Account, Allocation, Entry, Invoice, OpenItem, Payment
from billing.models.invoices import ONE_DAY
from billing.services.payments import MONEY_ACCOUNTS, lock, spend


class Returned(NamedTuple):
    """The payment of which something went back, and whether that is new."""

    payment: Payment
    new: bool


@transaction.atomic
def return_payment(
    *,
    payment: Payment,
    key: str,
    on: date,
    at: datetime,
    minor: int | None = None,
    invoice: Invoice | None = None,
    sheet: str = "",
    because: Sequence[dict[str, Any]] = (),
) -> Returned:
    """Books that a payment goes back, all of it that is still here or only so much: a charge-back, a cheque that was
    returned, a direct debit that came back.

    What pays nothing yet goes first; then what it paid is undone, that of ``invoice`` before the newest, and is owed
    again. Contracts that owe it are past due where it was due before this day. ``key`` tells this return from every
    other; the same one again changes nothing.

    NotPossible for our own credit, for nothing or for more than is still here, and for a key of another payment's.
    """
    lock(payment.customer)
    found = Payment.objects.select_related("customer").get(pk=payment.pk)
    there = found.amount_minor - found.returned_minor
    wanted = there if minor is None else minor
    posting = Posting(
        key=f"return/{key}",
        kind=Entry.Kind.RETURN,
        on=on,
        text=f"{found} goes back",
        vendor=invoice.vendor if invoice else "",
        sheet=sheet,
        because=because,
        sides=(),
    )
    if known := Entry.objects.filter(key=posting.key).first():
        if known.text != posting.text:
            raise NotPossible(f"the key {key} stands for what went back of another payment")
        return Returned(found, new=False)
    if found.method == Payment.Method.CREDIT:
        raise NotPossible(f"{found} is our own credit, and nobody can take it back")
    if not 0 < wanted <= there:
        raise NotPossible(f"of {found} not so much is still here that could go back")
    undone = _undo(found, wanted - found.left_minor, invoice, on=on, at=at)
    found.left_minor -= wanted
    found.returned_minor += wanted
    found.save(update_fields=["left_minor", "returned_minor"])
    money = MONEY_ACCOUNTS[Payment.Method(found.method)]
    sides = (
        Side(Account.CREDIT, wanted, found.currency, found.customer_id),
        Side(money, -wanted, found.currency),
    )
    post_all([posting._replace(sides=sides)], at=at)
    if found.left_minor:
        spend(found.customer, found.currency, at=at, first=invoice)
        found.refresh_from_db(fields=["left_minor"])
    _overdue_again(undone, on=on, at=at)
    return Returned(found, new=True)


def _undo(payment: Payment, minor: int, first: Invoice | None, *, on: date, at: datetime) -> list[Allocation]:
    """Undoes what a payment paid until so much of it pays nothing; what is undone too much is spent again."""
    rows = Allocation.objects.filter(STANDING, payment=payment).select_related("invoice__subscription__customer")
    rows = rows.order_by("-id").select_for_update(of=("self",))
    undone: list[Allocation] = []
    for one in sorted(rows, key=lambda each: first is None or each.invoice_id != first.pk):
        if minor <= 0:
            break
        minor -= one.minor
        payment.left_minor += one.minor
        one.undone_on = on
        undone.append(one)
    update_all(undone, ["undone_on"])
    items = OpenItem.objects.select_for_update(of=("self",)).in_bulk([one.invoice_id for one in undone])
    for one in undone:
        item = items[one.invoice_id]
        item.principal_minor += one.principal_minor
        item.interest_minor += one.interest_minor
        item.costs_minor += one.costs_minor
        item.closed_on = None
    update_all(list(items.values()), ["principal_minor", "interest_minor", "costs_minor", "closed_on"])
    post_all([_posting(one, on) for one in undone], at=at)
    return undone


def _posting(allocation: Allocation, on: date) -> Posting:
    invoice, currency = allocation.invoice, allocation.payment.currency
    return Posting(
        key=f"allocation/{allocation.pk}/undone",
        kind=Entry.Kind.RETURN,
        on=on,
        text=f"{allocation.payment} no longer pays {invoice.number}",
        vendor=invoice.vendor,
        sheet=invoice.sheet,
        because=allocation.because,
        sides=(
            Side(Account.RECEIVABLE, allocation.minor, currency, invoice.customer_id, invoice.vendor, invoice.pk),
            Side(Account.CREDIT, -allocation.minor, currency, invoice.customer_id),
        ),
    )


def _overdue_again(undone: Iterable[Allocation], *, on: date, at: datetime) -> None:
    """Notes of running contracts that something is overdue again, since the day after it was due first."""
    invoices = [one.invoice_id for one in undone]
    items = OpenItem.objects.filter(pk__in=invoices, closed_on=None, due_on__lt=on, invoice__subscription__isnull=False)
    for item in items.select_related("invoice__subscription").order_by("due_on", "invoice_id"):
        contract = item.invoice.subscription
        if contract is not None and contract.state in RUNNING:
            note_overdue(subscription=contract, since=item.due_on + ONE_DAY, on=on, at=at)
