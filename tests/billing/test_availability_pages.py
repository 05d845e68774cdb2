"""Outages, maintenance and claims as staff, customers and timelines come upon them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Subscription
from backoffice import verify
from backoffice.pages.today import counted
from backoffice.rehearsal import story
from billing.models import CreditClaim, IncidentReport, Invoice, Maintenance, Outage
from billing.staff import charts, due, stuck
from tests import people
from tests.accounts.acts import ask, do
from tests.accounts.test_portal_pages import confirm, look, see
from tests.billing.test_verbs import play
from tests.builders import NOON, make_administrator
from tests.stories.test_service_levels import DOWN, ROUTE, UP, claim, contract, down

pytestmark = pytest.mark.django_db

EIGHTEENTH = date(2026, 3, 18)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Noon of 18 March 2026."""
    with time_machine.travel(datetime(2026, 3, 18, 12, tzinfo=UTC), tick=False):
        yield


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(answered.content.decode().split())


def test_staff_record_an_outage_once_and_tell_when_it_was_over() -> None:
    owner = people.owner()
    given = {
        "vendor": "securegroup", "service": "email", "server": "mx-1", "began_at_0": "2026-03-10", "began_at_1": "13:00",
        "ended_at_0": "", "ended_at_1": "", "cause": "server", "key": "staff/1",
    }  # fmt: skip
    for _ in range(2):
        answered = owner.post("/admin/billing/outage/add/", given)
        assert answered.status_code == 302, answered.context["adminform"].form.errors
    outage = Outage.objects.get()
    assert outage.server == "mx-1" and "It is over" in read(owner, f"/admin/billing/outage/{outage.pk}/change/")
    do(owner, outage, "over", ended_at_0="2026-03-10", ended_at_1="18:00")
    outage.refresh_from_db()
    assert outage.ended_at is not None and outage.ended_at > outage.began_at
    assert owner.get(f"/admin/billing/outage/{outage.pk}/act/over/").status_code == 404
    assert owner.post(f"/admin/billing/outage/{outage.pk}/delete/", {"post": "yes"}).status_code == 403


def test_staff_put_maintenance_into_the_calendar() -> None:
    owner = people.owner()
    given = {
        "vendor": "securegroup", "kind": "planned", "service": "", "server": "", "begins_at_0": "2026-03-28",
        "begins_at_1": "05:00", "ends_at_0": "2026-03-28", "ends_at_1": "07:00", "text": "New discs.",
        "tell_on": "2026-03-19",
    }  # fmt: skip
    assert owner.post("/admin/billing/maintenance/add/", given).status_code == 302
    assert Maintenance.objects.get().tell_on == date(2026, 3, 19)
    assert "in the calendar already" in owner.post("/admin/billing/maintenance/add/", given).content.decode()
    assert "all services" in read(owner, "/admin/billing/maintenance/")


def test_staff_see_what_a_claim_lacks_and_answer_it_after_reading_what_follows() -> None:
    subscription = contract()
    down()
    made = claim(subscription, evidence=ROUTE, users_affected=4)
    owner = people.owner()
    page = f"/admin/billing/creditclaim/{made.pk}/change/"
    assert "It lacks traceroutes taken meanwhile. The outage has to be reported by 25 March 2026." in read(owner, page)
    assert "incomplete claim" in ask(owner, made, "answer", users_affected=4)
    claim(subscription, EIGHTEENTH)
    people.who("owner")
    assert {one.words: one.number for one in map(counted, stuck(people.who("owner")))}[
        "claims for credits that wait"
    ] == 1
    assert {one.words: one.number for one in map(counted, due(people.who("owner"), EIGHTEENTH, date(2026, 3, 31)))}[
        "claims for credits to answer"
    ] == 1
    assert 'value="4"' in owner.get(f"/admin/billing/creditclaim/{made.pk}/act/answer/").content.decode()
    told = ask(owner, made, "answer", users_affected=4)
    assert "2.00 is credited" in told and "SLA 2.6" in told and "A letter leaves" in told
    do(owner, made, "answer", users_affected=4)
    made.refresh_from_db()
    assert (made.state, made.credit_minor) == ("granted", 200)
    assert "are credited" in read(owner, page) and "SLA 2.7" in read(owner, page)
    assert "e-mail in 2026-03" in read(owner, "/admin/billing/creditclaim/?state__in=open,waits,granted")
    assert owner.get(f"/admin/billing/creditclaim/{made.pk}/act/answer/").status_code == 404


def test_the_minutes_for_which_a_service_was_down_are_drawn_by_month() -> None:
    down()
    down("ethicmail", key="em", service="")
    people.owner()
    drawn = {one.title: one for one in charts(people.who("owner"), EIGHTEENTH)}
    bars = [bar.words for bar in drawn["Secure Group, e-mail: minutes down"].bars]
    assert bars[-1] == "March 2026: 300 minutes, 99.3056% available" and bars[0] == "April 2025: 0 minutes"
    assert drawn["ETHICmail, e-mail: minutes down"].bars[-1].words == "March 2026: 300 minutes"


def administrator_of(subscription: Subscription) -> Client:
    make_administrator(subscription, people.address("ada"))
    return people.member("ada", subscription.customer)


