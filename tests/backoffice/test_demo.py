"""The demo as a stranger meets it: started, signed in to, a day run by its worker, stopped, and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from django.conf import settings

from backoffice.management.commands.demo import CHOICES

DEMO = [sys.executable, "manage.py", "demo"]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def of_a_stranger() -> dict[str, str]:
    """The environment without what the runner chose for tests: a stranger's machine has none of it."""
    chosen = {"DATABASE_URL", "VAR_DIR", "ENV_FILE", "SECRET_KEY", "SEALING_KEY"}
    return {name: value for name, value in os.environ.items() if name not in chosen}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A demo that is up; it is stopped as Ctrl-C stops it, and must then end by itself and say so."""
    port = free_port()
    environment = of_a_stranger()
    command = [*DEMO, "--folder", str(folder), "--port", str(port)]
    said: list[str] = []
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stderr is not None
        watchdog = threading.Timer(600, process.kill)
        watchdog.start()
        try:
            for line in process.stderr:
                said.append(line)
                if "Ctrl-C stops everything" in line:
                    break
            assert "Ctrl-C" in said[-1], "".join(said)
            yield f"http://localhost:{port}"
            process.send_signal(signal.SIGINT)
            said += process.stderr.readlines()
            assert process.wait(timeout=60) == 0, "".join(said)
            assert "The books are kept" in "".join(said)
        finally:
            watchdog.cancel()
            process.kill()


def signed_in(address: str, folder: Path) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    owner, password = (folder / "sign-ins").read_text().splitlines()[0].split()
    page = post(browser, f"{address}/account/login/?next=/admin/", login=owner, password=password, next="/admin/")
    assert "Run the next day" in page
    return browser


def post(browser: OpenerDirector, address: str, **fields: str) -> str:
    page = browser.open(address if "login" in address else address.rsplit("next/", 1)[0]).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    data = urlencode({**fields, "csrfmiddlewaretoken": token[1]}).encode()
    return str(browser.open(Request(address, data, {"Referer": address})).read().decode())


def last_day(folder: Path) -> tuple[str, int]:
    """The last day with a run, and how many of its runs are not done."""
    with closing(sqlite3.connect(f"file:{folder / 'books.sqlite3'}?mode=ro", uri=True)) as books:
        query = "SELECT day, sum(state <> 'done') FROM backoffice_run GROUP BY day ORDER BY day DESC LIMIT 1"
        day, left = books.execute(query).fetchone()
        return str(day), int(left)


def test_the_demo_is_started_used_stopped_and_started_again(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        assert build_opener().open(f"{address}/healthz").status == 200
        before, left = last_day(tmp_path)
        assert left == 0
        post(signed_in(address, tmp_path), f"{address}/admin/runs/next/")
        turn = threading.Event()
        for _ in range(120):
            day, left = last_day(tmp_path)
            if day > before and not left:
                break
            turn.wait(0.5)
        assert day > before
        assert left == 0, "the worker has not finished the day"
    with served(tmp_path) as address:
        assert last_day(tmp_path)[0] == day, "a second start keeps what was done"
        assert build_opener().open(f"{address}/account/login/").status == 200
    of_demo = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'books.sqlite3'}"}
    verified = subprocess.run(
        [sys.executable, "manage.py", "verify"],
        cwd=settings.BASE_DIR,
        env=of_a_stranger() | CHOICES | of_demo,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_demo_never_empties_a_folder_of_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("mine")
    done = subprocess.run(
        [*DEMO, "--folder", str(tmp_path), "--reset", "--load-only"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "holds other things" in done.stderr
    assert (tmp_path / "letters").read_text() == "mine"
