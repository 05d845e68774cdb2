"""Clocks shorter than a day: what the apps' ``jobs`` modules want looked at every minute.

Such a clock is a row with the moment at which something is due. A look does one chunk of rows in one transaction and
moves each row on, so any number of processes may look at once, and looking twice finds nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TypeVar

import structlog
from django.db import transaction

from backoffice import discovery

log = structlog.get_logger(__name__)

# Rows of one look.
CHUNK = 500

Look = Callable[[datetime], int]
L = TypeVar("L", bound=Look)

_looks: dict[str, Look] = {}


def clock(name: str) -> Callable[[L], L]:
    """Registers ``look(at)``, which does one chunk inside a transaction that it is given and returns how many rows it
    did; 0 when nothing is due that it can claim."""

    def register(look: L) -> L:
        if name in _looks:
            raise ValueError(f"two clocks are named {name}")
        _looks[name] = look
        return look

    return register


@cache
def looks() -> dict[str, Look]:
    """All clocks by name."""
    for _ in discovery.modules("jobs"):
        pass
    return dict(sorted(_looks.items()))


def poll(*, at: datetime) -> dict[str, int]:
    """Does whatever is due at a moment and returns how many rows each clock did.

    A clock that fails does not stop the others; ExceptionGroup at the end tells of each that did.
    """
    done: dict[str, int] = {}
    failed: list[Exception] = []
    for name, look in looks().items():
        try:
            done[name] = _work_off(look, at)
        except Exception as error:
            log.exception("clock_failed", clock=name)
            failed.append(error)
    if failed:
        raise ExceptionGroup("some clocks could not be looked at", failed)
    return done


def _work_off(look: Look, at: datetime) -> int:
    total = 0
    while True:
        with transaction.atomic(durable=True):
            count = look(at)
        if not count:
            return total
        total += count
