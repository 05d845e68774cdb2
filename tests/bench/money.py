"""The day's invoices of renewals, and postings to the ledger, over a tenth of a million contracts and over a million.

Each floor writes what belongs to the same invoices and entries by the database alone (``floors_money``), in the same
run; what counts is how long the process and its database work, so that others on the machine do not. BENCH_ROWS changes
the million.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests import servers
from tests.bench.day import MOST_MIB, MOST_TIMES, ROWS, create, measured
from tests.bench.figures import Figure

MOST_SECONDS, MOST_GROWTH = 5.0, 12.0
LEAST = {"one by one": 1_200.0, "in bulk": 12_000.0}


def figures() -> Iterator[Figure]:
    programs = servers.find_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    found = []
    with servers.postgres(programs) as address:
        server = address.rpartition("/")[0]
        for rows in (ROWS // 10, ROWS):
            create(server, f"money{rows}")
            found.append(measured(f"{server}/money{rows}", "money", rows))
    few, many = found
    renewed = many["renewals"]
    told = f"invoices of renewals among {ROWS:,} ({renewed['wall']:.1f} s on the wall)"
    yield Figure(told, renewed["rate"], "invoices/s", floor=renewed["floor"], least=renewed["floor"] / MOST_TIMES)
    yield Figure("invoices of renewals, all of them", renewed["seconds"], "s", most=MOST_SECONDS)
    growth = renewed["seconds"] / few["renewals"]["seconds"]
    yield Figure("invoices of renewals, growth for ten times as many", growth, "times", most=MOST_GROWTH)
    yield Figure("invoices of renewals, peak memory", many["mib"], "MiB", most=MOST_MIB)
    for name, least in LEAST.items():
        posted = many[name]
        told = f"entries of 4 legs, {name} ({posted['wall']:.1f} s on the wall)"
        yield Figure(told, posted["rate"], "entries/s", floor=posted["floor"], least=least)
