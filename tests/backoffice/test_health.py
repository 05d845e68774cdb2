"""The health page, the headers that every page carries, and the two servers of a test run."""

import json
import logging

import pytest
import redis
from django.db import DatabaseError, connection
from django.test import Client

from backoffice import health
from backoffice.celery import app


@pytest.mark.django_db
def test_health_with_database_and_broker(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "up", "broker": "up"}


@pytest.mark.servers
@pytest.mark.django_db
def test_health_with_a_real_broker(client: Client, broker: str) -> None:
    assert client.get("/healthz").json() == {"database": "up", "broker": "up"}
    app.send_task("a.hint")
    with redis.Redis.from_url(broker) as server:
        assert server.llen("celery") == 1


@pytest.mark.django_db
def test_site_stays_up_without_its_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 1 of this machine is reserved, and nobody answers there.
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "up", "broker": "down"}


@pytest.mark.django_db
def test_site_is_down_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("no such server")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_exceptions_are_logged_without_their_text(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("Erika Mustermann owes 500")
    except ValueError:
        health.log.exception("something_failed", invoice=7)
    [record] = caplog.records
    line = logging.getLogger().handlers[0].format(record)
    told = json.loads(line)
    assert (told["event"], told["invoice"], told["exception"]) == ("something_failed", 7, "ValueError")
    assert told["at"][-1].endswith("test_exceptions_are_logged_without_their_text")
    assert "Mustermann" not in line
    assert "\n" not in line


@pytest.mark.django_db
def test_only_the_admin_may_evaluate_scripts(client: Client) -> None:
    strict = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in strict
    assert "unsafe" not in strict
    relaxed = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in relaxed
    assert "style-src 'self' 'unsafe-inline'" in relaxed


@pytest.mark.django_db
def test_database_waits_for_its_writers() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    else:
        assert connection.vendor == "postgresql"
        assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
