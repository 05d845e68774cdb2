"""A measured figure, its floor and its goal."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """What was measured: ``value`` and ``floor`` in ``unit``, of which more is better unless ``most`` is the goal."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def reached(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def __str__(self) -> str:
        parts = [f"{self.name:44}", f"{self.value:>14,.1f} {self.unit}"]
        if self.floor is not None:
            parts.append(f"{self.value / self.floor:.3f} of the floor's {self.floor:,.1f}")
        if self.least is not None:
            parts.append(f"goal at least {self.least:,.1f}")
        if self.most is not None:
            parts.append(f"goal at most {self.most:,.1f}")
        return "  ".join(parts) + ("" if self.reached else "  MISSED")


def rates(*works: Callable[[], int], seconds: float = 0.6) -> list[float]:
    """Median units a second of each work, taken in turn so that a slow moment of the machine meets all of them."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, rate in zip(works, found, strict=True):
            done, started = 0, perf_counter()
            while (passed := perf_counter() - started) < seconds:
                done += work()
            rate.append(done / passed)
    return [statistics.median(rate) for rate in found]


def worked(backend: int) -> float:
    """Seconds for which this process and its database, by the number of the server's process, have worked; others on
    the machine do not count.

    Where the kernel does not tell how long the database has, it is the clock on the wall.
    """
    told = Path(f"/proc/{backend}/schedstat")
    if not told.exists():
        return perf_counter()
    return process_time() + int(told.read_text().split()[0]) / 1e9
