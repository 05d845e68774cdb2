"""Whether the books are right: what each app's ``checks`` module says must hold, asked of the database as it stands.

A check only reads. It yields a sentence for each thing that is not as it has to be: the row by its number, and what is
wrong with it, without a name, an address or anything else of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction

from backoffice import discovery

# So many of what one check finds are told word for word; of the rest only their number.
TOLD = 20

Look = Callable[[datetime], Iterator[str]]
L = TypeVar("L", bound=Look)


class Check(NamedTuple):
    """Something that must hold, and the look that yields where it does not."""

    name: str
    look: Look


class Verdict(NamedTuple):
    """What a check found: the first sentences, and how many there are in all."""

    name: str
    told: list[str]
    wrong: int


_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[L], L]:
    """Registers ``look(at)`` under the sentence that it proves, such as ``Every entry balances``."""

    def register(look: L) -> L:
        if name in _checks:
            raise ValueError(f"two checks are named {name}")
        _checks[name] = Check(name, look)
        return look

    return register


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order of the apps."""
    for _ in discovery.modules("checks"):
        pass
    return tuple(_checks.values())


def verify(*, at: datetime, names: tuple[str, ...] = ()) -> Iterator[Verdict]:
    """Asks all checks, or those of these names, one after the other; KeyError for a name that there is not."""
    known = {one.name: one for one in checks()}
    for one in [known[name] for name in names] or checks():
        with one_state():
            differences = one.look(at)
            told = list(islice(differences, TOLD))
            wrong = len(told) + sum(1 for _ in differences)
        yield Verdict(one.name, told, wrong)


@contextmanager
def one_state() -> Iterator[None]:
    """Lets all queries see the books as they are at one moment, and keeps nobody from writing meanwhile.

    Within a transaction that has begun already, that one's own state is seen.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with _only_reading(), transaction.atomic():
            yield


@contextmanager
def _only_reading() -> Iterator[None]:
    """Begins transactions of SQLite without its lock for writers, which our settings otherwise take at once."""
    sqlite: Any = connection
    # Connecting sets the mode anew, so it has to be over by now.
    sqlite.ensure_connection()
    mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = mode
