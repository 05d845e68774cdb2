"""The day: what runs for each vendor's local day, in which order, and how a day that was missed is caught up with.

The apps' ``jobs`` modules bring the work. A job does one chunk of rows in one transaction, and the rows it claims are
locked, so any number of processes may run the same day at once: each takes other chunks. Nothing is remembered outside
the database. A process killed anywhere loses at most the chunk in its hands, which the next one does again.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from backoffice import discovery
from backoffice.models import Run
from backoffice.terms.book import book
from backoffice.terms.question import QuestionError

log = structlog.get_logger(__name__)

# What a vendor's day consists of, in this order. A job waits until the one before it has nothing left.
ORDER = (
    "Our contracts with vendors go on",
    "Changes of terms reach their contracts",
    "Customers are told of changes of terms",
    "Changes of terms take effect",
    "Customers are told of what happened",
    "Customers are screened when the list changes",
    "Eligibility is looked after",
    "Identity that ran out is asked for again",
    "Customers are told of maintenance",
    "Customers are told of renewals",
    "First periods are invoiced",
    "Added seats are invoiced",
    "Renewals are invoiced",
    "Suspensions over conduct are charged",
    "Bills that were rightly disputed are credited",
    "Outages are credited on the next invoice",
    "Customers' credit pays what they owe",
    "Renewals that were not paid are void",
    "Published rates are looked after",
    "Late payment is charged",
    "What is overdue is noted",
    "Customers are told of what is overdue",
    "Who does not pay is warned of the end",
    "Invoices go to customers",
    "Suspensions end with their time",
    "Conduct cases reach their time",
    "Terms renew or end",
    "Contracts without periods end",
    "Our deadlines with vendors follow our customers' own",
    "Our own deadlines with vendors are watched",
    "Breaches that were not put right fall due",
    "Contracts of merged customers pass on",
    "Ended contracts are settled",
    "Data of ended contracts falls due",
    "Seats that were given up leave",
    "It is set when the data of ended contracts goes",
    "Data that is kept no longer is disposed of",
    "Files that no row names are found",
    "What hangs on no contract goes",
    "Keys whose time is over are destroyed",
    "Identity documents past their purge date go",
)


ONE_DAY = timedelta(days=1)
# Rows of one transaction: enough that the queries around them weigh little, few enough that locks are short.
CHUNK = 500


class DayRefused(Exception):
    """A day that may not run now; the message says why and what would have to happen first."""


class Stuck(Exception):
    """A job cannot go on until somebody does something; the message says what, and names no person."""


class Job(NamedTuple):
    """One entry of the day, brought by an app.

    ``work`` does one chunk for a vendor's day inside a transaction that it is given, and returns how many rows it did;
    0 when there is nothing it can claim. ``left`` counts, for several vendors' days in one query, the rows still due,
    those that another process has in hand included: what is due by a day is due by each later one, until it is done.
    """

    name: str
    work: Callable[[str, date, datetime], int]
    left: Callable[[Mapping[str, date]], Mapping[str, int]]


# Hears of a vendor's day when its turn is over, and whether it is done.
Tell = Callable[[str, date, bool], None]

_jobs: dict[str, Job] = {}
_first_days: list[Callable[[], Mapping[str, date]]] = []


def job(name: str, left: Callable[[Mapping[str, date]], Mapping[str, int]]) -> Callable[..., Callable[..., int]]:
    """Registers ``work(vendor, day, at)`` under one of the names of ORDER."""

    def register(work: Callable[[str, date, datetime], int]) -> Callable[[str, date, datetime], int]:
        if name not in ORDER or name in _jobs:
            raise ValueError(f"the order of the day has no place for the job {name!r}")
        _jobs[name] = Job(name, work, left)
        return work

    return register


def first_days(source: Callable[[], Mapping[str, date]]) -> Callable[[], Mapping[str, date]]:
    """Registers a function that tells, for each vendor with anything to do, the first day that matters."""
    _first_days.append(source)
    return source


def due_rows(rows: QuerySet[Any], column: str, days: Mapping[str, date]) -> dict[str, int]:
    """How many of ``rows`` each vendor's day has reached, their date in ``column``: one query for all vendors."""
    # Days of vendors lie close together: what the latest one has reached is counted by its date, and sorted out here.
    reached = rows.filter(vendor__in=list(days), **{f"{column}__lte": max(days.values())}).order_by()
    counts: dict[str, int] = defaultdict(int)
    for vendor, on, count in reached.values_list("vendor", column).annotate(Count("pk")):
        if on <= days[vendor]:
            counts[vendor] += count
    return counts


