"""`manage.py journal`: the ledger as a plain-text journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import Customer
from backoffice.commands import ExampleCommand, day, reader_may_leave
from backoffice.verify import one_state
from billing.journal import journal

EXAMPLES = """\
examples:
  python manage.py journal > books.journal && ledger -f books.journal balance
  python manage.py journal --until 2026-03-31
  python manage.py journal --customer 12
"""


class Command(ExampleCommand):
    help = (
        "Write the ledger to standard output as a plain-text journal, which ledger and hledger read. Customers stand "
        "in it by their numbers. A debit is positive, a credit negative."
    )

    def examples(self) -> str:
        return EXAMPLES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", type=day, metavar="YYYY-MM-DD", help="only what is booked up to this day")
        parser.add_argument("--customer", type=int, metavar="N", help="only entries that move this customer's accounts")

    def handle(self, *, until: date | None, customer: int | None, **_options: Any) -> None:
        """Streams the journal, as the books stand at one moment; CommandError for a customer that there is not."""
        if customer is not None and not Customer.objects.filter(pk=customer).exists():
            raise CommandError(f"there is no customer {customer}")
        with one_state(), reader_may_leave():
            for line in journal(until, customer):
                self.stdout.write(line, ending="")
