"""Real processes on one database: a day comes out the same however many run it, and wherever one is killed."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from backoffice import days
from backoffice.celery import app
from tests.backoffice.books import Books, empty_books, new_books
from tests.backoffice.crew import DAY, VENDORS
from tests.backoffice.full import SOME

# The books that the processes share are copies of the tests' own, which is made only where a test says that it is used.
pytestmark = pytest.mark.django_db

SUBSCRIPTIONS = 36
WORKERS = 16
Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def full(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Books]:
    """Books for which the day has something to do."""
    empty, full = (tmp_path_factory.mktemp(name) for name in ("empty", "full"))
    with django_db_blocker.unblock(), new_books(full, like=empty_books(empty)) as books:
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
    counts: Counter[str] = Counter()
    for run in rows["backoffice.Run"]:
        counts[run["job"]] += int(run["count"])
    assert [job for job in days.ORDER if not counts[job]] == []
    third = SUBSCRIPTIONS // 3
    assert counts["Seats that were given up leave"] == third
    # Two thirds, and a few whose own business lies elsewhere.
    assert counts["Renewals are invoiced"] == 2 * third + 2 * SOME
    periods = [one for one in rows["billing.Invoice"] if one["key"].startswith("period/")]
    assert len(periods) == counts["Renewals are invoiced"] + counts["First periods are invoiced"]
    ended = [one for one in rows["accounts.Subscription"] if one["ends_on"] == (DAY - timedelta(days=1)).isoformat()]
    assert {one["state"] for one in ended} == {"ended"}
    assert len(ended) == third + 2 * SOME


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
    written = [notice for notice in rows["accounts.Notice"] if notice["written_on"] == DAY.isoformat()]
    assert {notice["state"] for notice in written} == {"sent"}
    wanted = sorted(notice["message_id"] for notice in written)
    texts = "".join(file.read_text() for file in books.mailbox.iterdir())
    assert sorted(re.findall(r"^Message-ID: (\S+)$", texts, re.MULTILINE)) == wanted


# When a notice counts as received hangs on the clock, so the worker's shows DAY as those of the others do.
ON_DAY = (
    "import sys, time_machine; from celery.__main__ import main; from tests.backoffice.crew import NOON; "
    "time_machine.travel(NOON).start(); sys.argv[0] = 'celery'; main()"
)


@contextmanager
def worker(books: Books) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with two processes, in a group of its own so that all of it can be killed."""
    command = [sys.executable, "-c", ON_DAY, "-A", "backoffice", "worker", "-c", "2", "--without-gossip"]
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
    return app.send_task("backoffice.tasks.run_day", [VENDORS[0], DAY.isoformat()])


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
