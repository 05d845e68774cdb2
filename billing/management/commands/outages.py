"""Takes in the outages that a monitor recorded."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from backoffice.commands import ExampleCommand
from backoffice.terms.book import book
from backoffice.terms.words import counted
from billing.services import import_outages

EXAMPLE = """\
example:
  python manage.py outages {vendor} monitor.csv

The file is CSV in UTF-8 with the columns key,service,server,from,to,cause: a key that tells it from every other outage;
voice, chat, email, exchange, or nothing for all services; the server, or nothing for all; two moments with their offset
(2026-03-10T09:00:00-04:00), the second empty while it lasts; and the cause. The same file again changes nothing.
"""


class Command(ExampleCommand):
    help = "Take in outages of a vendor's services from a CSV file. Nothing is recorded where a line is wrong."

    def examples(self) -> str:
        return EXAMPLE.format(vendor=book().vendors()[0])

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("vendor", choices=book().vendors())
        parser.add_argument("file", type=argparse.FileType(encoding="utf-8-sig"), nargs="?", default=sys.stdin)

    def handle(self, *args: Any, **options: Any) -> None:
        imported = import_outages(vendor=options["vendor"], lines=options["file"], at=timezone.now())
        if imported.wrong:
            told = "\n".join(f"line {number}: {reason}" for number, reason in imported.wrong)
            raise CommandError(f"nothing was recorded:\n{told}")
        self.stdout.write(f"{counted(imported.new, 'new outage')}, {imported.known} known.")
