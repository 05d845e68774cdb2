"""`manage.py day`: runs the days that are due, by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from backoffice import days, outbox
from backoffice.commands import ExampleCommand
from backoffice.commands import day as a_day
from backoffice.days import DayRefused
from backoffice.models import Run
from backoffice.terms.book import book

EXAMPLES = """examples:
  python manage.py day                                    every vendor, up to its own today
  python manage.py day --vendor {vendor} --date 2026-03-02
  python manage.py day --next                             one day further
"""


class Command(ExampleCommand):
    help = (
        "Runs the days that have begun and are not done, each vendor's oldest first, then sends the letters that are "
        "due. Running a day twice, or in several places at once, changes nothing. The exit status is 1 where a day "
        "that was asked for is not done."
    )

    def examples(self) -> str:
        return EXAMPLES.format(vendor=book().vendors()[0])

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", choices=book().vendors(), help="only this vendor's days")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--date", type=a_day, metavar="YYYY-MM-DD", help="only this day")
        which.add_argument("--next", action="store_true", help="only the earliest day that is not done")

    def handle(self, *, vendor: str | None, date: date | None, next: bool, **_options: Any) -> None:
        """Runs what was asked for, letters included; CommandError where a day is refused, fails or is not done."""
        at, self.done, self.undone = timezone.now(), 0, list[str]()
        if date is None and not next:
            days.catch_up(at=at, vendor=vendor, tell=self._tell)
        else:
            for one, day in self._chosen(vendor, date):
                self._run(one, day, at)
        delivery = outbox.deliver(at=at)
        self.stdout.write(
            f"{self.done} days done, {len(self.undone)} not done; {delivery.sent} letters sent, "
            f"{outbox.waiting().count()} waiting."
        )
        if self.undone:
            raise CommandError("\n".join(self.undone))

    def _chosen(self, vendor: str | None, day: date | None) -> Iterable[tuple[str, date]]:
        """The vendors' days that a ``--date`` or, without one, ``--next`` means."""
        ahead = {one: at for one, at in days.next_days().items() if vendor in (None, one)}
        if day is not None:
            return [(one, day) for one in ([vendor] if vendor else ahead)]
        earliest = min(ahead.values(), default=None)
        return [(one, at) for one, at in ahead.items() if at == earliest]

    def _run(self, vendor: str, day: date, at: datetime) -> None:
        try:
            runs = days.run_day(vendor, day, at=at)
        except DayRefused as refusal:
            self.undone.append(f"{vendor}, {day}: {refusal}")
        else:
            self._tell(vendor, day, all(run.state == Run.State.DONE for run in runs))

    def _tell(self, vendor: str, day: date, done: bool) -> None:
        """One line for each day as it ends, and the reasons where it is not done."""
        if done:
            self.done += 1
            self.stderr.write(f"{vendor}, {day}: done", self.style.SUCCESS)
            return
        for run in Run.objects.filter(vendor=vendor, day=day, state__in=[Run.State.RUNNING, Run.State.FAILED]):
            self.undone.append(f"{vendor}, {day}: {run.job}: {run.error or 'another process is at work on it'}")
