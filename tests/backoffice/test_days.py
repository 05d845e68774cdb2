from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Licence, Notice, Ownership, Period, StateChange, Subscription
from backoffice import days
from backoffice.days import DayRefused, Job, Stuck
from backoffice.models import Run
from billing.models import Invoice, RateTable
from tests.backoffice.rows import all_rows
from tests.builders import make_price, make_subscription

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 1)
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
VENDOR = "secureflag"

Jobs = Callable[..., None]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Lets a test bring its own jobs: each is a list of what its chunks do, a number of rows or an error."""

    def use(**scripts: list[int | Exception]) -> None:
        made = tuple(scripted(name, script) for name, script in scripts.items())
        monkeypatch.setattr(days, "jobs", lambda: made)

    return use


def scripted(name: str, script: list[int | Exception]) -> Job:
    def work(vendor: str, day: date, at: datetime) -> int:
        step = script.pop(0) if script else 0
        if isinstance(step, Exception):
            raise step
        return step

    def left(days_: Any) -> dict[str, int]:
        return {vendor: sum(step if isinstance(step, int) else 1 for step in script) for vendor in days_}

    return Job(name, work, left)


def states(day: date = FIRST) -> dict[str, str]:
    return dict(Run.objects.filter(day=day).values_list("job", "state"))


def test_the_order_has_a_job_for_every_entry() -> None:
    assert tuple(job.name for job in days.jobs()) == days.ORDER


def test_a_job_outside_the_order_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="no place for the job 'Washing up'"):
        days.job("Washing up", left=lambda days_: {})(lambda vendor, day, at: 0)


def test_an_entry_without_a_job_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "ORDER", (*days.ORDER, "Dishes are done"))
    days.jobs.cache_clear()
    with pytest.raises(LookupError, match="Dishes are done"):
        days.jobs()


def test_a_day_run_twice_leaves_the_same_rows() -> None:
    make_price()
    make_subscription()
    day = date(2027, 2, 22)
    at = datetime(2027, 2, 22, 12, tzinfo=UTC)
    days.run_day(VENDOR, day, at=at)
    once = all_rows()
    assert Notice.objects.count() == 3
    assert Invoice.objects.count() == 2

    days.run_day(VENDOR, day, at=at + timedelta(hours=1))

    assert all_rows() == once


def test_run_rows_are_unique() -> None:
    Run.objects.create(job="One", vendor=VENDOR, day=FIRST)
    with pytest.raises(IntegrityError):
        Run.objects.create(job="One", vendor=VENDOR, day=FIRST)


def test_a_run_tells_what_it_did(jobs: Jobs) -> None:
    jobs(one=[3, 2], two=[])
    one, two = days.run_day(VENDOR, FIRST, at=AT)
    assert (one.state, one.expected, one.count, one.failures, one.error) == ("done", 5, 5, 0, "")
    assert (two.state, two.expected, two.count) == ("done", 0, 0)
    assert one.started_at is not None
    assert one.finished_at is not None
    assert AT <= one.started_at <= one.finished_at


def test_a_day_waits_for_the_one_before(jobs: Jobs) -> None:
    jobs(one=[ValueError()])
    days.run_day(VENDOR, FIRST, at=AT)
    with pytest.raises(DayRefused, match="2026-03-02 has to wait: 2026-03-01 is not done for secureflag"):
        days.run_day(VENDOR, FIRST + timedelta(days=1), at=AT)


def test_a_day_cannot_be_left_out() -> None:
    days.run_day(VENDOR, FIRST, at=AT)
    with pytest.raises(DayRefused, match="2026-03-03 has to wait: 2026-03-02 is not done"):
        days.run_day(VENDOR, FIRST + timedelta(days=2), at=AT)


def test_a_day_before_the_first_is_refused() -> None:
    days.run_day(VENDOR, FIRST, at=AT)
    with pytest.raises(DayRefused, match="before the first day"):
        days.run_day(VENDOR, FIRST - timedelta(days=1), at=AT)


def test_an_unknown_vendor_is_refused() -> None:
    with pytest.raises(DayRefused, match=r"there is no vendor acme; the book has .*secureflag"):
        days.run_day("acme", FIRST, at=AT)


# 3 a.m. UTC on 2 March is still 1 March in Toronto, whose day securegroup's contract follows.
EARLY = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_a_day_begins_where_the_vendor_is(settings: LazySettings) -> None:
    settings.DAYS_BY_HAND = False
    days.run_day("securegroup", FIRST, at=EARLY)
    with pytest.raises(DayRefused, match="2026-03-02 has not begun yet where securegroup is"):
        days.run_day("securegroup", date(2026, 3, 2), at=EARLY)
    assert [run.state for run in days.run_day(VENDOR, date(2026, 3, 2), at=EARLY)] == ["done"] * len(days.ORDER)


def test_by_hand_a_day_may_run_before_it_begins(settings: LazySettings) -> None:
    settings.DAYS_BY_HAND = True
    assert [run.state for run in days.run_day("securegroup", date(2026, 3, 2), at=EARLY)] == ["done"] * len(days.ORDER)


def test_missed_days_are_caught_up_with_oldest_first() -> None:
    for vendor in ("securegroup", "secureflag", "securepacket"):
        make_subscription(vendor, accepted_on=date(2026, 2, 27))
    heard: list[tuple[str, date]] = []
    behind = days.catch_up(at=EARLY, tell=lambda vendor, day, done: heard.append((vendor, day)) if done else None)
    assert behind == {}
    friday, saturday, sunday, monday = (date(2026, 2, 27) + timedelta(days=number) for number in range(4))
    assert [day for vendor, day in heard if vendor == "secureflag"] == [friday, saturday, sunday, monday]
    assert [day for vendor, day in heard if vendor == "securegroup"] == [friday, saturday, sunday]
    assert days.next_days() == {
        "secureflag": date(2026, 3, 3),
        "securegroup": date(2026, 3, 2),
        "securepacket": date(2026, 3, 3),
    }


def test_catching_up_late_comes_to_the_same_as_running_each_day() -> None:
    make_price("securegroup", cycle_months=1)
    make_subscription("securegroup")
    days.catch_up(at=datetime(2026, 7, 15, 12, tzinfo=UTC))
    invoices = Invoice.objects.order_by("number").values_list("number", "issued_on", "due_on")
    assert list(invoices) == [
        ("INV-000001", date(2026, 3, 1), date(2026, 3, 1)),
        ("INV-000002", date(2026, 3, 25), date(2026, 4, 1)),
        ("INV-000003", date(2026, 4, 24), date(2026, 5, 1)),
        ("INV-000004", date(2026, 5, 25), date(2026, 6, 1)),
        ("INV-000005", date(2026, 6, 24), date(2026, 7, 1)),
    ]
    assert list(Period.objects.order_by("index").values_list("state", flat=True)) == ["renewed"] * 4 + ["open"]


def test_only_one_vendor_is_caught_up_with_when_asked() -> None:
    make_subscription("securepacket")
    make_subscription()
    days.catch_up(at=AT, vendor=VENDOR)
    assert set(Run.objects.values_list("vendor", flat=True)) == {VENDOR}


def test_without_subscriptions_no_day_runs() -> None:
    assert days.catch_up(at=AT) == {}
    assert days.next_day(VENDOR) is None
    assert not Run.objects.exists()


def test_a_failure_stops_what_comes_after_it_and_the_next_try_resumes(jobs: Jobs) -> None:
    jobs(one=[4], two=[2, Stuck("There is no price."), 1], three=[1])
    days.run_day(VENDOR, FIRST, at=AT)
    assert states() == {"one": "done", "two": "failed", "three": "waiting"}
    failed = Run.objects.get(job="two")
    assert (failed.count, failed.failures, failed.error) == (2, 1, "There is no price.")

    days.run_day(VENDOR, FIRST, at=AT)
    assert states() == {"one": "done", "two": "done", "three": "done"}
    healed = Run.objects.get(job="two")
    assert (healed.count, healed.failures, healed.error) == (3, 1, "")


def test_a_vendor_that_fails_does_not_hold_up_the_others() -> None:
    make_subscription(accepted_on=FIRST)
    make_subscription("ethicmail", accepted_on=FIRST, cycle_months=1)
    behind = days.catch_up(at=datetime(2026, 4, 10, 12, tzinfo=UTC))
    assert behind == {"ethicmail": date(2026, 4, 1)}
    assert days.next_day(VENDOR) == date(2026, 4, 11)
    stuck = Run.objects.get(state="failed")
    assert stuck.error == (
        "There is no price for the plan 'Team' over 1 month on 1 April 2026. Add it under Prices: 1 renewal waits."
    )
    make_price("ethicmail", cycle_months=1)
    assert days.catch_up(at=datetime(2026, 4, 10, 12, tzinfo=UTC)) == {}
    assert set(Invoice.objects.values_list("issued_on", flat=True)) == {date(2026, 4, 1)}


def test_an_error_is_told_without_what_it_quotes(jobs: Jobs) -> None:
    jobs(one=[ValueError("duplicate key: alice@example.com")])
    days.run_day(VENDOR, FIRST, at=AT)
    error = Run.objects.get().error
    assert error.startswith("ValueError at tests/backoffice/test_days.py:")
    assert "alice" not in error


def test_a_run_that_others_have_in_hand_stays_running(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Job("one", lambda vendor, day, at: 0, lambda days_: dict.fromkeys(days_, 7))
    monkeypatch.setattr(days, "jobs", lambda: (busy, scripted("two", [1])))
    days.run_day(VENDOR, FIRST, at=AT)
    assert states() == {"one": "running", "two": "waiting"}


def test_idle_days_cost_the_same_however_many_vendors_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def cost(vendors: list[str]) -> int:
        Run.objects.all().delete()
        Period.objects.all().delete()
        Licence.objects.all().delete()
        StateChange.objects.all().delete()
        Ownership.objects.all().delete()
        Subscription.objects.all().delete()
        for vendor in vendors:
            make_subscription(vendor, accepted_on=FIRST)
        with CaptureQueriesContext(connection) as queries:
            days.catch_up(at=datetime(2026, 3, 1, 12, tzinfo=UTC))
        assert Run.objects.filter(state="done").count() == len(days.ORDER) * len(vendors)
        return len(queries)

    # Otherwise the first of them raises the alarm about published rates that are old.
    RateTable.objects.update(alarmed_on=FIRST)
    # SQLite takes the values of a statement in portions; here one portion holds the runs of three days.
    monkeypatch.setattr(connection.features, "max_query_params", 100_000)
    assert cost([VENDOR]) == cost([VENDOR, "securegroup", "securepacket"])
