"""The staff's lists over a million customers and as many subscriptions: how long a page takes.

Pages are asked in one process, warm, as the figures of the floor were taken: that floor is the same page over the
hundredth part of the rows. BENCH_ROWS changes the million.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests import servers
from tests.bench.day import ROWS, create, measured
from tests.bench.figures import Figure

MOST_MS, MOST_GROWTH = 80.0, 1.3


def figures() -> Iterator[Figure]:
    programs = servers.find_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    pages: dict[int, dict[str, float]] = {}
    with servers.postgres(programs) as address:
        server = address.rpartition("/")[0]
        for rows in (ROWS // 100, ROWS):
            create(server, f"rows{rows}")
            measured(f"{server}/rows{rows}", "seed", rows)
            pages[rows] = measured(f"{server}/rows{rows}", "lists", rows)
    few, many = pages.values()
    for name, milliseconds in many.items():
        yield Figure(f"list: {name}, p95", milliseconds, "ms", floor=few[name], most=MOST_MS)
