"""`manage.py rates`: reads a bank's file of a published rate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts.services import NotPossible
from backoffice.commands import ExampleCommand
from billing.models import RateTable
from billing.services import note_rates, read_rates

EXAMPLES = """\
examples:
  python manage.py rates bank_of_england history.csv --source "Bank of England, Bank Rate history"

The file is a CSV whose first column is a day and whose second is percent a year, as the banks offer it; lines before
the first such line are passed over. What is known already changes nothing, and what contradicts it is refused.
"""


class Command(ExampleCommand):
    help = "Read the steps of a published rate from a bank's CSV."

    def examples(self) -> str:
        return EXAMPLES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("series", choices=RateTable.Series.values)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help="where the file was found, and when")

    def handle(self, *, series: str, file: Path, source: str, **_options: Any) -> None:
        """Notes the steps that are new and prints them; CommandError names what is wrong with the file."""
        try:
            lines = read_rates(file.read_bytes())
            new = note_rates(series=series, lines=lines, source=source, looked_on=timezone.now().date())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except NotPossible as error:
            raise CommandError(f"{file}: {error}") from error
        for step in new:
            self.stdout.write(str(step))
        self.stdout.write(f"{len(new)} new of {len(lines)} steps in the file.")
