"""The runner itself: its private servers come and go, and nothing that did not run passes for tested."""

from pathlib import Path

import pytest
import redis

from tests import servers
from tests.run import Missing, Pass, Plan, report

BROWSER = Missing("Chromium", "chromium", "the tests of the pages in a browser did not run")


def plan(folder: Path, status: int) -> Plan:
    return Plan(long=False, arguments=[], folder=folder, passes=[Pass("SQLite", status, 1.0, {"tests": 3})])


def test_a_missing_program_is_told_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    done = plan(tmp_path, status=0)
    done.missing.append(BROWSER)
    assert report(done) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("apt-get install chromium")


def test_a_missing_program_fails_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    done = plan(tmp_path, status=0)
    assert report(done) == 0
    done.missing.append(BROWSER)
    assert report(done) == 1


@pytest.mark.parametrize("status", [1, 2, 5])
def test_a_pass_that_failed_or_found_no_test_fails_the_run(tmp_path: Path, status: int) -> None:
    assert report(plan(tmp_path, status)) == 1


def test_no_pass_at_all_is_a_failure(tmp_path: Path) -> None:
    assert report(Plan(long=False, arguments=[], folder=tmp_path)) == 1


@pytest.mark.servers
def test_a_private_server_is_gone_afterwards() -> None:
    program = servers.find_redis()
    assert program is not None
    with servers.redis(program) as url, redis.Redis.from_url(url) as client:
        assert client.ping()
        folder = Path(str(client.config_get("dir")["dir"]))
        assert folder.exists()
    assert not folder.exists()
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the disk is full; exit 1"]
    with (
        pytest.raises(servers.ServerFailed, match="the disk is full"),
        servers.running(command, tmp_path, {}, ready="accepting connections"),
    ):
        pass
