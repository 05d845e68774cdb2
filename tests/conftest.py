"""What every test has at hand, whichever room it is in."""

import os
import sys
import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import kombu.pools
import pytest
import redis
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from backoffice.celery import app
from tests.servers import find_chromium

# The same examples on each run, so that a red test is red for everybody; `make test-long` looks further.
# Neither sets a deadline, which on a busy machine would turn a slow moment into a failure.
patient = hypothesis_settings(database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("default", patient, derandomize=True, max_examples=60)
hypothesis_settings.register_profile("long", patient, max_examples=3000, print_blob=True)
hypothesis_settings.load_profile("default")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database, which the second pass selects by it."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let coverage look away from tests that touch a database, which take twice the time while it looks.

    It is asked of rules and terms only. They are pure, so tests without a database have to cover them.
    """
    if not (item.get_closest_marker("database") or item.get_closest_marker("uncovered")):
        return (yield)
    # Two collectors are stacked in a process of xdist, so that pausing the upper one would only wake the lower.
    looking, looking_at_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(looking_at_threads)
        sys.settrace(looking)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test database in a file: one in memory knows neither write-ahead logs nor a second process."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def empty_tables_whatever_guards_them() -> Iterator[None]:
    """Let a test with real transactions be cleared up after, also where triggers refuse to delete rows.

    PostgreSQL truncates, which no trigger of ours looks at; SQLite deletes, so its triggers are taken away meanwhile.
    """
    flush = SqliteWrapper.ops_class.execute_sql_flush

    def unguarded(operations: Any, sql_list: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(operations, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteWrapper.ops_class, "execute_sql_flush", unguarded)
        yield


@pytest.fixture(autouse=True)
def a_store_of_its_own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a test find none of the files that others left: a day looks at each, and notes those that no row names."""
    if not request.node.get_closest_marker("database"):
        yield
        return
    with override_settings(MEDIA_ROOT=tmp_path_factory.getbasetemp() / "media" / str(next(_stores))):
        yield


_stores = count()


@pytest.fixture(scope="session")
def broker_url(worker_id: str) -> str:
    """Return the address of a Redis database that is this test process's own."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    return f"{os.environ['TEST_REDIS_URL']}/{number}"


def forget_connections() -> None:
    """Make Celery look its broker up again at the next message."""
    kombu.pools.reset()
    # The cached object holds a pool of connections to the broker it met first.
    app.__dict__.pop("amqp", None)


@pytest.fixture
def broker(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point Celery at an empty real broker, and yield its address, for tests marked `servers`.

    Worker processes that such a test starts find the same broker, since it stands in the environment.
    """
    with redis.Redis.from_url(broker_url) as server:
        server.flushdb()
    monkeypatch.setenv("CELERY_BROKER_URL", broker_url)
    forget_connections()
    yield broker_url
    forget_connections()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium rather than one fetched for the purpose."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {**browser_type_launch_args, "executable_path": str(find_chromium()), "args": sandbox}
