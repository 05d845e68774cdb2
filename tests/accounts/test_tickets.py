from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import tickets
from accounts.models import Administrator, Reclassification, Ticket, TicketAlarm
from accounts.services import NotPossible, remove_administrator
from tests.builders import NOON, make_administrator, make_subscription, make_ticket
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def clauses(because: list[dict[str, Any]]) -> set[str]:
    return {item["clause"] for item in because}


# 2 March 2026 is a Monday; England's clocks go forward on the 29th, Good Friday is 3 April.
@pytest.mark.parametrize(
    ("vendor", "priority", "reported", "due", "warned"),
    [
        pytest.param("secureflag", "P0", "2026-03-02T10:00Z", "2026-03-03T14:00Z", "2026-03-03T11:36Z", id="P0 twelve"),
        pytest.param("secureflag", "P0", "2026-03-06T16:00Z", "2026-03-10T12:00Z", "2026-03-10T09:36Z", id="weekend"),
        pytest.param("secureflag", "P1", "2026-03-06T17:00Z", "2026-03-09T17:00Z", "2026-03-09T15:24Z", id="closing"),
        pytest.param("secureflag", "P1", "2026-03-06T17:01Z", "2026-03-10T09:00Z", "2026-03-09T15:24Z", id="too late"),
        pytest.param("secureflag", "P1", "2026-03-02T08:59Z", "2026-03-03T09:00Z", "2026-03-02T15:24Z", id="too early"),
        pytest.param("secureflag", "P1", "2026-04-02T09:00Z", "2026-04-07T09:00Z", "2026-04-02T15:24Z", id="Easter"),
        pytest.param("secureflag", "P2", "2026-03-02T10:00Z", "2026-03-05T10:00Z", "2026-03-04T13:12Z", id="P2 three"),
        pytest.param(
            "secureflag", "P3", "2026-03-02T10:00Z", "2026-03-23T10:00Z", "2026-03-18T10:00Z", id="P3 fifteen"
        ),
        pytest.param("cryptopass", "ticket", "2026-03-02T16:00Z", "2026-03-03T11:00Z", "2026-03-03T10:12Z", id="6.2"),
        pytest.param(
            "securegroup_devices", "critical", "2026-03-07T22:00Z", "2026-03-08T22:00Z", "2026-03-08T17:12Z", id="21"
        ),
        pytest.param(
            "securegroup_devices", "key", "2026-03-28T22:00Z", "2026-03-29T04:00Z", "2026-03-29T02:48Z", id="key"
        ),
    ],
)
def test_an_answer_is_due_when_the_contract_says(
    vendor: str, priority: str, reported: str, due: str, warned: str
) -> None:
    made = make_ticket(vendor, priority=priority, reported_at=moment(reported))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.clock_from) == ("open", moment(reported))
    assert (ticket.due_at, ticket.warn_at, ticket.alarm_at) == (moment(due), moment(warned), moment(warned))
    assert ticket.sheet == made.subscription.sheet
    assert ticket.due_because


@pytest.mark.parametrize("vendor", ["securegroup", "ethicmail", "securepacket", "secureflag", "securegroup_devices"])
def test_without_a_priority_of_the_contract_no_time_runs(vendor: str) -> None:
    ticket = make_ticket(vendor)
    assert (ticket.state, ticket.due_at, ticket.warn_at, ticket.alarm_at, ticket.due_because) == (
        "open",
        None,
        None,
        None,
        [],
    )


@pytest.mark.parametrize(
    ("vendor", "priority", "told"),
    [("secureflag", "p1", "P0, P1, P2, P3 and P4"), ("securegroup", "P1", "names none, so leave it empty")],
)
def test_a_priority_is_one_that_the_contract_names(vendor: str, priority: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told) as refused:
        make_ticket(vendor, priority=priority)
    assert set(refused.value.message_dict) == {"priority"}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(("field", "wrong"), [("reporter_email", "nobody"), ("subject", "")])
