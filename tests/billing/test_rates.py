"""Published rates: read from a bank's file, looked after, and never changed behind anybody's back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.services import NotPossible
from backoffice import days
from backoffice.terms.book import book
from billing.models import RateStep, RateTable
from billing.services import note_rates, read_rates
from billing.services.rates import Line, Steps, fill_tables
from tests.builders import NOON

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 20)


@pytest.fixture
def table() -> RateTable:
    """A table without steps, which nobody has looked at."""
    RateStep.objects.all().delete()
    RateTable.objects.all().delete()
    return RateTable.objects.create(series="bank_of_england", publisher="The bank")


def test_a_banks_file_is_read_whatever_comes_before_its_lines() -> None:
    raw = b'\xef\xbb\xbf"Date Changed","Rate"\n"18 Dec 25","3.75"\n"07 Aug 25","4.00"\n"08 Aug 25","4.00"\n'
    assert read_rates(raw) == [
        Line(date(2025, 8, 7), Decimal("0.0400")),
        Line(date(2025, 12, 18), Decimal("0.0375")),
    ]
    french = b"Titre :;Taux\n01/07/2025;2,76\n01/01/2025;3,71\n"
    assert [line.rate for line in read_rates(french)] == [Decimal("0.0371"), Decimal("0.0276")]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "no line"),
        (b"\xff\xfe", "not text"),
        (b"18 Dec 25,abc\n", "line 1: 'abc' is no rate"),
        (b"18 Dec 25,NaN\n", "line 1: a rate lies"),
        (b"18 Dec 25,3.75\nsomeday,4\n", "line 2: 'someday' is no day"),
        (b"18 Dec 25,3.75\n18 Dec 25,4\n", "line 2: 2025-12-18 has another rate"),
        (b"18 Dec 25\n", "line 1: '' is no rate"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(raw: bytes, told: str) -> None:
    with pytest.raises(NotPossible, match=told):
        read_rates(raw)


def test_a_file_adds_what_is_new_and_never_changes_what_is_known(table: RateTable, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("Date,Rate\n2025-08-07,4.00\n2025-12-18,3.75\n")
    for new in (2, 0):
        call_command("rates", "bank_of_england", str(file), "--source", "The bank")
        assert RateStep.objects.filter(table=table).count() == 2, new
    assert {step.source for step in table.steps.all()} == {"The bank"}
    file.write_text("2025-11-01,4.00\n2025-12-18,3.50\n")
    with pytest.raises(CommandError, match=r"2025-12-18 is known as 0\.037500, not 0\.0350"):
        call_command("rates", "bank_of_england", str(file), "--source", "The bank")
    assert table.steps.count() == 2


def test_the_alarm_is_raised_once_and_ends_when_somebody_looks(table: RateTable) -> None:
    job = next(job for job in days.jobs() if job.name == "Published rates are looked after")
    assert job.left({"secureflag": DAY}) == {"secureflag": 1}
    assert [job.work("secureflag", DAY, NOON) for _ in range(2)] == [1, 0]
    table.refresh_from_db()
    assert table.alarmed_on == DAY
    note_rates(series=table.pk, lines=[], source="", looked_on=DAY)
    assert RateTable.objects.filter(looked_on=DAY, alarmed_on=None).count() == 1
    assert job.left({"secureflag": DAY}) == {}


def test_a_contract_goes_by_the_rate_that_its_sheet_names(table: RateTable) -> None:
    note_rates(series=table.pk, lines=[Line(date(2025, 12, 18), Decimal("0.0375"))], source="s", looked_on=DAY)
    steps = Steps()
    assert [(one.from_, one.rate) for one in steps.of(book().newest("secureflag"))] == [
        (date(2025, 12, 18), Decimal("0.037500"))
    ]
    assert steps.of(book().newest("securegroup")) == ()


def test_a_new_database_has_every_step_that_is_shipped_with_its_source(table: RateTable) -> None:
    table.delete()
    for _ in range(2):
        fill_tables()
    counted = dict(RateTable.objects.order_by().annotate(there=Count("steps")).values_list("pk", "there"))
    assert counted == {"bank_of_england": 26, "french_legal": 22, "bulgarian_statutory": 0}
    assert not RateStep.objects.filter(source="").exists()
    # At the end of 2022 the bank's rate was 3.50 percent.
    before = RateStep.objects.filter(table="bank_of_england", from_on__lte=date(2022, 12, 31)).first()
    assert before is not None
    assert before.percent == Decimal("3.5")