@cache
def jobs() -> tuple[Job, ...]:
    """All jobs in their order; LookupError where an entry of the order has no job."""
    for _ in discovery.modules("jobs"):
        pass
    if missing := [name for name in ORDER if name not in _jobs]:
        raise LookupError(f"no app brings these jobs of the day: {', '.join(missing)}")
    return tuple(_jobs[name] for name in ORDER)


def today(vendor: str, at: datetime) -> date:
    """The vendor's local day at a moment; DayRefused for a vendor the book does not know."""
    try:
        return at.astimezone(book().newest(vendor).zone).date()
    except KeyError as error:
        raise DayRefused(f"there is no vendor {vendor}; the book has {', '.join(book().vendors())}") from error


def next_days() -> dict[str, date]:
    """The day that each vendor with anything to do is at: the unfinished one, else the one after the last finished."""
    jobs()
    at_work: dict[str, date] = {}
    for source in _first_days:
        for vendor, day in source().items():
            at_work[vendor] = min(day, at_work.get(vendor, day))
    reached = _reached()
    return {vendor: reached.get(vendor, day) for vendor, day in sorted(at_work.items())}


def next_day(vendor: str) -> date | None:
    """The day that a vendor is at, or None where it has nothing to do yet."""
    return next_days().get(vendor)


def _reached(vendor: str | None = None) -> dict[str, date]:
    """By vendor, the day that may run now. Only the last opened day of a vendor can be unfinished."""
    unfinished = Run.objects.exclude(state=Run.State.DONE).order_by().values_list("vendor").annotate(Min("day"))
    found = dict(unfinished)
    for each in book().vendors() if vendor is None else (vendor,):
        # One look at the end of the index for each: the table holds every day that ever was.
        last = Run.objects.filter(vendor=each).order_by("-day").values_list("day", flat=True).first()
        if last is not None:
            found.setdefault(each, last + ONE_DAY)
    return found


def run_day(vendor: str, day: date, *, at: datetime) -> list[Run]:
    """Runs one vendor's day, or what is left of it, and returns its runs; DayRefused where it may not run.

    A day that is done already changes nothing. Where other processes are at work on the day too, this one leaves when
    nothing is left that it could take, and the run stays ``running`` until the last of them has finished it.
    """
    if not settings.DAYS_BY_HAND and day > today(vendor, at):
        raise DayRefused(f"{day} has not begun yet where {vendor} is")
    today(vendor, at)
    reached = _reached(vendor).get(vendor)
    if reached is not None and day > reached:
        raise DayRefused(f"{day} has to wait: {reached} is not done for {vendor}")
    if reached is None or day == reached:
        _run({vendor: day}, at)
    elif not Run.objects.filter(vendor=vendor, day=day).exists():
        raise DayRefused(f"{day} lies before the first day of {vendor}")
    return list(Run.objects.filter(vendor=vendor, day=day).order_by("id"))


def catch_up(*, at: datetime, vendor: str | None = None, tell: Tell | None = None) -> dict[str, date]:
    """Runs every local day that has begun and is not done, of one vendor or of all, each vendor's oldest first.

    Returns the vendors that could not come up to the clock, each with the day that failed or that other processes
    still have in hand; the others go on without them. ``tell`` hears of each day as it ends.
    """
    behind: dict[str, date] = {}
    following = next_days()
    leap = 0
    while due := {v: day for v, day in following.items() if _asked(v, day, vendor, at)}:
        leap = min(leap, *((today(v, at) - day).days + 1 for v, day in due.items()))
        while leap > 1 and not idle({v: day + (leap - 1) * ONE_DAY for v, day in due.items()}):
            leap //= 2
        if leap > 1:
            _pass_over(due, leap, at)
            done, passed = set(due), leap
        else:
            done, passed = _run(due, at), 1
        behind |= {v: day for v, day in due.items() if v not in done}
        following = {v: due[v] + passed * ONE_DAY for v in done}
        if tell:
            for number in range(passed):
                for each, day in due.items():
                    tell(each, day + number * ONE_DAY, each in done)
        # Each stretch with nothing to do lets a longer one be tried.
        leap = 2 * passed
    return behind


def idle(days: Mapping[str, date]) -> bool:
    """Whether nothing is due by some vendors' days, and so on none before them either, unless something happens."""
    return not any(any(job.left(days).values()) for job in jobs())


class Quiet(NamedTuple):
    """Days on which nothing is due for any vendor, unless something happens: each vendor's next one, and the last."""

    following: Mapping[str, date]
    last: date


def quiet(last: date) -> Quiet | None:
    """The days to come on which nothing is due, up to ``last`` at most and as many as a few looks find; None where
    something is due on the next one."""
    following = next_days()
    if not following:
        return Quiet(following, last)
    first = min(following.values())
    count = (last - first).days + 1
    while count > 0 and not idle(dict.fromkeys(following, first + (count - 1) * ONE_DAY)):
        count //= 2
    return Quiet(following, first + (count - 1) * ONE_DAY) if count > 0 else None