def test_a_request_is_checked_before_it_is_kept(field: str, wrong: str) -> None:
    changes: dict[str, Any] = {field: wrong, "by_administrator": False}
    with pytest.raises(ValidationError) as refused:
        make_ticket(**changes)
    assert set(refused.value.message_dict) == {field}


def test_a_request_does_not_come_from_the_future() -> None:
    request = tickets.Request(reporter_email="ada@example.com", subject="No mail")
    with pytest.raises(ValidationError, match="later than it is written down"):
        tickets.report(
            subscription=make_subscription(), request=request, reported_at=NOON, at=NOON - timedelta(seconds=1)
        )


def test_a_reference_tells_no_count() -> None:
    subscription = make_subscription()
    references = [make_ticket(subscription=subscription).reference for _ in range(20)]
    assert len(set(references)) == 20
    assert references != sorted(references)
    assert all(len(one) == 10 and one.isalnum() for one in references)


@pytest.mark.parametrize(
    ("vendor", "clause", "breach"),
    [("securegroup", "SLA 1.4", True), ("secureflag", "Schedule 1", False), ("cryptopass", "6.2", False)],
)
def test_who_is_no_administrator_is_refused_with_the_clause(vendor: str, clause: str, breach: bool) -> None:
    make_ticket(vendor, by_administrator=False)
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.refused_for, ticket.sla_breach) == ("refused", "not_administrator", breach)
    assert clauses(ticket.who_because) == {clause}
    assert (ticket.clock_from, ticket.due_at) == (None, None)


def test_an_administrator_is_whoever_was_one_on_the_day_of_the_request() -> None:
    subscription = make_subscription("securegroup")
    make_administrator(subscription, "grace@example.com")
    one = Administrator.objects.get()
    asked: dict[str, Any] = {"subscription": subscription, "by_administrator": False}
    assert make_ticket(**asked, reporter_email="Grace@Example.com").state == "open"
    assert make_ticket(**asked, reporter_email="other@example.com").state == "refused"
    # Universal time: Montreal's day begins at five in winter, and at four from 8 March on.
    for reported, state in (("2026-03-01T04:59Z", "refused"), ("2026-03-01T05:00Z", "open")):
        made = make_ticket(**asked, reporter_email=one.email, reported_at=moment(reported))
        assert (made.state, made.by_administrator) == (state, state == "open")
    remove_administrator(administrator=one, on=date(2026, 3, 10))
    for reported, state in (("2026-03-10T03:59Z", "open"), ("2026-03-10T04:00Z", "refused")):
        assert make_ticket(**asked, reporter_email=one.email, reported_at=moment(reported)).state == state


@pytest.mark.parametrize("who", ["customer", "vendor"])
def test_an_administrator_is_one_of_this_customer_under_this_contract(who: str) -> None:
    named = make_subscription("securegroup")
    make_administrator(named)
    other = make_subscription("securegroup") if who == "customer" else make_subscription(customer=named.customer)
    assert make_ticket(subscription=other, by_administrator=False).state == "refused"


def test_others_are_answered_where_that_was_agreed_in_writing() -> None:
    ticket = make_ticket("securegroup", by_administrator=False, agreed_in_writing=True)
    assert (ticket.state, ticket.sla_breach, clauses(ticket.who_because)) == ("open", False, {"SLA 1.4"})


@pytest.mark.parametrize("vendor", ["ethicmail", "securepacket", "securegroup_devices"])
def test_where_the_contract_is_silent_anybody_is_answered(vendor: str) -> None:
    ticket = make_ticket(vendor, by_administrator=False)
    assert (ticket.state, ticket.who_because) == ("open", [])


