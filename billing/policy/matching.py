"""Whose money a line of a bank statement is: booked by itself only where words and amount leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class Named(NamedTuple):
    """An invoice that the payer named, and what is still owed on it, in minor units."""

    customer_id: int
    currency: str
    owed_minor: int


def numbers_in(text: str, prefix: str) -> list[int]:
    """The numbers of documents that stand in a payer's words, each once, however they are spelt: ``INV-000012``,
    ``inv 12``, ``Inv.No. 12``."""
    between = r"[\s\-./:#]*"
    form = rf"(?<![A-Z0-9]){prefix}(?:OICE)?{between}(?:N[OR])?{between}([0-9]{{1,12}})(?![0-9])"
    found = re.findall(form, text.upper(), re.ASCII)
    return list(dict.fromkeys(map(int, found)))


def payer(minor: int, currency: str, named: Sequence[Named]) -> int | None:
    """The customer whose invoices were named and who owes just this much on them; None where a person has to look."""
    customers = {one.customer_id for one in named}
    if len(customers) != 1 or any(one.currency != currency for one in named):
        return None
    return customers.pop() if sum(one.owed_minor for one in named) == minor else None
