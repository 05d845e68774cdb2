"""What staff see of support tickets, and what they can do there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tickets
from accounts.models import Reclassification, Ticket
from backoffice import clocks
from tests import people
from tests.accounts.acts import ask, do, now
from tests.accounts.acts import page as act_page
from tests.builders import NOON, make_administrator, make_subscription, make_ticket

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/ticket/"


@pytest.fixture(autouse=True)
def _two_in_the_afternoon() -> object:
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        yield


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def page(ticket: Ticket) -> str:
    return f"{LIST}{ticket.pk}/change/"


def send(client: Client, address: str, **changes: Any) -> Any:
    """Posts the page's form as the browser would, with other values where the test names them."""
    form = client.get(address).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    shown.pop("reported_at", None)
    inlines = {
        f"{name}-{part}": 0
        for name in ("reclassifications", "alarms", "mails")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    # A browser sends no unticked box; a count of 0 it does send.
    filled = {
        n: value for n, value in {**shown, **inlines, **changes}.items() if value is not None and value is not False
    }
    return client.post(address, filled, follow=True)


def test_the_nearest_deadline_stands_on_top() -> None:
    subscription = make_subscription()
    made = {priority: make_ticket(subscription=subscription, priority=priority) for priority in ("P2", "", "P0", "P1")}
    tickets.answer(ticket=make_ticket(subscription=subscription, priority="P0", subject="Done"), at=NOON)
    text = read(people.clerk(), LIST)
    places = [text.index(made[priority].reference) for priority in ("P1", "P0", "P2", "")]
    assert places == sorted(places)
    assert text.index("Done") > places[2]
    assert "3 March 2026 at 16:00 (GMT)" in text
    assert "no time is set" in text


def test_the_list_asks_as_often_for_many_as_for_few() -> None:
    client = people.clerk()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, LIST)
        return len(captured)

    make_ticket(priority="P1")
    queries()
    few = queries()
    for _ in range(8):
        make_ticket(priority="P1")
    assert queries() == few


def test_a_ticket_is_found_by_reference_address_and_number() -> None:
    found, other = make_ticket(reporter_email="grace@example.com"), make_ticket()
    client = people.clerk()
    for term in (found.reference.lower(), "Grace@example.com", str(found.subscription_id)):
        text = read(client, f"{LIST}?q={term}")
        assert found.reference in text and other.reference not in text, term


def test_a_ticket_shows_its_clocks_its_history_and_why() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    tickets.reclassify(ticket=ticket, priority="key", by="customer", at=NOON)
    clocks.poll(at=NOON + timedelta(hours=5))
    text = read(people.clerk(), page(ticket))
    assert "An answer is due by 2 March 2026 at 20:00 (EET)." in text
    assert "A key that locks the software is lifted within six hours" in text
    assert "80% of its time is over" in text
    assert "critical became key" in text
    assert "The contract does not say who may ask for support." in text


def test_a_refused_ticket_says_why_and_can_only_be_read() -> None:
    ticket = make_ticket("securegroup", by_administrator=False)
    text = read(people.owner(), page(ticket))
    assert "it is a breach of the service levels too." in text
    assert "SLA 1.4" in text
    assert "Nothing now." in text and act_page(ticket, "answer") not in text


def test_an_incomplete_ticket_says_what_it_lacks_and_can_be_completed() -> None:
    ticket = make_ticket("cryptopass", priority="ticket", reason="", type="")
    client = people.owner()
    text = read(client, page(ticket))
    assert "The request still lacks its reason and type." in text
    assert act_page(ticket, "answer") not in text and act_page(ticket, "close") in text
    send(client, page(ticket), reason="No mail", type="fault")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.clock_from) == ("open", NOON + timedelta(hours=2))
    assert "The request is complete." in read(client, page(ticket))


def test_another_priority_is_given_once_the_time_that_follows_was_read() -> None:
    ticket = make_ticket(priority="P2")
    client = people.owner()
    told = ask(client, ticket, "reclassify", priority="P0", by="vendor")
    assert "An answer is due by" in told and "Schedule 1" in told
    assert "Priority: P2 becomes <strong>P0</strong>" in told and "Due at: " in told
    assert not Reclassification.objects.exists()
    do(client, ticket, "reclassify", priority="P0", by="vendor")
    row = Reclassification.objects.get()
    assert (row.old_priority, row.new_priority, row.by, row.at) == ("P2", "P0", "vendor", NOON + timedelta(hours=2))
    answered = client.post(act_page(ticket, "reclassify"), {"priority": "urgent", "by": "vendor"})
    assert "Select a valid choice." in unescape(answered.content.decode())
    ticket.refresh_from_db()
    assert ticket.priority == "P0"


def test_a_customer_reclassifies_at_any_time_until_it_is_closed() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    client = people.owner()
    do(client, ticket, "answer")
    do(client, ticket, "reclassify", priority="key", by="customer")
    do(client, ticket, "close")
    assert client.get(act_page(ticket, "reclassify")).status_code == 404
    silent = make_ticket("ethicmail", priority="")
    assert client.get(act_page(silent, "reclassify")).status_code == 404