# 6.2: the four hours begin when issuer, reason, severity, type and description are all there.
def test_time_runs_from_when_the_request_is_complete() -> None:
    ticket = make_ticket("cryptopass", priority="ticket", severity=" ", type="")
    assert (ticket.state, ticket.missing, ticket.due_at) == ("incomplete", ["severity", "type"], None)
    assert clauses(ticket.complete_because) == {"6.2"}

    ticket = tickets.complete(ticket=ticket, parts={"severity": "high"}, at=NOON + timedelta(hours=1))
    assert (ticket.state, ticket.missing, ticket.clock_from) == ("incomplete", ["type"], None)

    at = moment("2026-03-03T10:00:00+01:00")
    tickets.complete(ticket=ticket, parts={"type": "fault"}, at=at)
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.missing, ticket.clock_from, ticket.reported_at) == ("open", [], at, NOON)
    assert (ticket.severity, ticket.type) == ("high", "fault")
    assert ticket.due_at == moment("2026-03-03T14:00:00+01:00")
    with pytest.raises(NotPossible, match="lacks nothing"):
        tickets.complete(ticket=ticket, parts={"type": "wish"}, at=at)


def test_only_where_the_contract_says_so_must_a_request_be_complete() -> None:
    ticket = make_ticket("secureflag", priority="P1", reason="", severity="", type="", text="", reporter_name="")
    assert (ticket.state, ticket.complete_because) == ("open", [])


# DEV 21: the customer may call an error critical, or not, at any time; the time counts from its report.
def test_another_priority_counts_from_the_first_report() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    tickets.reclassify(ticket=ticket, priority="key", by="customer", at=NOON + timedelta(hours=5))
    ticket = Ticket.objects.get()
    due = NOON + timedelta(hours=6)
    assert (ticket.priority, ticket.due_at, ticket.reported_at, ticket.clock_from) == ("key", due, NOON, NOON)
    row = Reclassification.objects.get()
    assert (row.old_priority, row.new_priority, row.by, row.at) == (
        "critical", "key", "customer", NOON + timedelta(hours=5),
    )  # fmt: skip
    assert (row.old_due_at, row.new_due_at) == (NOON + timedelta(hours=24), due)
    assert (row.sheet, clauses(row.because)) == (ticket.sheet, {"DEV 21", "DEV 1.1"})


def test_another_priority_may_take_the_time_away_and_give_it_back() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    ticket = tickets.reclassify(ticket=ticket, priority="", by="vendor", at=NOON)
    assert (ticket.due_at, ticket.warn_at, ticket.alarm_at, ticket.due_because) == (None, None, None, [])
    ticket = tickets.reclassify(ticket=ticket, priority="critical", by="customer", at=NOON + timedelta(hours=30))
    assert ticket.due_at == NOON + timedelta(hours=24)
    assert ticket.alarm_at == ticket.warn_at
    assert str(Reclassification.objects.first()) == "critical became no priority"


def test_an_answered_request_may_still_be_given_another_priority() -> None:
    ticket = tickets.answer(ticket=make_ticket("securegroup_devices", priority="critical"), at=NOON)
    ticket = tickets.reclassify(ticket=ticket, priority="key", by="customer", at=NOON)
    assert (ticket.state, ticket.due_at, ticket.alarm_at) == ("answered", NOON + timedelta(hours=6), None)


def test_an_incomplete_request_keeps_its_new_priority_for_later() -> None:
    ticket = make_ticket("cryptopass", text="")
    ticket = tickets.reclassify(ticket=ticket, priority="ticket", by="customer", at=NOON)
    assert ticket.due_at is None
    assert tickets.complete(ticket=ticket, parts={"description": "None."}, at=NOON).due_at is not None


def test_what_no_other_priority_can_be_given_to() -> None:
    ticket = make_ticket(priority="P1")
    with pytest.raises(NotPossible, match="has this priority already"):
        tickets.reclassify(ticket=ticket, priority="P1", by="customer", at=NOON)
    with pytest.raises(ValidationError, match="no priority “P9”"):
        tickets.reclassify(ticket=ticket, priority="P9", by="customer", at=NOON)
    for over in (make_ticket(by_administrator=False), tickets.close(ticket=ticket, at=NOON)):
        with pytest.raises(NotPossible, match="keeps its priority"):
            tickets.reclassify(ticket=over, priority="P2", by="customer", at=NOON)
    assert not Reclassification.objects.exists()


