from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Customer, Notice, Period, PeriodQuerySet, Subscription
from backoffice.models import Event, Run
from tests.builders import NOON, make_customer, make_notice, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db


def test_what_the_database_refuses_of_a_subscription() -> None:
    make_subscription()
    rows = Subscription.objects.all()
    must_be_refused("subscription_state", rows, state="paused")
    must_be_refused("subscription_of_something", rows, quantity=0)
    must_be_refused("subscription_begun", rows, start=None)
    must_be_refused("subscription_ended_on", rows, state="ended")
    must_be_refused("subscription_overdue_since", rows, state="past_due")
    must_be_refused("subscription_overdue_since", rows, overdue_since=date(2026, 3, 1))


def test_what_the_database_refuses_of_a_period() -> None:
    make_subscription()
    rows = Period.objects.all()
    must_be_refused("period_state", rows, state="paused")
    must_be_refused("period_ends_after_it_starts", rows, period_end=date(2020, 1, 1))


def test_what_the_database_refuses_of_a_notice() -> None:
    subscription = make_subscription()
    make_notice(subscription)
    must_be_refused("notice_state", Notice.objects.all(), state="lost")
    must_be_refused("notice_sent_dated", Notice.objects.all(), state="sent")
    must_be_refused("notice_delivered_dated", Notice.objects.all(), state="delivered", sent_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(subscription)


def test_what_the_database_refuses_of_runs_and_events() -> None:
    Run.objects.create(job="One", vendor="secureflag", day=date(2026, 3, 1))
    must_be_refused("run_state", Run.objects.all(), state="lost")
    Event.objects.create(kind="card", key="card/1", payload={}, created_at=NOON, due_at=NOON)
    must_be_refused("event_done_or_failed", Event.objects.all(), done_at=NOON, failed_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(kind="card", key="card/1", payload={}, created_at=NOON, due_at=NOON)


def test_who_has_a_contract_is_not_deleted() -> None:
    make_subscription(customer=make_customer(name="Ada"))
    with pytest.raises(models.ProtectedError):
        Customer.objects.get(name="Ada").delete()


@pytest.mark.parametrize(
    ("rows", "column", "index"),
    [
        (Period.objects.to_notice(), "tell_on", "period_to_notice"),
        (Period.objects.to_invoice(), "invoice_on", "period_to_invoice"),
        (Period.objects.to_close(), "closes_on", "period_to_close"),
        (Period.objects.to_stop(), "non_renewal_by", "period_to_stop"),
    ],
)
def test_what_is_due_is_found_by_an_index_of_only_what_is_left_to_do(
    rows: PeriodQuerySet, column: str, index: str
) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # On a table of a few rows the planner would read them all, whatever indexes there are.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.due("secureflag", column, date(2027, 2, 21))[:100].explain()
    assert index in plan
