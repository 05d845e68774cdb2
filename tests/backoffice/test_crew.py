"""Real processes on one database: a day comes out the same however many run it, and wherever one is killed."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backoffice.celery import app
from tests.backoffice.books import Books, new_books
from tests.backoffice.crew import DAY, VENDOR

pytestmark = pytest.mark.database

SUBSCRIPTIONS = 60
WORKERS = 16
Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Books for which the day has something to do."""
    with new_books(tmp_path_factory.mktemp("full")) as books:
        books.crew("fill", SUBSCRIPTIONS)
        yield books


@pytest.fixture(scope="module")
def undisturbed(full: Books, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, int]:
    """The rows after one process ran the day alone, and how many queries that took."""
    with new_books(tmp_path_factory.mktemp("undisturbed"), like=full) as books:
        queries = books.crew("count")
        return books.crew("day", 1), queries


@pytest.fixture
def books(full: Books, tmp_path: Path) -> Iterator[Books]:
    with new_books(tmp_path, like=full) as books:
        yield books


def test_the_day_has_something_to_do_in_each_job(undisturbed: tuple[Rows, int]) -> None:
    rows, _ = undisturbed
    assert {run["state"] for run in rows["backoffice.Run"]} == {"done"}
    counts = {run["job"]: run["count"] for run in rows["backoffice.Run"]}
    assert counts == counts | {
        "Customers are told of renewals": "40",
        "Renewals are invoiced": "40",
        "Terms renew or end": "40",
        "Seats that were given up leave": "20",
    }
    # Forty renewals told of, forty invoiced, and twenty ends.
    assert [len(rows[table]) for table in ("accounts.Notice", "billing.Invoice", "backoffice.Event")] == [100, 40, 100]
    assert sum(one["state"] == "ended" for one in rows["accounts.Subscription"]) == 20


def test_sixteen_processes_at_once_leave_the_same_rows(books: Books, undisturbed: tuple[Rows, int]) -> None:
    assert books.crew("day", WORKERS) == undisturbed[0]


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_process_is_finished_by_another(books: Books, undisturbed: tuple[Rows, int], seed: int) -> None:
    rows, queries = undisturbed
    assert books.crew("kill", random.Random(seed).randrange(2, queries)) == rows


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5, 105))
def test_a_hundred_more_kills_change_nothing(books: Books, undisturbed: tuple[Rows, int], seed: int) -> None:
    rows, queries = undisturbed
    assert books.crew("kill", random.Random(seed).randrange(2, queries)) == rows


def test_eight_senders_at_once_send_each_letter_once(books: Books, undisturbed: tuple[Rows, int]) -> None:
    books.crew("day", 1)
    rows = books.crew("deliver", 8)
    assert {notice["state"] for notice in rows["accounts.Notice"]} == {"sent"}
    wanted = sorted(notice["message_id"] for notice in rows["accounts.Notice"])
    texts = "".join(file.read_text() for file in books.mailbox.iterdir())
    assert sorted(re.findall(r"^Message-ID: (\S+)$", texts, re.MULTILINE)) == wanted


@contextmanager
def worker(books: Books) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with two processes, in a group of its own so that all of it can be killed."""
    command = [sys.executable, "-m", "celery", "-A", "backoffice", "worker", "-c", "2", "--without-gossip"]
    started = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=books.environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def hint() -> Any:
    return app.send_task("backoffice.tasks.run_day", [VENDOR, DAY.isoformat()])


@pytest.mark.servers
def test_a_celery_worker_does_the_day(broker: str, books: Books, undisturbed: tuple[Rows, int]) -> None:
    hint()
    hint()
    with worker(books):
        assert books.crew("wait") == undisturbed[0]


@pytest.mark.servers
def test_a_killed_celery_worker_is_replaced(broker: str, books: Books, undisturbed: tuple[Rows, int]) -> None:
    hint()
    with worker(books) as first:
        books.crew("begun")
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    hint()
    with worker(books):
        assert books.crew("wait") == undisturbed[0]
