"""What staff see of reports and conduct cases, and what they can do there."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import (
    AbuseReport,
    BulkMailing,
    ConductCase,
    EvidenceRequest,
    MailLimit,
    Misuse,
    Notice,
    RecordRequest,
    Subscription,
    VulnerabilityTest,
)
from accounts.services import abuse, conduct
from tests import people
from tests.builders import NOON, make_case, make_end_user, make_subscription

pytestmark = pytest.mark.django_db

CASES, REPORTS, EVIDENCE = (f"/admin/accounts/{name}/" for name in ("conductcase", "abusereport", "evidencerequest"))
TODAY = date(2026, 3, 2)
REPORTED = {"reported_at_0": "2026-03-02", "reported_at_1": "12:00:00", "text": "Spam.", "vendor": "securegroup"}
NAMED = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.org", "email_works": "on"}


@pytest.fixture(autouse=True)
def _two_in_the_afternoon() -> object:
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        yield


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def press(client: Client, address: str, button: str, **fields: Any) -> str:
    button = f"accounts_{address.split('/')[3]}_{button}"
    inlines = {
        f"{name}-{part}": 0 for name in ("steps", "reports", "alarms") for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    answered = client.post(address, {button: "1", **inlines, **fields}, follow=True)
    return " ".join(unescape(answered.content.decode()).split())


def page(case: ConductCase) -> str:
    return f"{CASES}{case.pk}/change/"


def test_a_report_is_written_down_and_refused_where_the_contract_refuses_it() -> None:
    client = people.owner()
    client.post(f"{REPORTS}add/", REPORTED)
    refused = AbuseReport.objects.get()
    assert refused.state == AbuseReport.State.REFUSED
    text = read(client, f"{REPORTS}{refused.pk}/change/")
    assert "The report is not looked at, because it lacks a first name, a last name and" in text and "AUP 5" in text
    assert "Open a case" not in text


def test_a_report_becomes_a_case_from_its_page() -> None:
    client, subscription = people.owner(), make_subscription("securegroup")
    client.post(f"{REPORTS}add/", {**REPORTED, **NAMED})
    report = AbuseReport.objects.get()
    assert f"{CASES}add/?report={report.pk}" in read(client, f"{REPORTS}{report.pk}/change/")
    asked = {"report": report.pk, "subscription": subscription.pk, "violation": "spam", "facts": "4,000 messages."}
    client.post(f"{CASES}add/", {**asked, "remediable": "on"})
    case = ConductCase.objects.get()
    report.refresh_from_db()
    assert (report.case, case.subscription, case.remediable) == (case, subscription, True)


def test_what_the_contract_does_not_list_is_said_on_the_form() -> None:
    subscription = make_subscription("cryptopass")
    asked = {"subscription": subscription.pk, "violation": "spam", "facts": "4,000 messages."}
    answered = people.owner().post(f"{CASES}add/", asked)
    assert "list of violations does not have this" in unescape(answered.content.decode())
    assert not ConductCase.objects.exists()


def test_a_report_is_dismissed_once() -> None:
    client = people.owner()
    client.post(f"{REPORTS}add/", {**REPORTED, **NAMED})
    report = AbuseReport.objects.get()
    press(client, f"{REPORTS}{report.pk}/change/", "dismiss_now")
    report.refresh_from_db()
    assert report.state == AbuseReport.State.DISMISSED
    assert "dismiss_now" not in read(client, f"{REPORTS}{report.pk}/change/")


def test_a_case_says_what_may_be_done_today_and_offers_nothing_else() -> None:
    client = people.owner()
    case = make_case("secureflag", violation="robots")
    text = read(client, page(case))
    assert "The vendor may warn the customer." in text and "13.4" in text
    assert "conductcase_warn_now" in text
    assert not any(f"conductcase_{button}_now" in text for button in ("suspend", "revoke", "end", "cured"))
    assert "warn_now" not in read(people.clerk(Client()), page(case))


def test_a_service_is_suspended_until_a_day_from_the_cases_page() -> None:
    client, case = people.owner(), make_case("ethicmail")
    press(client, page(case), "suspend_now", suspend_until="2026-03-12")
    case.refresh_from_db()
    assert (case.state, case.suspended_until) == (ConductCase.State.SUSPENDED, date(2026, 3, 12))
    text = read(client, page(case))
    assert "suspension: 500.00 USD" in text and "conductcase_cured_now" in text
    press(client, page(case), "cured_now")
    assert Subscription.objects.get().state == Subscription.State.ACTIVE
    assert "The case is over." in read(client, page(case))


def test_each_button_does_what_it_says() -> None:
    client = people.owner()
    user = make_end_user(make_subscription("securegroup").customer)
    subscription = Subscription.objects.get()
    case = make_case(subscription=subscription, end_user=user)
    for button, state in (("warn_now", "warned"), ("revoke_now", "revoked"), ("end_now", "terminated")):
        press(client, page(case), button)
        case.refresh_from_db()
        assert case.state == state
    closed = make_case("securepacket", violation="malware")
    press(client, page(closed), "close_now")
    closed.refresh_from_db()
    assert (closed.state, closed.found_on) == (ConductCase.State.CLOSED, None)


def test_what_is_not_possible_is_said_and_changes_nothing() -> None:
    client, case = people.owner(), make_case("securegroup")
    text = press(client, page(case), "suspend_now", suspend_until="2026-03-01")
    assert "Nothing was changed: a suspension from 2026-03-02 on cannot last until 2026-03-01." in text
    case.refresh_from_db()
    assert case.state == ConductCase.State.OPEN


def test_evidence_is_asked_for_and_noted() -> None:
    client, subscription = people.owner(), make_subscription("securepacket")
    asked = {"subscription": subscription.pk, "mailing": "Spring offer", "asked_by": "recipient"}
    client.post(f"{EVIDENCE}add/", asked)
    request = EvidenceRequest.objects.get()
    text = read(client, f"{EVIDENCE}{request.pk}/change/")
    assert "5 March 2026 at 14:00 (UTC)" in text and "otherwise the mail counts as sent without consent" in text
    press(client, f"{EVIDENCE}{request.pk}/change/", "shown_now")
    request.refresh_from_db()
    assert request.state == EvidenceRequest.State.SHOWN
    silent = {**asked, "subscription": make_subscription("cryptopass").pk}
    assert "does not ask for evidence of consent" in client.post(f"{EVIDENCE}add/", silent).content.decode()


def test_that_there_is_nothing_to_show_is_noted() -> None:
    client = people.owner()
    asked = abuse.ask_consent_evidence(
        subscription=make_subscription("securegroup"), mailing="Spring", asked_by="vendor", on=TODAY, at=NOON
    )
    assert asked.request is not None
    press(client, f"{EVIDENCE}{asked.request.pk}/change/", "nothing_now")
    assert ConductCase.objects.get().violation == "spam"


def test_the_start_page_counts_what_waits() -> None:
    client = people.owner()
    client.post(f"{REPORTS}add/", {**REPORTED, **NAMED})
    make_case("securegroup")
    late = make_case("ethicmail", violation="programs")
    conduct.warn(case=late, on=TODAY, at=NOON)
    text = read(client, "/admin/")
    for words in ("reports of violations to look at", "conduct cases to decide", "last days to put a violation right"):
        assert words in text
    late.refresh_from_db()
    conduct.look_at([late], on=date(2026, 3, 8), at=NOON)
    over = f"{CASES}?state__in=open,warned,revoked,suspended,restored&time_over_on__isnull=0"
    assert "conduct cases whose time is over" in read(client, "/admin/")
    assert f"{CASES}{late.pk}/change/" in read(client, over)


@pytest.mark.parametrize("address", [CASES, REPORTS, EVIDENCE])
def test_a_list_asks_as_often_for_many_as_for_few(address: str) -> None:
    client = people.clerk()

    def grow(count: int) -> None:
        for _ in range(count):
            case = make_case("securegroup")
            subscription = case.subscription
            told = abuse.Told(text="Spam.", first_name="J", last_name="D", phone="1", phone_works=True)
            abuse.report_abuse(
                vendor="securegroup", told=told, reported_at=NOON, on=TODAY, at=NOON, subscription=subscription
            )
            abuse.ask_consent_evidence(subscription=subscription, mailing="M", asked_by="vendor", on=TODAY, at=NOON)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    grow(2)
    queries()
    few = queries()
    grow(9)
    assert queries() == few


def test_a_refused_reporter_is_told_by_a_letter_of_no_customer() -> None:
    people.owner().post(f"{REPORTS}add/", {**REPORTED, **NAMED, "first_name": ""})
    notice = Notice.objects.get()
    assert (notice.recipient, notice.customer) == ("jane@example.org", None)


def test_what_customers_tell_is_written_down_and_judged() -> None:
    client, contract = people.owner(), make_subscription("securepacket").pk
    mailed = {"subscription": contract, "mailing": "Spring", "number": "500", "privacy_policy": "on"}
    client.post("/admin/accounts/bulkmailing/add/", mailed)
    assert BulkMailing.objects.get().lacks == ["complaints", "consent", "recipient"]
    tested = {"subscription": contract, "system": "Web shop", "own_system": "on", "consent": "written"}
    client.post("/admin/accounts/vulnerabilitytest/add/", tested)
    client.post("/admin/accounts/vulnerabilitytest/add/", {**tested, "tested_on": "2026-03-02"})
    assert VulnerabilityTest.objects.get().allowed is True
    asked = {"subscription": contract, "domain": "acme.example", "change": "MX", "asked_by": "other"}
    client.post("/admin/accounts/recordrequest/add/", asked)
    assert RecordRequest.objects.get().allowed is False
    client.post("/admin/accounts/maillimit/add/", {"vendor": "securegroup", "most": "5000", "from_on": "2026-03-02"})
    assert MailLimit.objects.get().most == 5000
    for row in (BulkMailing.objects.get(), VulnerabilityTest.objects.get(), RecordRequest.objects.get()):
        text = read(client, f"/admin/accounts/{row._meta.model_name}/{row.pk}/change/")
        assert row.says in text


def test_use_by_others_is_written_down_and_never_before_it_was_known() -> None:
    client, contract = people.owner(), make_subscription("securegroup").pk
    told = {
        "subscription": contract,
        "reporter_email": "ada@acme.example",
        "text": "A stranger.",
        "known_at_0": "2026-03-02",
    }
    moments = {"known_at_1": "08:00:00", "reported_at_0": "2026-03-02", "reported_at_1": "12:00:00"}
    answered = client.post("/admin/accounts/misuse/add/", {**told, **moments, "reported_at_1": "07:00:00"})
    assert "reported before it was known" in answered.content.decode()
    client.post("/admin/accounts/misuse/add/", {**told, **moments})
    assert Misuse.objects.get().in_time is True


@pytest.mark.parametrize("name", ["bulkmailing", "vulnerabilitytest", "misuse", "recordrequest", "maillimit"])
def test_what_customers_tell_is_listed(name: str) -> None:
    assert "changelist" in read(people.clerk(), f"/admin/accounts/{name}/")
