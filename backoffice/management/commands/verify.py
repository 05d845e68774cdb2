"""`manage.py verify`: whether the books are right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from backoffice import verify
from backoffice.commands import ExampleCommand

EXAMPLES = """\
examples:
  python manage.py verify
  python manage.py verify --only "{name}"

checks:
{names}"""


class Command(ExampleCommand):
    help = (
        "Ask the books whether they are right. Nothing is changed. What is wrong is named by the number of its row, "
        "check by check, and the exit status is then 1."
    )

    def examples(self) -> str:
        names = [one.name for one in verify.checks()]
        return EXAMPLES.format(name=names[0], names="\n".join(f"  {name}" for name in names))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            choices=[one.name for one in verify.checks()],
            metavar="CHECK",
            help="only this check; may be given several times",
        )

    def handle(self, *, only: list[str], **_options: Any) -> None:
        """Prints a line for each check, and what it found; CommandError where anything was."""
        asked = wrong = 0
        for verdict in verify.verify(at=timezone.now(), names=tuple(only)):
            asked += 1
            wrong += bool(verdict.wrong)
            said = f"{verdict.wrong} wrong" if verdict.wrong else "ok"
            style = self.style.ERROR if verdict.wrong else self.style.SUCCESS
            self.stdout.write(f"{verdict.name}: {style(said)}")
            for sentence in verdict.told:
                self.stdout.write(f"  {sentence}")
            if more := verdict.wrong - len(verdict.told):
                self.stdout.write(f"  and {more} more")
        if wrong:
            raise CommandError(f"{wrong} of {asked} checks found something wrong")
        self.stdout.write(f"{asked} checks, nothing wrong.")