def pass_quietly(stretch: Quiet, day: date, *, at: datetime) -> None:
    """Notes as done one day of a stretch on which nothing is due; those before it are done."""
    if begun := {vendor: day for vendor, first in stretch.following.items() if first <= day}:
        _pass_over(begun, 1, at)


def _pass_over(days: Mapping[str, date], count: int, at: datetime) -> None:
    """Opens and closes so many days of vendors, from these on, on which nothing is due."""
    for number in range(count):
        _open({vendor: day + number * ONE_DAY for vendor, day in days.items()})
    which = [Q(vendor=vendor, day__gte=day, day__lt=day + count * ONE_DAY) for vendor, day in days.items()]
    _close(which, _Watch(at))


def _asked(vendor: str, day: date, only: str | None, at: datetime) -> bool:
    return only in (None, vendor) and day <= today(vendor, at)


def _run(days: Mapping[str, date], at: datetime) -> set[str]:
    """Runs one day each of several vendors, job by job; returns the vendors whose day is done."""
    watch = _Watch(at)
    _open(days)
    going = dict(days)
    # By vendor, the jobs that found nothing to do: most of them on most days, so they are closed together.
    idle: dict[str, list[str]] = defaultdict(list)
    for job in jobs():
        if not going:
            break
        left = job.left(going)
        for vendor, day in list(going.items()):
            if not left.get(vendor):
                idle[vendor].append(job.name)
            elif not _work_off(job, vendor, day, left[vendor], watch):
                del going[vendor]
    if idle:
        _close([Q(vendor=vendor, day=days[vendor], job__in=names) for vendor, names in idle.items()], watch)
    return set(going)


class _Watch:
    """The moment that was given, moved on by the time that has passed since: what runs are stamped with."""

    def __init__(self, at: datetime) -> None:
        self.at, self._started = at, perf_counter()

    @property
    def now(self) -> datetime:
        return self.at + timedelta(seconds=perf_counter() - self._started)


def _open(days: Mapping[str, date]) -> None:
    """A row for every job of the days, unless it is there: then another process, or an earlier one, has opened it."""
    runs = [Run(job=job.name, vendor=vendor, day=day) for vendor, day in days.items() for job in jobs()]
    Run.objects.bulk_create(runs, ignore_conflicts=True)


def _close(which: Iterable[Q], watch: _Watch) -> None:
    """Marks runs done of which nothing is left."""
    now = watch.now
    unfinished = Run.objects.filter(reduce(or_, which)).exclude(state=Run.State.DONE)
    unfinished.update(state=Run.State.DONE, started_at=Coalesce("started_at", now), finished_at=now, error="")


def _work_off(job: Job, vendor: str, day: date, expected: int, watch: _Watch) -> bool:
    """Does chunk after chunk until nothing is left; False where the job failed or others have the rest in hand."""
    run = Run.objects.filter(job=job.name, vendor=vendor, day=day)
    unfinished = run.exclude(state=Run.State.DONE)
    unfinished.filter(state=Run.State.WAITING).update(expected=expected, started_at=watch.now)
    unfinished.update(state=Run.State.RUNNING)
    try:
        for _ in iter(lambda: _chunk(job, vendor, day, run, watch), 0):
            pass
        left = job.left({vendor: day}).get(vendor, 0)
    except Exception as error:
        unfinished.update(state=Run.State.FAILED, error=told(error), failures=F("failures") + 1)
        log.exception("job_failed", job=job.name, vendor=vendor, day=day.isoformat())
        return False
    if left:
        log.info("job_in_other_hands", job=job.name, vendor=vendor, day=day.isoformat(), left=left)
        return False
    _close([Q(job=job.name, vendor=vendor, day=day)], watch)
    return True


def _chunk(job: Job, vendor: str, day: date, run: QuerySet[Run], watch: _Watch) -> int:
    """One chunk in one transaction, counted in the same, so that no kill can part the rows from their count."""
    started = perf_counter()
    with transaction.atomic(durable=True):
        done = job.work(vendor, day, watch.at)
        if done:
            run.update(count=F("count") + done, seconds=F("seconds") + (perf_counter() - started))
    return done


def told(error: Exception) -> str:
    """An error as staff may read it. Messages of other people's code can quote whole rows, so of those only the kind
    and the place are told."""
    if isinstance(error, (Stuck, QuestionError)):
        return str(error)
    return f"{type(error).__name__} at {next(_places(error), 'an unknown place')}"


def _places(error: Exception) -> Iterator[str]:
    """Where in our own code the error came up, innermost first."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(settings.BASE_DIR) and "site-packages" not in file.parts:
            yield f"{file.relative_to(settings.BASE_DIR)}:{frame.lineno}, {frame.name}"
