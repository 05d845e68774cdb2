"""The minute's look at support tickets: each deadline rings once at four fifths of its time, and once when it is over."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import tickets
from accounts.models import Ticket, TicketAlarm
from backoffice import clocks
from tests.builders import NOON, make_subscription, make_ticket

CLOCK = "Support tickets near their deadline"
# Of a critical error: 24 hours by day and night, reported at noon.
WARN, DUE = NOON + timedelta(hours=19, minutes=12), NOON + timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


def look(at: datetime) -> int:
    return clocks.poll(at=at)[CLOCK]


def rung() -> list[tuple[int, datetime]]:
    return list(TicketAlarm.objects.order_by("id").values_list("percent", "rang_at"))


@pytest.mark.django_db
def test_an_alarm_rings_at_its_moment_and_once() -> None:
    make_ticket("securegroup_devices", priority="critical")
    assert look(WARN - MOMENT) == 0
    assert rung() == []
    assert look(WARN) == 1
    assert look(WARN) == 0
    assert look(DUE - MOMENT) == 0
    assert rung() == [(80, WARN)]
    assert Ticket.objects.get().alarmed == 80
    assert look(DUE) == 1
    assert look(DUE + timedelta(days=1)) == 0
    assert rung() == [(80, WARN), (100, DUE)]
    ticket = Ticket.objects.get()
    assert (ticket.alarmed, ticket.alarm_at, ticket.state) == (100, None, "open")
    assert str(TicketAlarm.objects.first()) == "80% of the time is over"


@pytest.mark.django_db
def test_a_look_that_comes_late_finds_both() -> None:
    make_ticket("securegroup_devices", priority="critical")
    late = DUE + timedelta(hours=3)
    assert look(late) == 1
    assert rung() == [(80, late), (100, late)]


@pytest.mark.django_db
def test_what_waits_for_no_answer_does_not_ring() -> None:
    subscription = make_subscription("securegroup_devices")
    answered, closed, _timeless = (
        make_ticket(subscription=subscription, priority=priority) for priority in ("critical", "critical", "")
    )
    tickets.answer(ticket=answered, at=NOON)
    tickets.close(ticket=closed, at=NOON)
    make_ticket("cryptopass", priority="ticket", text="")
    assert look(DUE + timedelta(days=30)) == 0
    assert rung() == []


@pytest.mark.django_db
def test_another_deadline_rings_anew_and_the_same_one_does_not() -> None:
    ticket = make_ticket("securegroup_devices", priority="key")
    look(NOON + timedelta(hours=5))
    tickets.reclassify(ticket=ticket, priority="critical", by="customer", at=NOON + timedelta(hours=5))
    assert Ticket.objects.get().alarmed == 0
    look(WARN)
    tickets.reclassify(ticket=ticket, priority="key", by="customer", at=WARN)
    look(WARN)
    parts = TicketAlarm.objects.order_by("id").values_list("due_at", "percent")
    key_due = NOON + timedelta(hours=6)
    assert list(parts) == [(key_due, 80), (DUE, 80), (key_due, 100)]


@pytest.mark.django_db
def test_more_than_a_chunk_is_done_in_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.clocks.CHUNK", 2)
    subscription = make_subscription("securegroup_devices")
    for _ in range(5):
        make_ticket(subscription=subscription, priority="critical")
    assert look(DUE) == 5
    assert TicketAlarm.objects.count() == 10


@pytest.mark.django_db
def test_nothing_due_costs_one_query_by_the_index() -> None:
    make_ticket("securegroup_devices", priority="critical")
    with CaptureQueriesContext(connection) as captured:
        look(NOON)
    assert len([query for query in captured if 'FROM "accounts_ticket"' in query["sql"]]) == 1
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE"))]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "ticket_to_alarm" in Ticket.objects.to_alarm(NOON)[:100].explain()


@pytest.mark.django_db(transaction=True)
def test_many_that_look_at_once_ring_each_alarm_once() -> None:
    subscription = make_subscription("securegroup_devices")
    for _ in range(12):
        make_ticket(subscription=subscription, priority="critical")
    start = threading.Barrier(4)

    def one(_: int) -> int:
        try:
            start.wait()
            return look(DUE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as lookers:
        counts = list(lookers.map(one, range(4)))
    assert sum(counts) == 12
    assert TicketAlarm.objects.count() == 24


@pytest.mark.django_db
def test_a_look_that_breaks_off_leaves_nothing() -> None:
    make_ticket("securegroup_devices", priority="critical")
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        assert tickets.ring(DUE) == 1
        raise RuntimeError("killed")
    assert rung() == []
    assert look(DUE) == 1
