"""`manage.py statement`: books a bank statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.services import NotPossible
from backoffice.commands import ExampleCommand
from billing.services import currencies, import_statement
from billing.statements import MOST_BYTES, StatementBroken, read

EXAMPLES = """\
examples:
  python manage.py statement 2026-04-07.xml --preview
  python manage.py statement 2026-04-07.xml
  python manage.py statement april.csv

a table names its columns in its first line, and reference may be empty:
  account,reference,booked_on,amount,currency,text
  DE02120300000000202051,2026040700017,2026-04-07,120.00,EUR,INV-000012 thank you
"""


class Command(ExampleCommand):
    help = (
        "Book a bank statement: CAMT.053 (version 02 or 08) or a table of comma-separated values. Lines that were "
        "booked before change nothing, so a statement may be given again, and two may overlap."
    )

    def examples(self) -> str:
        return EXAMPLES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--preview", action="store_true", help="say what would be booked, and book nothing")

    def handle(self, *, file: Path, preview: bool, **_options: Any) -> None:
        """Books all new lines of the file or none; CommandError, with the line, where it cannot be booked."""
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            bookings = read(content, set(currencies()))
            with transaction.atomic():
                done = import_statement(bookings, at=timezone.now())
                transaction.set_rollback(preview)
        except OSError:
            raise CommandError("the file cannot be read") from None
        except (StatementBroken, NotPossible) as refusal:
            raise CommandError(f"nothing was booked: {refusal}") from None
        told = f"{done.booked} booked as payments, {done.waiting} to look at, {done.known} there before"
        self.stdout.write(f"{told}{'; nothing was booked, this is a preview' * preview}.")
