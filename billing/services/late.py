"""What late payment costs, counted day by day: what is charged is always what the rule answers for the last day.

Each count charges what the answer has more than before, so that no rounding adds up; where the answer has less, as
after a payment that had come days before it was recorded, the difference is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import structlog

from backoffice.bulk import update_all
from backoffice.terms.decision import Decision
from backoffice.terms.money import from_minor, to_minor
from backoffice.terms.question import QuestionError
from billing.ledger import Posting, Side, post_all
from billing.models import STANDING, Account, Allocation, Entry, OpenItem, RecoveryCost
from billing.models.invoices import ONE_DAY
from billing.policy.arrears import PaidLate, count_arrears
from billing.policy.late import Charges, Cost, LateFacts, decide_late_charges
from billing.services.grants import grant_credit
from billing.services.rates import Steps

log = structlog.get_logger(__name__)

INCIDENTS = (RecoveryCost.Kind.RETURNED_CHECK, RecoveryCost.Kind.INVESTIGATION)
COLUMNS = (
    "interest_minor", "costs_minor", "interest_charged_minor", "costs_charged_minor", "charges_count", "count_on",
    "rate_missing", "because", "closed_on",
)  # fmt: skip


class Charged(NamedTuple):
    """What late payment has cost by a day, in minor units, and what that rests on."""

    interest: int
    costs: int
    because: list[dict[str, Any]]


class History:
    """What was paid late of some invoices, and what recovering them has cost: two queries for all of them."""

    def __init__(self, items: Iterable[OpenItem]) -> None:
        keys = [item.pk for item in items]
        self._paid: dict[int, list[tuple[int, date]]] = defaultdict(list)
        self._costs: dict[int, list[RecoveryCost]] = defaultdict(list)
        paid = Allocation.objects.filter(STANDING, invoice__in=keys, principal_minor__gt=0).order_by("id")
        for invoice, minor, on in paid.values_list("invoice", "principal_minor", "on"):
            self._paid[invoice].append((minor, on))
        for cost in RecoveryCost.objects.filter(invoice__in=keys).order_by("on", "id"):
            self._costs[cost.invoice_id].append(cost)

    def paid_late(self, item: OpenItem) -> list[PaidLate]:
        currency = item.invoice.currency
        return [PaidLate(from_minor(minor, currency), on) for minor, on in self._paid[item.pk] if on > item.due_on]

    def costs(self, item: OpenItem) -> list[RecoveryCost]:
        return self._costs[item.pk]


def late_facts(item: OpenItem, as_of: date, history: History, steps: Steps) -> LateFacts:
    """What ``late.charges`` is asked of an invoice for the end of a day."""
    currency = item.invoice.currency
    # The rows know their kinds by name only.
    costs: Any = history.costs(item)
    return LateFacts.model_construct(
        principal=item.principal,
        currency=currency,
        due_on=item.due_on,
        as_of=as_of,
        incidents=tuple(cost.kind for cost in costs if cost.kind in INCIDENTS and cost.on <= as_of),
        costs=tuple(
            Cost.model_construct(kind=cost.kind, amount=from_minor(cost.amount_minor, currency), on=cost.on)
            for cost in costs
            if cost.kind not in (*INCIDENTS, RecoveryCost.Kind.HANDED_OVER)
        ),
        rates=steps.of(item.invoice.terms),
        collection_on=next((cost.on for cost in costs if cost.kind == RecoveryCost.Kind.HANDED_OVER), None),
    )


def ask_charges(item: OpenItem, as_of: date, history: History, steps: Steps) -> Charged | None:
    """What late payment of an invoice has cost by the end of a day; None where the contract charges nothing.
    QuestionError (``rate_missing``) as ``late.charges``."""
    currency = item.invoice.currency
    facts = late_facts(item, as_of, history, steps)
    counted = count_arrears(item.invoice.terms, facts, history.paid_late(item))
    if counted is None:
        return None
    arrears, decision = counted
    fees = sum(to_minor(fee.amount, currency) for fee in arrears.fees)
    return Charged(to_minor(arrears.interest, currency), fees, decision.because)


def explain_charges(item: OpenItem, as_of: date) -> Decision[Charges]:
    """The rule's answer for what is still unpaid of an invoice by the end of a day."""
    return decide_late_charges(item.invoice.terms, late_facts(item, as_of, History([item]), Steps()))


def count_late(items: Sequence[OpenItem], *, as_of: date, at: datetime) -> None:
    """Charges some invoices what their late payment has cost by the end of a day. Their rows are locked, and come with
    their invoices and contracts."""
    history, steps = History(items), Steps()
    postings = []
    for item in items:
        item.count_on, item.rate_missing = as_of + ONE_DAY, False
        try:
            charged = ask_charges(item, as_of, history, steps)
        except QuestionError as error:
            if error.code != "rate_missing":
                raise
            # Nobody else's day waits for a rate: staff see these invoices on their start page.
            item.rate_missing = True
            log.warning("rate_missing", invoice=item.pk, vendor=item.vendor)
            continue
        if charged is None:
            item.count_on = None
        elif posting := _charge(item, charged, as_of, at):
            postings.append(posting)
    update_all(items, COLUMNS)
    post_all(postings, at=at)


def charge_up_to(items: Iterable[OpenItem], on: date, *, at: datetime) -> None:
    """Charges what late payment has cost by the day on which money came, before it is spent."""
    due = [item for item in items if item.count_on is not None and item.count_on <= on]
    if due:
        count_late(due, as_of=on, at=at)


def charge_again(items: Iterable[OpenItem], *, at: datetime) -> None:
    """Counts the last counted day of some invoices again, since something that happened before it is known now."""
    by_day: dict[date, list[OpenItem]] = defaultdict(list)
    for item in items:
        if item.counted_on is not None:
            by_day[item.counted_on].append(item)
    for day, some in by_day.items():
        count_late(some, as_of=day, at=at)


def _charge(item: OpenItem, charged: Charged, as_of: date, at: datetime) -> Posting | None:
    """Moves an invoice's columns to a new answer, and says what that posts; None where nothing changes."""
    interest, costs = charged.interest - item.interest_charged_minor, charged.costs - item.costs_charged_minor
    if not interest and not costs:
        return None
    invoice = item.invoice
    item.charges_count += 1
    item.because = charged.because
    item.interest_charged_minor, item.costs_charged_minor = charged.interest, charged.costs
    # What is charged no longer was perhaps paid already, and is the customer's then.
    back = -min(item.interest_minor + interest, 0) - min(item.costs_minor + costs, 0)
    item.interest_minor = max(item.interest_minor + interest, 0)
    item.costs_minor = max(item.costs_minor + costs, 0)
    item.closed_on = None if item.owed_minor else (item.closed_on or as_of)
    key = f"late/{item.pk}/{item.charges_count}"
    if back:
        grant_credit(item.customer_id, key=key, minor=back, currency=invoice.currency, on=as_of, at=at)
    return Posting(
        key=key,
        kind=Entry.Kind.LATE_CHARGE,
        on=as_of,
        text=f"Late payment of {invoice.number}",
        vendor=item.vendor,
        sheet=invoice.sheet,
        because=charged.because,
        sides=(
            Side(Account.RECEIVABLE, interest + costs + back, invoice.currency, item.customer_id, item.vendor, item.pk),
            Side(Account.CREDIT, -back, invoice.currency, item.customer_id),
            Side(Account.LATE_CHARGES, -interest - costs, invoice.currency, None, item.vendor, item.pk),
        ),
    )