def test_an_error_is_worked_around_and_corrected_for_good_by_the_next_release() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    client = people.owner()
    told = ask(client, ticket, "work-around", next_release_on="2026-04-01")
    assert "The error is corrected for good by 1 April 2026, in place of the work-around." in told and "DEV 21" in told
    do(client, ticket, "work-around", next_release_on="2026-04-01")
    kept = now(ticket)
    assert (kept.state, kept.worked_around_at, kept.fix_by) == ("answered", NOON + timedelta(hours=2), date(2026, 4, 1))
    text = read(client, page(ticket))
    assert "The error is corrected for good by 1 April 2026, in place of the work-around." in text
    assert "The error is taken by e-mail, as at any hour of any day." in text
    assert client.get(act_page(ticket, "work-around")).status_code == 404
    do(client, ticket, "correct")
    assert now(ticket).fixed_at == NOON + timedelta(hours=2)
    assert client.get(act_page(ticket, "correct")).status_code == 404


def test_staff_note_the_answer_and_the_end() -> None:
    ticket = make_ticket(priority="P1")
    client = people.owner()
    do(client, ticket, "answer")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answered_at) == ("answered", NOON + timedelta(hours=2))
    assert act_page(ticket, "answer") not in read(client, page(ticket))
    do(client, ticket, "close")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at) == ("closed", NOON + timedelta(hours=2))


def test_what_is_not_possible_is_said_and_changes_nothing() -> None:
    early = make_ticket(priority="P1", reported_at=NOON + timedelta(hours=3))
    told = ask(people.owner(), early, "answer")
    assert f"It is not possible: ticket {early.reference} cannot have been answered before it came." in told
    early.refresh_from_db()
    assert early.state == "open"


def test_a_request_that_was_completed_meanwhile_is_not_completed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = make_ticket("cryptopass", priority="ticket", reason="", type="")
    client = people.owner()
    form = client.get(page(ticket))
    assert form.status_code == 200
    done = tickets.complete

    def late(**given: Any) -> Ticket:
        done(ticket=ticket, parts={"reason": "Down", "type": "fault"}, at=NOON)
        return done(**given)

    monkeypatch.setattr(tickets, "complete", late)
    told = send(client, page(ticket), reason="No mail", type="fault")
    assert next(str(one) for one in told.context["messages"]).startswith("Nothing was changed: ticket")


def new(**changes: Any) -> dict[str, Any]:
    known = {
        "reported_at_0": "2026-03-02", "reported_at_1": "12:30:00", "reporter_email": "ada@example.com", "subject": "No mail",
        "priority": "P1",
    }  # fmt: skip
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def test_staff_take_a_request_down() -> None:
    subscription = make_subscription()
    make_administrator(subscription)
    client = people.owner()
    assert "14:00:00" in read(client, f"{LIST}add/")
    answered = client.post(f"{LIST}add/", new(subscription=subscription.pk), follow=True)
    assert answered.status_code == 200
    ticket = Ticket.objects.get()
    assert (ticket.reported_at, ticket.created_at) == (
        datetime(2026, 3, 2, 12, 30, tzinfo=UTC), NOON + timedelta(hours=2),
    )  # fmt: skip
    assert (ticket.state, ticket.due_at) == ("open", datetime(2026, 3, 3, 12, 30, tzinfo=UTC))


def test_staff_are_told_that_it_was_refused() -> None:
    given = new(subscription=make_subscription().pk)
    text = unescape(people.owner().post(f"{LIST}add/", given, follow=True).content.decode())
    assert "The contract does not answer this person: it was refused." in text
    assert Ticket.objects.get().state == "refused"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"priority": "P7"}, "has no priority “P7”"),
        ({"reported_at_1": "14:00:01"}, "cannot have come later than now"),
        ({"subscription": None}, "This field is required"),
    ],
)
def test_a_wrong_request_is_told_beside_its_field(changes: dict[str, Any], told: str) -> None:
    given = new(**{"subscription": make_subscription().pk, **changes})
    assert told in unescape(people.owner().post(f"{LIST}add/", given).content.decode())
    assert not Ticket.objects.exists()


def test_who_may_only_look_changes_nothing() -> None:
    ticket = make_ticket(priority="P1")
    client = people.clerk()
    assert client.get(f"{LIST}add/").status_code == 403
    for act in ("answer", "work-around", "correct", "reclassify", "close"):
        assert client.post(act_page(ticket, act)).status_code == 403
    assert people.newcomer().get(LIST).status_code == 403
    assert people.outsider().get(LIST).status_code == 302
    assert client.post(f"{LIST}{ticket.pk}/delete/").status_code == 403
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_the_start_page_counts_what_is_due_and_what_rang() -> None:
    subscription = make_subscription("securegroup_devices")
    make_ticket(subscription=subscription, priority="critical")
    make_ticket(subscription=subscription, priority="critical", reported_at=NOON - timedelta(hours=4))
    late = make_ticket(subscription=subscription, priority="key", subject="The late one")
    client = people.clerk()
    assert ">3</span> requests for support to answer" in read(client, "/admin/")
    clocks.poll(at=NOON + timedelta(hours=16))
    text = read(client, "/admin/")
    assert ">1</span> requests for support past their deadline" in text
    assert ">1</span> requests for support past 80% of their time" in text
    listed = read(client, f"{LIST}?state__exact=open&alarmed__exact=100")
    assert late.reference in listed and listed.count("No mail") == 0
    assert "requests for support" not in read(people.newcomer(), "/admin/")


def test_the_tile_of_what_is_due_leads_to_those_rows() -> None:
    ticket = make_ticket("securegroup_devices", priority="critical")
    client = people.clerk()
    links = [entry.href for entry in client.get("/admin/").context["due"] if "support" in entry.words]
    assert len(links) == 1
    assert ticket.reference in read(client, links[0])
