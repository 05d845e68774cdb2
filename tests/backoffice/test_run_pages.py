"""The days' runs on the pages: what is done, at work, waiting or failed, what a day made, and running the next one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import Settings

from backoffice import days, tasks
from backoffice.models import Run
from backoffice.pages import today
from backoffice.pages.runs import state_of
from tests import people
from tests.builders import make_price, make_subscription

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the workers were told to run."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.run_day, "delay", lambda vendor, day: told.append((vendor, day)))
    return told


@pytest.fixture(autouse=True)
def by_hand(settings: Settings) -> None:
    settings.DAYS_BY_HAND = True


def read(client: Client, address: str, **headers: str) -> str:
    answered = client.get(address, headers=headers)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def make_run(state: str, **changes: Any) -> Run:
    known = {"job": "Renewals are invoiced", "vendor": "secureflag", "day": DAY, "state": state}
    return Run.objects.create(**{**known, **changes})


def test_with_nothing_to_do_the_page_says_what_to_do_next() -> None:
    assert "No day has run yet" in read(people.clerk(), "/admin/runs/")


def test_a_day_that_ran_is_in_the_calendar_and_the_one_after_it_comes_next() -> None:
    make_subscription("secureflag")
    days.run_day("secureflag", DAY, at=AT)
    text = read(people.clerk(), "/admin/runs/")
    assert 'href="/admin/runs/secureflag/2026-03-01/"' in text
    assert "1 March 2026: done" in text and "2 March 2026 comes next" in text
    assert "Not finished" not in text


def test_a_failed_job_shows_its_reason_and_what_happens_next() -> None:
    make_run("failed", error="The price of the plan Team is missing", failures=2, expected=3, count=1)
    text = read(people.clerk(), "/admin/runs/")
    assert "The price of the plan Team is missing" in text
    assert "1 of 3 done" in text and "failed 2 times" in text
    assert "Later days of this vendor wait for it" in text


@pytest.mark.parametrize(
    ("states", "day"),
    [
        (["done", "done"], "done"),
        (["done", "running", "waiting"], "running"),
        (["done", "waiting"], "running"),
        (["waiting", "waiting"], "waiting"),
        (["done", "failed", "waiting"], "failed"),
    ],
)
def test_a_day_is_as_far_as_its_jobs(states: list[str], day: str) -> None:
    assert state_of([Run(state=state) for state in states]) == day


def test_the_calendar_looks_often_only_while_something_moves() -> None:
    client = people.clerk()
    make_run("done")
    assert 'hx-trigger="every 10s"' in read(client, "/admin/runs/", hx_request="true")
    Run.objects.update(state="running")
    text = read(client, "/admin/runs/", hx_request="true")
    assert 'hx-trigger="every 1s"' in text and "<html" not in text


def test_the_calendar_watches_for_a_while_after_somebody_asked_for_a_day() -> None:
    make_subscription("secureflag")
    client, now = people.clerk(), timezone.now()

    def pause(seconds: int, of: str = "secureflag/2026-03-01") -> bool:
        moment = (now - timedelta(seconds=seconds)).isoformat()
        return "every 1s" in read(client, f"/admin/runs/?{urlencode({'watch': moment, 'of': of})}")

    assert pause(5) and not pause(300)
    assert 'hx-trigger="every 10s"' in read(client, "/admin/runs/?watch=yesterday&of=secureflag/2026-03-01")
    assert 'hx-trigger="every 10s"' in read(client, "/admin/runs/?watch=2026-03-01&of=secureflag/2026-03-01")
    days.run_day("secureflag", DAY, at=AT)
    assert not pause(5), "the day that was asked for is done, so the next one can be asked for"
    assert not pause(5, of="nobody/2026-03-02") and pause(5, of="secureflag/2026-03-02")


def test_a_day_that_failed_is_watched_until_a_worker_had_time_to_take_it_up() -> None:
    make_subscription("secureflag")
    make_run("failed")
    client, now = people.clerk(), timezone.now()
    pauses = []
    for seconds in (1, 10):
        watch = urlencode({"watch": (now - timedelta(seconds=seconds)).isoformat(), "of": "secureflag/2026-03-01"})
        pauses.append("every 1s" in read(client, f"/admin/runs/?{watch}"))
    assert pauses == [True, False]


def test_a_day_lists_what_it_made_with_links() -> None:
    price = make_price("secureflag")
    subscription = make_subscription("secureflag", accepted_on=date(2025, 3, 1))
    for offset in range(3):
        days.run_day("secureflag", date(2025, 3, 1) + timedelta(days=offset), at=AT)
    period = subscription.periods.get()
    Run.objects.all().delete()
    days.run_day("secureflag", period.invoice_on, at=AT)
    text = read(people.clerk(), f"/admin/runs/secureflag/{period.invoice_on}/")
    invoice = subscription.invoices.get()
    assert f'href="/admin/billing/invoice/{invoice.pk}/change/"' in text and f"{price.amount} GBP" in text
    notice = subscription.notices.get(kind="renewal")
    assert f'href="/admin/accounts/notice/{notice.pk}/change/"' in text
    assert 'hx-trigger="every' not in text


def test_a_day_that_is_not_finished_is_watched_by_itself() -> None:
    make_run("running", expected=10, count=4)
    text = read(people.clerk(), "/admin/runs/secureflag/2026-03-01/", hx_request="true")
    assert 'hx-get="/admin/runs/secureflag/2026-03-01/"' in text and "4 of 10" in text
    assert "Nothing was due on this day." in text


def test_a_day_without_runs_is_not_found() -> None:
    assert people.clerk().get("/admin/runs/secureflag/2026-03-01/").status_code == 404


def test_the_next_day_goes_to_the_workers_for_who_is_furthest_behind(queued: list[tuple[str, str]]) -> None:
    make_subscription("secureflag")
    make_subscription("cryptopass", accepted_on=date(2026, 3, 2))
    client = people.owner()
    answered = client.post("/admin/runs/next/")
    assert queued == [("secureflag", "2026-03-01")]
    assert answered.headers["Location"].startswith("/admin/runs/?watch=")
    days.run_day("secureflag", DAY, at=AT)
    queued.clear()
    client.post("/admin/runs/next/")
    assert sorted(queued) == [("cryptopass", "2026-03-02"), ("secureflag", "2026-03-02")]


def test_a_failed_day_is_tried_again_while_the_others_go_on(queued: list[tuple[str, str]]) -> None:
    make_subscription("secureflag")
    make_subscription("cryptopass", accepted_on=date(2026, 3, 2))
    make_run("failed")
    people.owner().post("/admin/runs/next/")
    assert sorted(queued) == [("cryptopass", "2026-03-02"), ("secureflag", "2026-03-01")]


def test_where_the_clock_opens_the_days_one_that_has_not_begun_waits(
    queued: list[tuple[str, str]], settings: Settings
) -> None:
    settings.DAYS_BY_HAND = False
    make_subscription("secureflag", accepted_on=timezone.now().date() + timedelta(days=3))
    client = people.owner()
    assert "Every day that has begun is done." in read(client, "/admin/runs/")
    answered = client.post("/admin/runs/next/", follow=True)
    assert queued == [] and "has not begun" in answered.content.decode()


def test_without_a_broker_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.run_day, "delay", refuse)
    make_subscription("secureflag")
    answered = people.owner().post("/admin/runs/next/", follow=True)
    assert "The workers cannot be reached" in answered.content.decode()


def test_only_who_may_runs_a_day_and_only_by_a_form_of_ours(queued: list[tuple[str, str]]) -> None:
    make_subscription("secureflag")
    assert people.clerk().post("/admin/runs/next/").status_code == 403
    assert people.outsider().post("/admin/runs/next/").status_code == 302
    assert people.owner().get("/admin/runs/next/").status_code == 405
    forged = people.owner(Client(enforce_csrf_checks=True))
    assert forged.post("/admin/runs/next/").status_code == 403
    assert people.newcomer().get("/admin/runs/").status_code == 403
    assert queued == []
    assert "Run the next day" not in read(people.clerk(), "/admin/runs/")
    assert "Run the next day" in read(people.owner(), "/admin/runs/")


def test_today_tells_where_each_vendor_stands_and_what_is_due() -> None:
    make_subscription("cryptopass")
    days.run_day("cryptopass", DAY, at=AT)
    text = read(people.clerk(), "/admin/")
    assert "Europe/Paris" in text and 'href="/admin/runs/cryptopass/2026-03-01/"' in text
    assert "Due from 2 March to 31 March 2026" in text
    assert "last days for a notice not to renew" in text and "periods that end" in text
    assert "identity documents to destroy" not in text, "of which there is none"
    assert "vendor days that failed" not in text


def test_today_counts_no_further_than_anybody_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today, "COUNTED", 2)
    tiles = re.compile(r'<span class="tile-count" ?>([^<]*)</span> orders to confirm')
    shown = []
    for _ in range(3):
        make_subscription("secureflag")
        shown += tiles.findall(read(people.owner(), "/admin/"))
    assert shown == ["1", "2", "2+"]


def test_today_names_what_is_stuck() -> None:
    make_run("failed", error="No price")
    assert "vendor days that failed" in read(people.clerk(), "/admin/")


def test_today_shows_somebody_without_permissions_nothing_of_the_books() -> None:
    make_run("failed", error="No price")
    text = read(people.newcomer(), "/admin/")
    assert "secureflag" not in text and "Stuck" not in text and "Due from" not in text
