"""Statements of account: what a customer was charged and has paid, and how its balance stood after each.

It is read from the ledger, so that it adds up to what the books hold: what the customer owes, less its credit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Sum

from backoffice.cells import plain_cell
from backoffice.terms.money import from_minor
from billing.models import Account, Leg

# The accounts that hold what is between a customer and us.
BETWEEN_US = (Account.RECEIVABLE, Account.CREDIT)
COLUMNS = ("date", "what", "currency", "charged", "paid", "balance")


class StatementLine(NamedTuple):
    """One entry as a customer reads it; ``moved`` and ``balance`` are in minor units, and owed where positive."""

    on: date
    text: str
    currency: str
    moved: int
    balance: int

    @property
    def charged(self) -> Decimal | None:
        return from_minor(self.moved, self.currency) if self.moved > 0 else None

    @property
    def paid(self) -> Decimal | None:
        """What was paid or credited."""
        return from_minor(-self.moved, self.currency) if self.moved < 0 else None

    @property
    def stands_at(self) -> Decimal:
        return from_minor(self.balance, self.currency)

    @property
    def stands(self) -> str:
        """The balance in words, without its sign."""
        if not self.balance:
            return "settled"
        return f"{abs(self.stands_at):,} {self.currency} {'owed' if self.balance > 0 else 'in credit'}"


class Statement(NamedTuple):
    """All lines in one currency, the oldest first."""

    currency: str
    lines: list[StatementLine]

    @property
    def last(self) -> StatementLine:
        return self.lines[-1]


def statements(customer_id: int) -> list[Statement]:
    """A customer's statement in each currency that it was charged or has paid in."""
    return [
        Statement(currency, list(lines)) for currency, lines in groupby(_lines(customer_id), attrgetter("currency"))
    ]


def _lines(customer_id: int) -> Iterator[StatementLine]:
    """Entries that change what is between us; one that only spends credit on an invoice does not."""
    legs = Leg.objects.filter(customer=customer_id, account__in=BETWEEN_US).order_by()
    rows = legs.values_list("currency", "entry__on", "entry_id", "entry__text").annotate(moved=Sum("minor"))
    of, balance = "", 0
    for currency, on, _, text, moved in rows.exclude(moved=0).order_by("currency", "entry__on", "entry_id"):
        balance = moved + (balance if currency == of else 0)
        of = currency
        yield StatementLine(on, text, currency, moved, balance)


def statement_file(customer_id: int) -> str:
    """The same as CSV; an amount owed is positive, and no text in it is taken for a formula."""
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in statements(customer_id):
        for line in one.lines:
            charged, paid = (amount if amount is not None else "" for amount in (line.charged, line.paid))
            rows.writerow([line.on, plain_cell(line.text), line.currency, charged, paid, line.stands_at])
    return out.getvalue()
