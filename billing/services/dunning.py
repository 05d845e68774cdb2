"""How who does not pay is reminded: a warning in writing where the contract wants one before it may be ended, the steps
that follow, and what a customer has to pay to be served again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Breach, Subscription
from accounts.services import tell_breach
from backoffice.terms.book import book
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words
from billing.models import OPEN, OpenItem
from billing.policy.dunning import Rung, Unpaid, ladder, warns
from billing.services.overdue import nothing_paid


def last_to_warn(day: date) -> date:
    """Who is overdue since this day or before is warned by a day."""
    return day - timedelta(days=settings.WARN_UNPAID_AFTER_DAYS)


def to_warn() -> QuerySet[Subscription]:
    """Contracts that are overdue, whose terms want a warning, and whose customer was not warned since."""
    wanting = [sheet.id for vendor in book().vendors() for sheet in book().versions(vendor) if warns(sheet)]
    unsettled = Q(state__in=[Breach.State.OPEN, Breach.State.DUE])
    warned = Breach.objects.filter(
        unsettled | Q(noticed_on__gte=OuterRef("overdue_since")),
        subscription=OuterRef("pk"),
        kind=Breach.Kind.PAYMENT,
        by=Breach.By.CUSTOMER,
    )
    owes = OpenItem.objects.filter(OPEN, invoice__subscription=OuterRef("pk"), due_on__lt=OuterRef("overdue_since"))
    rows = Subscription.objects.running().filter(~Exists(warned), Exists(owes), overdue_since__isnull=False)
    return rows.filter(sheet__in=wanting)


@transaction.atomic
def warn_unpaid(vendor: str, day: date, count: int, *, at: datetime) -> int:
    """Warns some customers who have not paid for long, and begins the time in which they still can; returns how many
    contracts it was."""
    due = to_warn().filter(vendor=vendor, overdue_since__lte=last_to_warn(day)).order_by("overdue_since", "id")
    contracts = list(due.select_for_update(of=("self",), skip_locked=True)[:count])
    bills: dict[int, list[str]] = {one.pk: [] for one in contracts}
    items = OpenItem.objects.filter(OPEN, due_on__lt=day, invoice__subscription__in=contracts)
    for item in items.select_related("invoice").order_by("due_on", "invoice_id"):
        invoice = item.invoice
        owed = f"{invoice.number}: {item.owed} {invoice.currency}, due on {day_words(item.due_on)}"
        bills[invoice.subscription_id or 0].append(owed)
    for one in contracts:
        detail = "\n".join(["These bills are not paid:", *bills[one.pk]])
        tell_breach(subscription=one, kind="payment", detail=detail, on=day, at=at)
    return len(contracts)


def steps_of(item: OpenItem, day: date) -> tuple[Rung, ...]:
    """What follows while an invoice stays unpaid, as it stands on a day: a warning that was sent counts from when it
    was received."""
    invoice = item.invoice
    contract = invoice.subscription
    warning = contract.breaches.filter(_payment(item)).order_by("-id").first() if contract is not None else None
    planned = item.due_on + timedelta(days=1 + settings.WARN_UNPAID_AFTER_DAYS)
    warned_on = warning.received_on if warning is not None else max(planned, day)
    void_on = item.void_on if item.void_on is not None and nothing_paid(item) else None
    return ladder(invoice.terms, Unpaid(item.due_on, warned_on, void_on, invoice.because))


def _payment(item: OpenItem) -> Q:
    return Q(kind=Breach.Kind.PAYMENT, by=Breach.By.CUSTOMER, noticed_on__gt=item.due_on)


class Owed(NamedTuple):
    """One line of a quote; an amount in minor units."""

    words: str
    minor: int


class Quote(NamedTuple):
    """What a customer has to pay for a contract that is past due to be served again, line by line."""

    lines: Sequence[Owed]
    currency: str
    because: list[dict[str, Any]]

    @property
    def total_minor(self) -> int:
        return sum(line.minor for line in self.lines)

    @property
    def told(self) -> list[str]:
        """The lines and their sum in words."""
        lines = [f"{line.words}: {from_minor(line.minor, self.currency)} {self.currency}" for line in self.lines]
        return [*lines, f"Together: {from_minor(self.total_minor, self.currency)} {self.currency}"]


def quote_reinstatement(subscription: Subscription, on: date) -> Quote:
    """What is owed of a contract that was due before a day: the fees, and what their lateness has cost so far."""
    items = OpenItem.objects.filter(OPEN, invoice__subscription=subscription, due_on__lt=on)
    lines: list[Owed] = []
    because: list[dict[str, Any]] = []
    for item in items.select_related("invoice").order_by("due_on", "invoice_id"):
        parts = (
            (f"fees, due on {day_words(item.due_on)}", item.principal_minor),
            ("interest", item.interest_minor),
            ("other costs of paying late", item.costs_minor),
        )
        lines += [Owed(f"{item.invoice.number}, {words}", minor) for words, minor in parts if minor]
        because += [clause for clause in item.because if clause not in because]
    return Quote(lines, subscription.terms.currency.value, because)