def test_an_administrator_sees_an_outage_claims_a_credit_and_completes_the_claim() -> None:
    subscription = contract()
    down()
    client = administrator_of(subscription)
    assert "e-mail was down on 10 March 2026; claim a credit by 7 April 2026" in look(client, "home")
    given = {
        "service": "email", "started_at": "2026-03-10T13:00", "ended_at": "2026-03-10T18:00", "users_affected": "3",
        "detail": "No mail came.", "evidence": ROUTE,
    }  # fmt: skip
    told, _ = see(client, "claim", subscription.pk, **given)
    assert "It lacks traceroutes taken meanwhile." in told and "Come back to this page" in told
    assert not CreditClaim.objects.exists()
    assert "We have your claim" in confirm(client, "claim", subscription.pk, **given)
    assert "claim a credit by" not in look(client, "home")
    assert "It is complete." in see(client, "claim", subscription.pk, **{**given, "evidence": 2 * ROUTE})[0]
    report = IncidentReport.objects.get()
    assert (report.users_affected, report.traceroutes, report.detail) == (3, 1, "No mail came.")
    for wrong in ({"started_at": "2026-03-19T13:00"}, {"ended_at": "2026-03-10T12:00"}):
        assert "before it is over" in see(client, "claim", subscription.pk, **{**given, **wrong})[0]


def test_a_claim_under_a_contract_without_credits_is_taken_and_says_so() -> None:
    subscription = contract("cryptopass")
    client = administrator_of(subscription)
    told, _ = see(client, "claim", subscription.pk, service="email", started_at="2026-03-10T13:00")
    assert "the contract gives no credit" in told
    down("cryptopass")
    assert "claim a credit" not in look(client, "home")


def test_a_monitors_file_comes_in_by_a_command(tmp_path: Path) -> None:
    file = tmp_path / "monitor.csv"
    file.write_text("key,service,server,from,to,cause\nm/1,email,,2026-03-10T09:00:00-04:00,,server\n")
    out = StringIO()
    call_command("outages", "securegroup", str(file), stdout=out)
    call_command("outages", "securegroup", str(file), stdout=out)
    assert out.getvalue() == "1 new outage, 0 known.\n0 new outages, 1 known.\n"
    file.write_text("key,service,server,from,to,cause\nm/2,email,,now,,server\n")
    with pytest.raises(CommandError, match="line 2: Invalid isoformat"):
        call_command("outages", "securegroup", str(file))


MONTHLY = {"vendor": "securegroup", "plan": "Pack", "months": 1}
BOOKS: list[dict[str, Any]] = [
    {"on": "2026-03-01", "do": "price", **MONTHLY, "currency": "USD", "amount": "100.00"},
    {"on": "2026-03-01", "do": "customer", "ref": "acme", "name": "Acme", "email": "a@acme.example", "country": "FR"},
    {"on": "2026-03-01", "do": "subscription", "ref": "a", "customer": "acme", **MONTHLY, "method": "card"},
]
WINDOW = {"begins_at": "2026-03-14T01:00:00-04:00", "ends_at": "2026-03-14T03:00:00-04:00"}
INCIDENT = {"subscription": "a", "service": "email", "started_at": DOWN.isoformat(), "ended_at": UP.isoformat()}
ANSWER = {"do": "credit claim answer", "subscription": "a", "service": "email", "month": "2026-03", "users_affected": 1}


def test_a_timeline_works_on_a_service_loses_it_and_credits_it(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {"on": "2026-03-02", "do": "payment", "subscription": "a", "key": "first", "method": "card"},
        {"on": "2026-03-09", "do": "maintenance", "ref": "discs", "vendor": "securegroup", **WINDOW},
        {
            "on": "2026-03-11", "do": "outage", "vendor": "securegroup", "key": "m/1", "service": "email",
            "began_at": DOWN.isoformat(), "ended_at": UP.isoformat(),
        },
        {"on": "2026-03-12", "do": "credit claim", **INCIDENT, "evidence": 3 * ROUTE},
        {
            "on": "2026-03-15", "do": "outage", "vendor": "securegroup", "key": "m/2", "maintenance": "discs",
            "began_at": WINDOW["begins_at"], "ended_at": WINDOW["ends_at"], "cause": "planned_maintenance",
        },
        {"on": "2026-03-23", **ANSWER},
        {"on": "2026-03-26", "do": "dispute", "subscription": "a", "facts": "x"},
    ]  # fmt: skip
    play(tmp_path, *BOOKS, *events)
    told = {one.kind: one for one in story(Subscription.objects.get().customer_id)}
    assert told["credit claim"].says == "A credit is claimed for e-mail in 2026-03."
    assert told["credit claim answer"].figures["credit"] == "5.00"
    assert told["credit_note"].on == date(2026, 3, 25)
    assert [one.told for one in verify.verify(at=NOON) if one.wrong] == []


def test_a_line_about_a_claim_that_nobody_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="a claimed nothing for email in 2026-03"):
        play(tmp_path, *BOOKS, {"on": "2026-03-23", **ANSWER})


def test_more_than_a_months_fee_and_another_credit_than_was_granted_are_named() -> None:
    subscription = contract()
    down()
    made = claim(subscription)
    made.state, made.decided_on, made.credit_minor, made.fee_minor = "granted", EIGHTEENTH, 500, 400
    made.availability = 99
    made.save()
    assert verified() == [
        f"subscription {subscription.pk}: what it was credited with for 2026-03 is more than the month's fee"
    ]
    made.fee_minor = 500
    made.credit = Invoice.objects.create(
        number="CN-000009", kind="credit_note", key="odd", customer=subscription.customer, vendor="securegroup",
        sheet=made.sheet, currency="USD", net_minor=0, total_minor=0, issued_on=EIGHTEENTH, due_on=EIGHTEENTH,
        because=[], created_at=NOON,
    )  # fmt: skip
    made.save()
    assert verified() == [f"claim {made.pk}: what it was credited with is not what was granted"]


def verified() -> list[str]:
    names = (
        "No month of a contract is credited for outages with more than its fee",
        "Every credit for outages is a credit note of what was granted",
    )
    return [told for one in verify.verify(at=NOON, names=names) for told in one.told]