def test_an_answer_and_the_end_are_noted_once() -> None:
    ticket = make_ticket(priority="P1")
    with pytest.raises(NotPossible, match="before it came"):
        tickets.answer(ticket=ticket, at=NOON - timedelta(seconds=1))
    tickets.answer(ticket=ticket, at=NOON + timedelta(hours=1))
    with pytest.raises(NotPossible, match="waits for no answer"):
        tickets.answer(ticket=ticket, at=NOON + timedelta(hours=2))
    tickets.close(ticket=ticket, at=NOON + timedelta(hours=3))
    with pytest.raises(NotPossible, match="over already"):
        tickets.close(ticket=ticket, at=NOON + timedelta(hours=4))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.answered_at, ticket.closed_at, ticket.alarm_at) == (
        "closed", NOON + timedelta(hours=1), NOON + timedelta(hours=3), None,
    )  # fmt: skip


@pytest.mark.parametrize("changes", [{"by_administrator": False}, {"text": ""}])
def test_what_is_refused_or_incomplete_waits_for_no_answer(changes: dict[str, Any]) -> None:
    ticket = make_ticket("cryptopass", **changes)
    with pytest.raises(NotPossible, match="waits for no answer"):
        tickets.answer(ticket=ticket, at=NOON)


def test_a_request_may_be_closed_unanswered() -> None:
    ticket = tickets.close(ticket=make_ticket("cryptopass", text=""), at=NOON)
    assert (ticket.state, ticket.answered_at, ticket.closed_at) == ("closed", None, NOON)


def test_what_the_database_refuses_of_a_ticket() -> None:
    make_ticket(priority="P1")
    rows = Ticket.objects.all()
    must_be_refused("ticket_state_known", rows, state="lost", alarm_at=None)
    timeless = {"clock_from": None, "due_at": None, "warn_at": None, "alarm_at": None}
    must_be_refused("ticket_refused_for", rows, state="refused", **timeless)
    must_be_refused("ticket_refused_for", rows, state="refused", alarm_at=None, refused_for="not_administrator")
    must_be_refused("ticket_refused_for", rows, refused_for="not_administrator")
    must_be_refused("ticket_refused_for", rows, sla_breach=True)
    must_be_refused("ticket_open_clock", rows, **timeless)
    must_be_refused("ticket_open_clock", rows, answered_at=NOON)
    must_be_refused("ticket_due_later", rows, clock_from=NOON + timedelta(days=30))
    must_be_refused("ticket_warned_before", rows, warn_at=NOON + timedelta(days=30))
    must_be_refused("ticket_warned_before", rows, warn_at=None)
    must_be_refused("ticket_warned_before", rows, due_at=None, alarm_at=None)
    must_be_refused("ticket_due_later", rows, state="incomplete", clock_from=None, alarm_at=None)
    must_be_refused("ticket_answered_at", rows, state="answered", alarm_at=None)
    must_be_refused("ticket_closed_at", rows, state="closed", alarm_at=None)
    must_be_refused("ticket_closed_at", rows, closed_at=NOON)
    must_be_refused("ticket_alarm_of_open", rows, state="answered", answered_at=NOON)
    other = make_ticket()
    must_be_refused("reference", Ticket.objects.filter(pk=other.pk), reference=Ticket.objects.last().reference)  # type: ignore[union-attr]


def test_what_the_database_refuses_of_its_history_and_alarms() -> None:
    ticket = make_ticket(priority="P1")
    tickets.reclassify(ticket=ticket, priority="P2", by="customer", at=NOON)
    must_be_refused("reclassified_to_another", Reclassification.objects.all(), new_priority="P1")
    must_be_refused("reclassified_by_known", Reclassification.objects.all(), by="nobody")
    known: dict[str, Any] = {"ticket": ticket, "due_at": NOON, "percent": 80, "rang_at": NOON}
    TicketAlarm.objects.create(**known)
    must_be_refused("alarm_percent_known", TicketAlarm.objects.all(), percent=50)
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketAlarm.objects.create(**known | {"rang_at": datetime(2026, 4, 1, tzinfo=UTC)})
