"""The staff's lists and a reseller's pages over books of a million customers: how long a page takes.

Pages are asked in one process, warm, 40 times each. What counts is how long the process and its database work, so that
others on the machine do not; the clock on the wall is told beside it. The floor is the same page over the hundredth
part of the rows, which also asks as many queries. BENCH_ROWS changes the million.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests import servers
from tests.bench.day import ROWS, create, measured
from tests.bench.figures import Figure

MOST_MS = 80.0
# What is no list is told beside them: staff open it once, and a story is as long as it is.
NO_LISTS = ("today", "customer, story")


def figures() -> Iterator[Figure]:
    programs = servers.find_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    pages = []
    with servers.postgres(programs) as address:
        server = address.rpartition("/")[0]
        for rows in (ROWS // 100, ROWS):
            create(server, f"rows{rows}")
            measured(f"{server}/rows{rows}", "year", rows)
            pages.append(measured(f"{server}/rows{rows}", "lists", rows))
    few, many = pages
    for name, page in many.items():
        told = f"{name}, p95 ({page['wall']:.0f} on the wall)"
        yield Figure(told, page["work"], "ms", floor=few[name]["work"], most=None if name in NO_LISTS else MOST_MS)
    for name, page in many.items():
        asked = few[name]["queries"]
        if page["queries"] != asked:
            yield Figure(f"{name}, queries", page["queries"], "", floor=asked, most=asked)
    yield Figure(
        "pages that ask as often for a million as for few",
        sum(few[n]["queries"] == p["queries"] for n, p in many.items()),
        "",
        least=len(many),
    )
