"""What the staff's pages show of customers and their contracts: one module a noun, found by the pages by this name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from accounts.staff import (
    agreements,
    amendments,
    conduct,
    contracts,
    endings,
    identity,
    notices,
    privacy,
    tickets,
    vendors,
)
from accounts.staff.amendments import version_links
from accounts.staff.contracts import documents, live_contracts
from accounts.staff.made import Item
from backoffice.charts import Chart
from backoffice.pages.today import Entry

# The headings of the menu, in their order.
SECTIONS = (
    "Customers",
    "Identity",
    "Contracts",
    "Agreements",
    "Changes",
    "Ends",
    "Notices",
    "Support",
    "Conduct",
    "Vendors",
    "Privacy",
)

__all__ = ["SECTIONS", "by_day", "charts", "documents", "due", "live_contracts", "made", "stuck", "version_links"]


def made(vendor: str, day: date, limit: int) -> Iterator[tuple[str, int, list[Item]]]:
    """What a vendor's day made, each kind with its number and its first rows."""
    for noun in (notices, contracts, conduct, identity):
        yield from noun.made(vendor, day, limit)


def by_day(user: Any, first: date, last: date) -> Iterator[tuple[date, int]]:
    """How many of the same things fall due on each day."""
    yield from contracts.by_day(user, first, last)


def charts(user: Any, day: date) -> Iterator[Chart]:
    """Figures of the last twelve months, drawn."""
    yield from contracts.charts(user, day)


def due(user: Any, first: date, last: date) -> Iterator[Entry]:
    """What falls due between two days, both included, as far as this person may see it."""
    for noun in (contracts, tickets, conduct, endings, amendments, vendors, privacy, identity):
        yield from noun.due(user, first, last)


def stuck(user: Any) -> Iterator[Entry]:
    """What does not go on by itself."""
    for noun in (notices, tickets, conduct, endings, amendments, vendors, agreements, privacy, identity):
        yield from noun.stuck(user)
