"""Published rates: the steps that interest is counted by, and those that somebody notes or imports."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from accounts.services import NotPossible
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from billing.models import RateStep as Known
from billing.models import RateTable
from billing.policy.late import RateStep
from billing.policy.rates import ReferenceFacts, decide_late_reference, is_out_of_date

SHIPPED = Path(__file__).parent.parent / "rates.toml"
# As banks write a day: 17 Mar 22, 01/07/2025, 2025-07-01.
DAYS = ("%d %b %y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d")
MOST_LINES = 100_000
PERCENT = Decimal("0.01")


def fill_tables() -> None:
    """Puts the published rates that the product knows of into a database that has no table of them yet."""
    known = set(RateTable.objects.values_list("pk", flat=True))
    for series, told in tomllib.loads(SHIPPED.read_text()).items():
        if series not in known:
            table = RateTable.objects.create(series=series, publisher=told["publisher"])
            Known.objects.bulk_create(
                Known(table=table, from_on=step["from"], rate=Decimal(step["percent"]) * PERCENT, source=told["source"])
                for step in told["steps"]
            )


class Steps:
    """The steps of the published rates, read once for many questions."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[RateStep, ...]] = {}

    def of(self, sheet: Sheet) -> tuple[RateStep, ...]:
        """All steps of the rate that a contract goes by; none where it goes by none."""
        decision = decide_late_reference(sheet, ReferenceFacts())
        if decision.outcome is None:
            return ()
        series = decision.outcome.series
        if series not in self._known:
            rows = Known.objects.filter(table=series).order_by("from_on").values_list("from_on", "rate")
            self._known[series] = tuple(RateStep.model_construct(from_=on, rate=rate) for on, rate in rows)
        return self._known[series]


def out_of_date(days: Mapping[str, date]) -> dict[str, list[str]]:
    """By vendor, the published rates that its contract goes by, that nobody looked at for too long by its day, and of
    which no alarm was raised yet."""
    found: dict[str, list[str]] = {}
    tables = {table.pk: table for table in RateTable.objects.filter(alarmed_on=None).prefetch_related("steps")}
    for vendor, day in days.items():
        decision = decide_late_reference(book().newest(vendor), ReferenceFacts())
        table = tables.get(decision.outcome.series) if decision.outcome else None
        if table and is_out_of_date(table.pk, table.looked_on, [step.from_on for step in table.steps.all()], day):
            found[vendor] = [table.pk]
    return found


class Line(NamedTuple):
    """One step as a file tells it."""

    from_on: date
    rate: Decimal


def read_rates(raw: bytes) -> list[Line]:
    """The steps in a bank's CSV: a day in the first column and percent a year in the second, whatever comes before
    the first such line. Days on which the rate is the one of the day before are no steps.

    NotPossible names the first line that is wrong, and the reason.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible("the file is not text in UTF-8") from error
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:2000], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    lines: dict[date, Decimal] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text), dialect), 1):
        if number > MOST_LINES:
            raise NotPossible(f"the file has more than {MOST_LINES} lines")
        on = _day(row[0]) if row else None
        if on is None:
            if row and lines:
                raise NotPossible(f"line {number}: {row[0][:40]!r} is no day")
            continue
        rate = _rate(row[1] if len(row) > 1 else "", number)
        if lines.setdefault(on, rate) != rate:
            raise NotPossible(f"line {number}: {on} has another rate further up")
    if not lines:
        raise NotPossible("the file has no line with a day and a rate")
    ordered = [Line(*pair) for pair in sorted(lines.items())]
    return [line for place, line in enumerate(ordered) if not place or line.rate != ordered[place - 1].rate]


def _day(text: str) -> date | None:
    for form in DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def _rate(text: str, number: int) -> Decimal:
    try:
        percent = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation as error:
        raise NotPossible(f"line {number}: {text[:40]!r} is no rate in percent") from error
    if not percent.is_finite() or not 0 <= percent < 100:  # percent
        raise NotPossible(f"line {number}: a rate lies between 0 and 100 percent")
    return percent * PERCENT


@transaction.atomic
def note_rates(*, series: str, lines: Sequence[Line], source: str, looked_on: date) -> list[Known]:
    """Notes the steps of a published rate that are not known yet, and that somebody looked; returns the new ones.

    NotPossible where a known step has another rate: what interest was counted by is put right by a person, not a file.
    """
    table = RateTable.objects.select_for_update().get(pk=series)
    known = {step.from_on: step.rate for step in table.steps.order_by("from_on")}
    new: list[Known] = []
    for line in lines:
        before = max((on for on in known if on <= line.from_on), default=None)
        if before == line.from_on and known[before] != line.rate:
            raise NotPossible(f"the rate from {line.from_on} is known as {known[before]}, not {line.rate}")
        # A file that begins later repeats the rate that is in force already.
        if before is None or known[before] != line.rate:
            step = Known(table=table, from_on=line.from_on, rate=line.rate, source=source)
            step.full_clean(exclude=["table"])
            known[line.from_on] = line.rate
            new.append(step)
    Known.objects.bulk_create(new)
    RateTable.objects.filter(pk=series).update(looked_on=looked_on, alarmed_on=None)
    return new


def alarm(series: Sequence[str], *, on: date) -> int:
    """Raises the alarm about published rates that nobody looked at for too long; returns how many are new."""
    return RateTable.objects.filter(pk__in=list(series), alarmed_on=None).update(alarmed_on=on)
