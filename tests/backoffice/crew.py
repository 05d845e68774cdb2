"""Several real processes at work on one database: `python -m tests.backoffice.crew <order> …`.

    fill COUNT      so many subscriptions with renewals and ends on DAY, and a few rows for every other job
    day WORKERS     all of them run DAY at the same moment
    deliver WORKERS all of them send what is in the outbox at the same moment
    kill QUERY      one runs DAY and is killed before its QUERY-th query; then another runs it
    count           how many queries an undisturbed process needs for DAY
    begun           until some other process has begun DAY
    wait            until some other process has finished the first vendor's DAY; then those of the others are run

Each ends by printing what it found as JSON. Only processes started here are killed, each by itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import django

# Whose days are run; between them their contracts know what nearly every job is about.
VENDORS = ("secureflag", "cryptopass", "securepacket", "ethicmail")
DAY = date(2027, 2, 21)
NOON = datetime(2027, 2, 21, 12, tzinfo=UTC)
# Small, so that few rows make many transactions and every kill hits another one.
CHUNK = 10
PATIENCE_SECONDS = 60
LOOK_EVERY_SECONDS = 0.05


def work(vendors: Sequence[str] = VENDORS) -> None:
    """Runs DAY of one vendor after the other, each until it is done, be it by others."""
    for vendor in vendors:
        wait_until(partial(finished, vendor), partial(run, vendor))


def run(vendor: str) -> None:
    from backoffice import days

    days.run_day(vendor, DAY, at=NOON)


def finished(vendor: str) -> bool:
    from backoffice.models import Run

    runs = Run.objects.filter(vendor=vendor, day=DAY)
    return runs.exists() and not runs.exclude(state=Run.State.DONE).exists()


def begun() -> bool:
    from backoffice.models import Run

    return Run.objects.exclude(state=Run.State.WAITING).exists()


def wait_until(happened: Callable[[], bool], look: Callable[[], None] = lambda: None) -> None:
    """Looks again and again, doing ``look`` before each time, until it has happened; TimeoutError after a minute."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
        look()
        if happened():
            return
        pause.wait(LOOK_EVERY_SECONDS)
    raise TimeoutError("the day was not finished in time")


def fork(task: Callable[[], None]) -> int:
    """Runs a task in a child process and returns its id; the child's exit status says how the task went."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        task()
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(status)


def deliver() -> None:
    from backoffice import outbox

    outbox.deliver(at=NOON)


def at_once(workers: int, task: Callable[[], None] = work) -> None:
    """All workers start when the last of them is ready: they read from a pipe that then closes."""
    ready, start = os.pipe()

    def one() -> None:
        os.close(start)
        os.read(ready, 1)
        task()

    children = [fork(one) for _ in range(workers)]
    os.close(start)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(statuses):
        raise SystemExit(f"workers ended with {statuses}")


def killed_at(query: int) -> None:
    """One worker dies before a query of its own; this process then does the day as the next worker would."""

    def until_then() -> None:
        from django.db import connection

        counter = Counter(query)
        with connection.execute_wrapper(counter):
            work()

    ended = os.waitstatus_to_exitcode(os.waitpid(fork(until_then), 0)[1])
    if ended != -signal.SIGKILL:
        raise SystemExit(f"the worker was to be killed at query {query} but ended with {ended}")
    # A server may need a moment to see that its client is gone, and until then holds the rows: they are waited for.
    work()


class Counter:
    """Counts queries, and ends the process for good before a given one."""

    def __init__(self, fatal: int | None = None) -> None:
        self.count, self.fatal = 0, fatal

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def finish_after_others() -> None:
    first, *others = VENDORS
    wait_until(partial(finished, first))
    work(others)


def counted() -> int:
    from django.db import connection

    counter = Counter()
    with connection.execute_wrapper(counter):
        work()
    return counter.count


def main() -> None:
    order, arguments = sys.argv[1], [int(argument) for argument in sys.argv[2:]]
    django.setup()
    from backoffice import days
    from tests.backoffice.full import fill
    from tests.backoffice.rows import all_rows

    days.CHUNK = CHUNK
    orders: dict[str, Callable[..., Any]] = {
        "fill": fill,
        "day": at_once,
        "deliver": lambda workers: at_once(workers, deliver),
        "kill": killed_at,
        "count": counted,
        "wait": finish_after_others,
        "begun": lambda: wait_until(begun),
    }
    answer = orders[order](*arguments)
    print(json.dumps(all_rows() if answer is None else answer))


if __name__ == "__main__":
    main()
