"""The job that tells customers of renewals, over a million subscriptions that are all due on one day.

The floor is one SQL statement that writes the same rows (the letters word for word, the events of the outbox, the mark
on each period) on a copy of the same database. Each runs in a process of its own, and what counts is how long it and
its database work, so that others on the machine do not. BENCH_ROWS changes the million.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests import servers
from tests.bench.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
MOST_TIMES, MOST_MIB = 5.0, 300.0


def figures() -> Iterator[Figure]:
    programs = servers.find_postgres()
    if programs is None:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    with servers.postgres(programs) as address:
        server = address.rpartition("/")[0]
        create(server, "seed")
        measured(f"{server}/seed", "seed", ROWS)
        for name in ("floor", "job"):
            create(server, f"{name} TEMPLATE seed")
        floor = measured(f"{server}/floor", "floor", ROWS)
        job = measured(f"{server}/job", "job", ROWS)
    rate, best = ROWS / job["seconds"], ROWS / floor["seconds"]
    told = f"renewal notices ({job['wall']:,.0f} s on the wall, floor {floor['wall']:,.0f})"
    yield Figure(told, rate, "letters/s", floor=best, least=best / MOST_TIMES)
    yield Figure(f"renewal notices, peak memory of {ROWS:,}", job["mib"], "MiB", most=MOST_MIB)


def create(server: str, database: LiteralString) -> None:
    """A database of this name on a server."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")


def measured(address: str, order: str, rows: int) -> dict[str, Any]:
    """What a process of tests.bench.worker measured with this database."""
    secrets = {"SECRET_KEY": "b" * 50, "SEALING_KEY": "b" * 50, "INSECURE_HTTP": "true"}
    known = {"DJANGO_SETTINGS_MODULE": "backoffice.settings", "DATABASE_URL": address, "ENV_FILE": ""}
    environment = os.environ | known | secrets
    command = [sys.executable, "-m", "tests.bench.worker", order, str(rows)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
