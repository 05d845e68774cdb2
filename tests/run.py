"""Run the tests: everything on SQLite, then what touches a database once more on PostgreSQL with Redis.

    python -m tests.run                       both passes, and the coverage of the rules
    python -m tests.run --sqlite tests/terms  only the first pass, only these tests
    python -m tests.run --long                with the tests marked `long`, more examples and a fresh seed

Whatever else is on the line goes to pytest. TEST_DATABASE_URL and TEST_REDIS_URL name servers to use; otherwise
private ones are started and removed. Exit status 0 means that every pass that could run passed; where CI is set,
a missing program is a failure.
"""

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = max(2, os.cpu_count() or 2)
# What pytest gets to leave its workers and reports in order after Ctrl-C.
FAREWELL_SECONDS = 30


@dataclass
class Missing:
    """A program that some tests need and that is not here."""

    name: str
    package: str
    loss: str


@dataclass
class Pass:
    """One run of pytest and how it went."""

    name: str
    status: int
    seconds: float
    counts: dict[str, int]


@dataclass
class Plan:
    """What was asked for, and what came of it."""

    long: bool
    arguments: list[str]
    folder: Path
    passes: list[Pass] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Only a run of all tests can say whether each branch of the rules was reached."""
        return not self.arguments


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.run", description="Run the tests on both databases.")
    parser.add_argument("--long", action="store_true", help="also the tests marked long, with many more examples")
    parser.add_argument("--sqlite", action="store_true", help="only the first pass, which needs no database server")
    parser.add_argument("--postgresql", action="store_true", help="only the second pass")
    chosen, arguments = parser.parse_known_args()
    # Being told to end is like Ctrl-C, also where the shell ignores that one: the private servers go with us.
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="backoffice-tests-") as name, contextlib.ExitStack() as started:
        plan = Plan(chosen.long, arguments, Path(name))
        try:
            run_passes(plan, started, first=not chosen.postgresql, second=not chosen.sqlite)
        except KeyboardInterrupt:
            print("\nInterrupted.", file=sys.stderr)
            return 130
    return report(plan)


def run_passes(plan: Plan, started: contextlib.ExitStack, *, first: bool, second: bool) -> None:
    """Run the passes asked for, with the servers they need; `started` ends those servers."""
    environment = environment_of_tests(plan)
    redis_url = os.environ.get("TEST_REDIS_URL") or start_redis(plan, started)
    if redis_url:
        environment["TEST_REDIS_URL"] = redis_url
    if not servers.find_chromium():
        plan.missing.append(Missing("Chromium", "chromium", "the tests of the pages in a browser did not run"))
    if not servers.find_ledger():
        plan.missing.append(Missing("ledger", "ledger", "no other program added up the journal of the books"))
    unwanted = [] if plan.long else ["long"]
    unwanted += [] if redis_url else ["servers"]
    unwanted += [] if servers.find_chromium() else ["browser"]
    unwanted += [] if servers.find_ledger() else ["ledger"]
    if first:
        marks = " and ".join(f"not {mark}" for mark in unwanted)
        run_pytest(plan, "SQLite", environment, marks, covered=plan.whole and not plan.long)
    if second:
        database_url = os.environ.get("TEST_DATABASE_URL") or start_postgres(plan, started)
        if database_url:
            marks = " and ".join(["(database or servers)", *(f"not {mark}" for mark in sorted({*unwanted, "browser"}))])
            run_pytest(plan, "PostgreSQL", environment | {"DATABASE_URL": database_url}, marks, covered=False)


def environment_of_tests(plan: Plan) -> dict[str, str]:
    """Return the environment of a pass; Django reads it before the first test is even collected."""
    return os.environ | {
        "ENV_FILE": "",
        "VAR_DIR": str(plan.folder / "var"),
        "DATABASE_URL": f"sqlite:///{plan.folder}/tests.sqlite3",
        # Tests that need a broker ask for the fixture `broker`; all others send their hints nowhere.
        "CELERY_BROKER_URL": "memory://",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SEALING_KEY": secrets.token_urlsafe(64),
        "INSECURE_HTTP": "true",
        "LOG_LEVEL": "WARNING",
        # The browser's driver keeps an event loop in the thread in which a test asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }


def start_redis(plan: Plan, started: contextlib.ExitStack) -> str | None:
    program = servers.find_redis()
    if program is None:
        plan.missing.append(Missing("Redis", "redis-server", "the tests with a real broker did not run"))
        return None
    return started.enter_context(servers.redis(program))


def start_postgres(plan: Plan, started: contextlib.ExitStack) -> str | None:
    programs = servers.find_postgres()
    if programs is None:
        plan.missing.append(Missing("PostgreSQL", "postgresql", "nothing was tested on PostgreSQL"))
        return None
    return started.enter_context(servers.postgres(programs))


def run_pytest(plan: Plan, name: str, environment: dict[str, str], marks: str, *, covered: bool) -> None:
    """Run pytest once and note how it went."""
    results = plan.folder / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", "-n", str(PROCESSES), "-m", marks, f"--junitxml={results}"]
    if covered:
        command += ["--cov", "--cov-report=term-missing:skip-covered", "--cov-fail-under=100"]
    if plan.long:
        command += ["--hypothesis-profile=long"]
        if not any(given.startswith("--hypothesis-seed") for given in plan.arguments):
            command += [f"--hypothesis-seed={secrets.randbelow(2**32)}"]
    command += plan.arguments
    print(f"\n=== {name}: {' '.join(command[1:])}", flush=True)
    begun = time.monotonic()
    status = follow(command, environment)
    plan.passes.append(Pass(name, status, time.monotonic() - begun, counts(results)))


def follow(command: list[str], environment: dict[str, str]) -> int:
    """Run a command and return its exit status; on Ctrl-C let it end in its own way first."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def counts(results: Path) -> dict[str, int]:
    """Return what pytest counted; nothing where it ended before it could."""
    if not results.exists():
        return {}
    suites = list(ElementTree.parse(results).getroot().iter("testsuite"))
    names = ("tests", "failures", "errors", "skipped")
    return {name: sum(int(suite.get(name, 0)) for suite in suites) for name in names}


def report(plan: Plan) -> int:
    """Print the summary, what is missing loudest and last; return the exit status."""
    print("\n=== Summary")
    for one in plan.passes:
        told = ", ".join(f"{count} {name}" for name, count in one.counts.items()) or "no result"
        print(f"{'ok    ' if one.status == 0 else 'FAILED'}  {one.name}: {told}, {one.seconds:.0f} s")
    for lack in plan.missing:
        print(f"MISSING  {lack.name}: {lack.loss}. To get it: apt-get install {lack.package}")
    failed = not plan.passes or any(one.status != 0 for one in plan.passes)
    if plan.missing and os.environ.get("CI"):
        print("In CI a missing program is a failure.")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
