"""`manage.py person`: who somebody is in the books, and all that is held of them as one archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import structlog
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts.services.person_export import export_rows
from accounts.services.persons import KINDS, found_by, rows_of
from backoffice.commands import ExampleCommand

log = structlog.get_logger(__name__)

EXAMPLES = """\
examples:
  python manage.py person ada@example.com                    who that is in the books
  python manage.py person ada@example.com --to ada.zip       all of it as one archive
  python manage.py person customer/17 --to customer-17.zip

Somebody is named by an address, or by what they are and their number: {kinds}.
The archive is readable for you only, and never written over another file.
"""


class Command(ExampleCommand):
    help = "Say who somebody is in the books, and give all that is held of them as one archive (a ZIP file)."

    def examples(self) -> str:
        return EXAMPLES.format(kinds=", ".join(f"{name}/17" for name in _kinds()))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", metavar="WHO", help="an address, or KIND/NUMBER")
        parser.add_argument("--to", type=Path, metavar="FILE", help="where the archive is written")

    def handle(self, *, who: str, to: Path | None, **_options: Any) -> None:
        """Prints the rows that are the person, by number; CommandError where nobody is, or the file is there."""
        rows = _rows(who)
        if not rows:
            raise CommandError("nobody of this name is in the books")
        for row in rows:
            self.stdout.write(f"{row._meta.verbose_name} {row.pk}")
        if to is None:
            return
        archive = export_rows(rows=rows, at=timezone.now())
        try:
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(archive)
        except OSError as error:
            raise CommandError(f"{to}: {error.strerror}") from error
        log.info("person_exported", rows=[f"{row._meta.label_lower} {row.pk}" for row in rows])
        self.stdout.write(f"{to}: {len(archive)} bytes.")


def _rows(who: str) -> list[Any]:
    """All rows of who is meant; CommandError for what is neither an address nor a kind and a number."""
    if "@" in who:
        return found_by(who)
    kind, _, number = who.partition("/")
    model = _kinds().get(kind)
    if model is None or not number.isdecimal():
        raise CommandError(f"{who!r} is neither an address nor one of {', '.join(_kinds())} with a number")
    person = model._base_manager.filter(pk=number).first()
    return rows_of(person) if person is not None else []


def _kinds() -> dict[str, Any]:
    return {str(model._meta.verbose_name).replace(" ", "-"): model for model in KINDS}
