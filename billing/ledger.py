"""Posts to the ledger and reads balances from it; nothing else writes an entry or a leg.

An entry and its legs are written together or not at all, and once for each key: who posts the same thing again changes
nothing. The database refuses an entry whose legs do not add up, a leg for an entry that was there before, and every
change of either (``migrations/0003_ledger_balances.py``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, Sum

from backoffice.terms.money import from_minor
from billing.models import Account, Entry, Leg


class Unbalanced(ValueError):
    """A posting whose legs do not add up to nothing in each currency."""


class Side(NamedTuple):
    """One leg before it is written: a debit is positive, a credit negative, in minor units."""

    account: Account
    minor: int
    currency: str
    customer_id: int | None = None
    vendor: str = ""
    invoice_id: int | None = None


class Posting(NamedTuple):
    """One entry before it is written; ``key`` is what made it due, and is posted once."""

    key: str
    kind: Entry.Kind
    on: date
    text: str
    sides: Sequence[Side]
    vendor: str = ""
    sheet: str = ""
    because: Sequence[Mapping[str, Any]] = ()


def post(posting: Posting, *, at: datetime) -> bool:
    """Writes one entry with its legs; False where its key was posted before. Unbalanced where it does not add up."""
    return bool(post_all([posting], at=at))


def post_all(postings: Sequence[Posting], *, at: datetime) -> set[str]:
    """Writes entries with their legs, and returns the keys of those that were not there before.

    Sides of nothing are left out, and so is a posting that has no others. Unbalanced, and nothing written, where one
    does not add up.
    """
    due = [one._replace(sides=sides) for one in postings if (sides := [side for side in one.sides if side.minor])]
    for one in due:
        _balanced(one)
    if not due:
        return set()
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic():
        if connection.vendor == "postgresql":
            return _post_postgresql(connection, due, at)
        return _post_elsewhere(connection, due, at)


def _balanced(posting: Posting) -> None:
    sums: dict[str, int] = defaultdict(int)
    for side in posting.sides:
        sums[side.currency] += side.minor
    if any(sums.values()):
        raise Unbalanced(f"the legs of {posting.key} do not add up to nothing")


ENTRY = ("key", "kind", "on", "text", "vendor", "sheet", "because", "sides", "created_at")
LEG = ("entry_id", "account", "currency", "minor", "customer_id", "vendor", "invoice_id")
# Names of our own tables and columns.
_columns = ", ".join(f'"{name}"' for name in ENTRY)
_leg_columns = ", ".join(f'"{name}"' for name in LEG)


def _entry_values(one: Posting, at: Any) -> tuple[Any, ...]:
    return (
        one.key,
        str(one.kind),
        one.on,
        one.text,
        one.vendor,
        one.sheet,
        json.dumps(list(one.because)),
        len(one.sides),
        at,
    )


def _leg_values(entry_id: int, side: Side) -> tuple[Any, ...]:
    return (entry_id, str(side.account), side.currency, side.minor, side.customer_id, side.vendor, side.invoice_id)


def _post_postgresql(connection: BaseDatabaseWrapper, postings: Sequence[Posting], at: datetime) -> set[str]:
    """Entries in one statement, of which those that are there already come back without a number; then their legs."""
    types = ("text", "text", "date", "text", "text", "text", "jsonb", "int")
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    columns = list(zip(*(_entry_values(one, at)[:-1] for one in postings), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO billing_entry ({_columns}) SELECT new.*, %s::timestamptz FROM unnest({arrays}) AS new "  # noqa: S608
            "ON CONFLICT (key) DO NOTHING RETURNING key, id",
            [at, *(list(column) for column in columns)],
        )
        written = dict(cursor.fetchall())
        rows = [_leg_values(written[one.key], side) for one in postings if one.key in written for side in one.sides]
        if len(rows) <= FEW_LEGS:
            marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))
            if rows:
                cursor.execute(
                    f"INSERT INTO billing_leg ({_leg_columns}) VALUES {marks}",  # noqa: S608
                    [value for row in rows for value in row],
                )
        else:
            with cursor.copy(f"COPY billing_leg ({_leg_columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    return set(written)


# Fewer than this are written faster by one statement than by COPY.
FEW_LEGS = 40


def _post_elsewhere(connection: BaseDatabaseWrapper, postings: Sequence[Posting], at: datetime) -> set[str]:
    """Legs before their entry, whose own trigger then adds them up. The transaction has the database to itself."""
    adapt = connection.ops.adapt_datetimefield_value
    known = set(Entry.objects.filter(key__in=[one.key for one in postings]).values_list("key", flat=True))
    new = {one.key: one for one in postings if one.key not in known}
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM billing_entry")
        first = cursor.fetchone()[0] + 1
        legs = [_leg_values(number, side) for number, one in enumerate(new.values(), first) for side in one.sides]
        marks = ", ".join(["%s"] * len(LEG))
        cursor.executemany(f"INSERT INTO billing_leg ({_leg_columns}) VALUES ({marks})", legs)  # noqa: S608
        marks = ", ".join(["%s"] * (len(ENTRY) + 1))
        entries = [(number, *_entry_values(one, adapt(at))) for number, one in enumerate(new.values(), first)]
        cursor.executemany(f"INSERT INTO billing_entry (id, {_columns}) VALUES ({marks})", entries)  # noqa: S608
    return set(new)


class Balance(NamedTuple):
    """What an account holds in one currency; a debit balance is positive."""

    account: str
    currency: str
    minor: int

    @property
    def amount(self) -> Decimal:
        return from_minor(self.minor, self.currency)


def balances(where: Q | None = None) -> list[Balance]:
    """The balance of each account in each currency, over all legs or those that a condition chooses."""
    legs = Leg.objects.filter(where) if where is not None else Leg.objects.all()
    sums = legs.order_by().values_list("account", "currency").annotate(Sum("minor")).order_by("account", "currency")
    return [Balance(*row) for row in sums]


def owed_on(invoices: Iterable[int]) -> dict[int, int]:
    """What is still owed on invoices, by their keys, in minor units: what their legs of the receivables add up to."""
    legs = Leg.objects.filter(invoice__in=list(invoices), account=Account.RECEIVABLE)
    return dict(legs.order_by().values_list("invoice").annotate(Sum("minor")))


def credit_of(customer_id: int, currency: str) -> int:
    """What a customer has paid that pays nothing yet, in minor units."""
    legs = Leg.objects.filter(customer=customer_id, account=Account.CREDIT, currency=currency)
    return -(legs.aggregate(Sum("minor"))["minor__sum"] or 0)
