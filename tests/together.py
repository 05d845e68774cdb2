"""Things done at the same moment, each on a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Made = TypeVar("Made")


def all_at_once(tasks: Sequence[Callable[[], Made]]) -> list[Made]:
    """What the tasks give, in their order; they start when the last of them is ready."""
    ready = Barrier(len(tasks))

    def one(task: Callable[[], Made]) -> Made:
        try:
            ready.wait()
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(one, tasks))
