from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from backoffice import verify
from backoffice.models import Run
from backoffice.verify import Check


def runs(at: datetime) -> Iterator[str]:
    for run in Run.objects.order_by("pk"):
        yield f"run {run.pk}: it is there"


def nothing(at: datetime) -> Iterator[str]:
    yield from ()


@pytest.fixture
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "checks", lambda: (Check("No run is there", runs), Check("All is well", nothing)))


def make_runs(number: int) -> None:
    Run.objects.bulk_create(Run(job=f"Job {one}", vendor="secureflag", day="2026-03-02") for one in range(number))


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("verify", *arguments, stdout=out, no_color=True)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("two_checks")
def test_it_says_of_each_check_whether_it_holds() -> None:
    assert said() == "No run is there: ok\nAll is well: ok\n2 checks, nothing wrong.\n"
    assert said("--only", "All is well") == "All is well: ok\n1 checks, nothing wrong.\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("two_checks")
def test_what_is_wrong_is_named_and_fails_the_command() -> None:
    make_runs(22)
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 checks found something wrong"):
        call_command("verify", stdout=out, no_color=True)
    lines = out.getvalue().splitlines()
    assert lines[0] == "No run is there: 22 wrong"
    assert lines[1] == f"  run {Run.objects.order_by('pk')[0].pk}: it is there"
    assert lines[-2:] == ["  and 2 more", "All is well: ok"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("connected", [False, True])
def test_a_check_sees_one_state_of_the_books_and_keeps_nobody_from_writing(connected: bool) -> None:
    connection.close()
    if connected:
        connection.ensure_connection()
    with verify.one_state():
        assert not Run.objects.exists()
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(write_elsewhere).result(timeout=30)
        assert not Run.objects.exists()
    assert Run.objects.count() == 1
    with transaction.atomic(durable=True):
        make_runs(2)


def write_elsewhere() -> None:
    """What another process would do meanwhile."""
    try:
        Run.objects.create(job="Another", vendor="secureflag", day="2026-03-02")
    finally:
        connection.close()


def test_each_app_s_checks_have_a_name_of_their_own() -> None:
    names = [one.name for one in verify.checks()]
    assert len(names) == len(set(names)) > 5
    with pytest.raises(ValueError, match="two checks are named"):
        verify.check(names[0])(nothing)
