"""Plays a timeline into a scratch database and tells what happened; no other database is touched, no mail leaves."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from pydantic.fields import FieldInfo
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from backoffice import rehearsal, timeline
from backoffice.commands import ExampleCommand
from backoffice.commands import day as a_day
from backoffice.terms.book import book
from backoffice.timeline import Entry, Makes, RefersTo, TimelineError, World

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "year.jsonl"
# Names the folder of the scratch database to the process that plays into it.
FOLDER = "REHEARSAL_FOLDER"
EXAMPLE = """\
example:
  python manage.py rehearse {books} --until {until}
  python manage.py rehearse {books} --report json --vendor {vendor}
  python manage.py rehearse --check {books}

A timeline is a text file with one event a line, each a JSON object, in the order of their days: the day it happens
`on` (YYYY-MM-DD), what to `do`, and the event's own fields. Between the events every vendor's days are run, with the
term sheets that are in force. A name in `ref` is how later lines speak of what the line made. A line that is wrong is
named with its number, field and reason, and the exit status is 1; there is then no report. The same timeline makes
the same report every time.

events:
{events}"""
KINDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    date: "a day",
    datetime: "a moment",
    Decimal: 'a decimal, as "29.00"',
}


class Command(ExampleCommand):
    help = (
        "Play a dated list of events through the services and days of real life into a scratch database that is thrown "
        "away, and tell what happened, with the clauses. The report goes to standard output."
    )
    requires_system_checks: list[str] = []

    def examples(self) -> str:
        entries = timeline.read(BOOKS)
        until = entries[len(entries) // 2].on
        books = BOOKS.relative_to(settings.BASE_DIR)
        return EXAMPLE.format(books=books, until=until, vendor=book().vendors()[0], events="\n".join(event_help()))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the timeline")
        parser.add_argument("--check", action="store_true", help="only read it, and say whether it could be played")
        parser.add_argument("--until", type=_day, metavar="DATE", help="the last day to play (that of the last event)")
        parser.add_argument("--report", choices=("text", "json"), default="text", help="how to tell it (text)")
        parser.add_argument("--vendor", choices=book().vendors(), help="tell only of this vendor's contracts")

    def handle(self, *, file: Path, check: bool, **options: Any) -> None:
        """Checks the timeline, then plays it in a process of its own; CommandError names the line that is wrong."""
        try:
            entries = timeline.read(file)
            if check:
                self.stdout.write(f"{len(entries)} events; each can be read.")
            elif FOLDER in os.environ:
                self._play(entries, **options)
            else:
                sys.exit(_elsewhere(file, **options))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except TimelineError as error:
            raise CommandError(f"{file}: {error}") from error
        except KeyboardInterrupt:
            # Ctrl-C reaches both processes; the one that plays leaves it to the other to say so.
            sys.exit(130)

    def _play(
        self, entries: Sequence[Entry], until: date | None, report: str, vendor: str | None, **_options: Any
    ) -> None:
        """Plays into the scratch database that the environment names, and prints the report when all is played."""
        database = Path(settings.DATABASE["NAME"])
        if not settings.EMBEDDED or database.parent != Path(os.environ[FOLDER]) or database.exists():
            raise CommandError(f"{FOLDER} is set, but the database is not a new one in that folder")
        call_command("migrate", verbosity=0)
        told = rehearse(entries, until, vendor, Console(stderr=True))
        if report == "json":
            self.stdout.write(json.dumps(rehearsal.as_json(told), indent=2, ensure_ascii=False))
        else:
            self.stdout.write(rehearsal.as_text(told), ending="")


def rehearse(entries: Sequence[Entry], until: date | None, vendor: str | None, console: Console) -> rehearsal.Report:
    """Plays the events up to a day into this process's database, with a progress bar, and returns what happened."""
    world, last = World(), None
    with Progress(TextColumn("Rehearsing"), BarColumn(), TextColumn("{task.fields[day]}"), console=console) as progress:
        played = [entry for entry in entries if until is None or entry.on <= until]
        end = until or (played[-1].on if played else None)
        task = progress.add_task("", total=(end - played[0].on).days + 1 if played and end else 0, day="")
        for last in timeline.play(played, until, world=world):
            progress.update(task, advance=1, day=last.isoformat())
    return rehearsal.report(played, last, world, vendor)


def _elsewhere(file: Path, until: date | None, report: str, vendor: str | None, **_options: Any) -> int:
    """Runs this command anew on an empty database in a folder that is gone afterwards; returns its exit status.

    The database is an embedded one whatever the real one is: a rehearsal needs no right on any server.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rehearse", str(file), "--report", report]
    command += [f"--until={until}"] if until else []
    command += [f"--vendor={vendor}"] if vendor else []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        choices = {
            FOLDER: folder,
            # The file's own values, the folder of term sheets among them, are in the environment by now.
            "ENV_FILE": "",
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/books.sqlite3",
            "EMAIL_URL": "dummymail://",
            "CELERY_BROKER_URL": "memory://",
            # A job that fails is told in the report.
            "LOG_LEVEL": "CRITICAL",
        }
        try:
            return subprocess.run(command, env=os.environ | choices, check=False).returncode  # noqa: S603
        except KeyboardInterrupt as stopped:
            raise CommandError("stopped before the end, so there is no report", returncode=130) from stopped


def event_help() -> Iterator[str]:
    """Every event: what it is, its fields, and one of the demo's where it has one."""
    samples: dict[str, str] = {}
    for line in BOOKS.read_text(encoding="utf-8").splitlines():
        samples.setdefault(json.loads(line)["do"], line)
    for verb in timeline.verbs().values():
        yield f"  {verb.name}: {(verb.act.__doc__ or '').strip().splitlines()[0]}"
        yield from (f"      {name:22}{field_words(field)}" for name, field in verb.fields.model_fields.items())
        yield from ([f"      {samples[verb.name]}"] if verb.name in samples else [])
        yield ""


def field_words(field: FieldInfo) -> str:
    """What a field holds, what it names, and what it is where it is left out."""
    words = _type_words(field.annotation)
    for mark in field.metadata:
        if isinstance(mark, Makes):
            words = f"a new name for the {mark.kind._meta.verbose_name}"
        elif isinstance(mark, RefersTo):
            words = f"the name of a {mark.kind._meta.verbose_name}" + (" or null" if not field.is_required() else "")
    if field.is_required():
        return words
    return f"{words} ({json.dumps(field.get_default(call_default_factory=True), default=str)})"


def _type_words(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type_words(inner[0])
    if origin is Literal:
        return "one of " + ", ".join(json.dumps(value) for value in inner)
    if origin in (Union, UnionType):
        return " or ".join(_type_words(one) for one in inner)
    if origin in (list, tuple):
        return f"a list, each {_type_words(inner[0])}"
    return "null" if kind is NoneType else KINDS.get(kind, getattr(kind, "__name__", str(kind)))


def _day(text: str) -> date:
    day = a_day(text)
    if not timeline.EARLIEST <= day <= timeline.LATEST:
        raise argparse.ArgumentTypeError(f"{day} does not lie between {timeline.EARLIEST} and {timeline.LATEST}")
    return day
