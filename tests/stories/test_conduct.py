"""What customers do against the rules of use, from what somebody reports to what they are told and lose."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import (
    AbuseReport,
    BulkMailing,
    ConductCase,
    ConductStep,
    EndUser,
    EvidenceRequest,
    Misuse,
    Notice,
    RecordRequest,
    Subscription,
    VulnerabilityTest,
)
from accounts.services import conduct
from accounts.services.conduct import conduct_outcome
from backoffice import clocks
from backoffice.timeline import World, play, read_lines
from tests.builders import NOON, make_case, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

CUSTOMER = {
    "on": "2026-03-02",
    "do": "customer",
    "ref": "c",
    "name": "Acme",
    "email": "it@acme.example",
    "country": "FR",
}


def order(vendor: str, **changes: Any) -> dict[str, Any]:
    known = {"on": "2026-03-02", "do": "subscription", "ref": "s", "customer": "c", "vendor": vendor, "plan": "Mail"}
    paid = {"method": "card", "months": 12 if vendor != "securepacket" else None, "payment_confirmed_on": "2026-03-02"}
    return {**known, **paid, "agreed_start": "2026-03-02", **changes}


def tell(vendor: str, *events: dict[str, Any], until: date | None = None) -> World:
    """Plays a customer's order with a vendor, and then what happened."""
    world = World()
    lines = [json.dumps(event).encode() for event in (CUSTOMER, order(vendor), *events)]
    for _ in play(read_lines(lines), until, world=world):
        pass
    return world


def on(day: str, do: str, **fields: Any) -> dict[str, Any]:
    return {"on": day, "do": do, **fields}


def clauses(because: list[dict[str, Any]]) -> set[str]:
    return {item["clause"] for item in because}


def test_an_anonymous_report_is_refused_with_its_clause() -> None:
    tell("securegroup", on("2026-03-03", "abuse report", ref="r", vendor="securegroup", text="They send me spam."))
    report = AbuseReport.objects.get()
    assert report.state == AbuseReport.State.REFUSED
    lacks = ["a first name", "a last name", "an e-mail address that works or a telephone number that works"]
    assert report.lacks == lacks
    assert "AUP 5" in clauses(report.because)
    assert not ConductCase.objects.exists() and not Notice.objects.exists()


def test_who_reports_under_half_a_name_is_told_what_the_report_lacks() -> None:
    half = {"last_name": "Doe", "email": "doe@example.org", "email_works": True}
    tell("securegroup", on("2026-03-03", "abuse report", ref="r", vendor="securegroup", text="Spam.", **half))
    notice = Notice.objects.get()
    assert (notice.party, notice.recipient, notice.state) == (Notice.Party.REPORTER, "doe@example.org", "sent")
    assert "it lacks a first name" in notice.body and "- AUP 5:" in notice.body


def test_a_report_by_name_and_telephone_becomes_a_case() -> None:
    told = {"first_name": "Jane", "last_name": "Doe", "phone": "+33612345678", "phone_works": True}
    report = on("2026-03-03", "abuse report", ref="r", vendor="securegroup", subscription="s", text="A scan.", **told)
    case = on("2026-03-04", "conduct case", ref="k", report="r", violation="hacking", facts="Ports were scanned.")
    tell("securegroup", report, case)
    found = ConductCase.objects.get()
    assert AbuseReport.objects.get().case == found
    assert "AUP 2.1 (6)" in clauses(found.because)


def test_a_contract_that_is_silent_about_reports_has_every_report_looked_at() -> None:
    tell("securepacket", on("2026-03-03", "abuse report", ref="r", vendor="securepacket", text="They send me spam."))
    report = AbuseReport.objects.get()
    assert (report.state, report.because) == (AbuseReport.State.WAITING, [])


def test_a_spammers_access_is_taken_away_at_once() -> None:
    tell(
        "securegroup",
        on("2026-03-03", "end user", ref="u", customer="c", username="ben"),
        on("2026-03-03", "licence", subscription="s", number=1, user="u", asked_by="it@acme.example"),
        on("2026-03-04", "conduct case", ref="k", subscription="s", end_user="u", violation="spam", facts="Spam."),
        on("2026-03-04", "access taken away", case="k"),
    )
    case, user = ConductCase.objects.get(), EndUser.objects.get()
    assert case.state == ConductCase.State.REVOKED
    assert user.left_on == date(2026, 3, 4) and not user.licences.exists()
    notice = Notice.objects.get(kind=Notice.Kind.REVOCATION)
    assert notice.written_on == date(2026, 3, 4) and "AUP 4" in clauses(notice.because)
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_a_spammers_account_is_suspended_and_ended_without_notice_and_without_a_refund() -> None:
    tell(
        "securegroup",
        on("2026-03-04", "conduct case", ref="k", subscription="s", violation="spam", facts="Spam."),
        on("2026-03-04", "suspend for conduct", case="k"),
        on("2026-03-05", "end for conduct", case="k"),
    )
    subscription = Subscription.objects.get()
    assert (subscription.state, subscription.ends_on) == (Subscription.State.ENDED, date(2026, 3, 5))
    assert {"AUP 4", "AUP 8"} <= clauses(subscription.ends_because)
    assert conduct_outcome(subscription, date(2026, 3, 10)) == (True, False, ("refund",))


def test_spam_suspends_with_reason_date_and_period_and_leaves_ten_days() -> None:
    case = on("2026-03-04", "conduct case", ref="k", subscription="s", violation="spam", facts="4,000 messages.")
    held = on("2026-03-04", "suspend for conduct", case="k", until="2026-03-14")
    tell("ethicmail", case, held, until=date(2026, 3, 5))
    found = ConductCase.objects.get()
    assert (found.told_on, found.cure_until) == (date(2026, 3, 4), date(2026, 3, 14))
    assert found.fees == [{"kind": "suspension", "amount": "500.00", "currency": "USD"}]
    assert Subscription.objects.get().state == Subscription.State.SUSPENDED
    notice = Notice.objects.get(kind=Notice.Kind.SUSPENSION)
    assert "What was found: 4,000 messages." in notice.body
    assert "suspended from 4 March 2026 on, until 14 March 2026, that day included" in notice.body
    assert "The suspension costs 500.00 USD" in notice.body
    assert {"3.1.2", "3.1.3", "3.1.4", "3.1.5"} <= clauses(notice.because)


def test_spam_that_does_not_cease_in_ten_days_ends_the_contract_and_not_sooner() -> None:
    tell(
        "ethicmail",
        on("2026-03-04", "conduct case", ref="k", subscription="s", violation="spam", facts="Spam."),
        on("2026-03-04", "suspend for conduct", case="k"),
        on("2026-03-14", "end for conduct", case="k"),
        until=date(2026, 3, 15),
    )
    case = ConductCase.objects.get()
    steps = list(case.steps.values_list("kind", "asked", "on"))
    assert steps[2:] == [("refused", "end", date(2026, 3, 14)), ("time_over", "", date(2026, 3, 15))]
    over = case.steps.get(kind=ConductStep.Kind.TIME_OVER)
    assert "end the contract" in over.says and "3.1.4" in clauses(over.because)
    assert list(ConductCase.objects.to_decide()) == [case]
    conduct.terminate_for(case=case, on=date(2026, 3, 15), at=NOON)
    assert Subscription.objects.get().state == Subscription.State.ENDED
    assert Notice.objects.filter(kind=Notice.Kind.TERMINATION).count() == 1


def test_spam_that_ceased_has_the_service_restored_and_may_not_end_it() -> None:
    world = tell(
        "ethicmail",
        on("2026-03-04", "conduct case", ref="k", subscription="s", violation="spam", facts="Spam."),
        on("2026-03-04", "suspend for conduct", case="k"),
        on("2026-03-08", "conduct cured", case="k"),
        on("2026-03-20", "conduct case", ref="again", subscription="s", violation="spam", facts="Spam again."),
    )
    # It is served again; what the suspension cost is due, and not paid yet.
    assert Subscription.objects.get().state == Subscription.State.PAST_DUE
    cured = world.find(ConductCase, "k")
    assert (cured.state, cured.time_over_on) == (ConductCase.State.CURED, None)
    # Spam that goes on after the restart needs no second ten days.
    again = world.find(ConductCase, "again")
    assert again.repeated and "end the contract" in again.steps.get().says


def test_forbidden_programs_are_warned_of_and_five_days_later_may_end_the_service() -> None:
    tell(
        "ethicmail",
        on("2026-03-04", "conduct case", ref="k", subscription="s", violation="programs", facts="A chat room."),
        on("2026-03-04", "conduct warning", case="k"),
        until=date(2026, 3, 10),
    )
    warning = Notice.objects.get(kind=Notice.Kind.WARNING)
    assert "Put it right by 9 March 2026 at the latest" in warning.body and "3.1.1 (c)" in clauses(warning.because)
    over = ConductStep.objects.get(kind=ConductStep.Kind.TIME_OVER)
    assert over.on == date(2026, 3, 10) and "end the contract" in over.says


def test_a_restriction_that_was_broken_is_put_right_within_thirty_days_of_the_receipt() -> None:
    tell(
        "secureflag",
        on("2026-03-06", "conduct case", ref="k", subscription="s", violation="robots", facts="A scraper."),
        on("2026-03-06", "suspend for conduct", case="k"),
        on("2026-03-06", "conduct warning", case="k"),
    )
    case = ConductCase.objects.get()
    # An e-mail of a Friday's noon counts as received by the contract's own clock.
    assert case.told_on is not None and case.told_on >= date(2026, 3, 6)
    assert case.cure_until == case.told_on + timedelta(days=30)
    refused = case.steps.get(kind=ConductStep.Kind.REFUSED)
    assert refused.asked == "suspend" and "13.4" in clauses(refused.because)
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_consent_is_shown_within_72_hours_or_it_is_a_violation() -> None:
    asked = on("2026-03-04", "evidence of consent asked for", ref="e", subscription="s", mailing="Spring offer")
    tell("securepacket", asked, until=date(2026, 3, 4))
    request = EvidenceRequest.objects.get()
    due_at = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert request.due_at == due_at and clauses(request.because) == {"4.3"}
    notice = Notice.objects.get(kind=Notice.Kind.EVIDENCE)
    assert "by 7 March 2026 at 12:00 (UTC) at the latest" in notice.body
    clocks.poll(at=due_at - timedelta(minutes=1))
    assert list(request.alarms.values_list("percent", flat=True)) == [80]
    assert not ConductCase.objects.exists()
    clocks.poll(at=due_at)
    clocks.poll(at=due_at + timedelta(minutes=1))
    request.refresh_from_db()
    assert request.state == EvidenceRequest.State.MISSED
    assert list(request.alarms.values_list("percent", flat=True)) == [80, 100]
    case = ConductCase.objects.get()
    assert (case.violation, request.case) == ("consent", case) and "4.3" in clauses(case.because)


def test_consent_that_is_shown_in_time_rings_no_bell() -> None:
    tell(
        "securepacket",
        on("2026-03-04", "evidence of consent asked for", ref="e", subscription="s", mailing="Spring offer"),
        on("2026-03-05", "evidence of consent shown", request="e"),
        until=date(2026, 3, 9),
    )
    assert EvidenceRequest.objects.get().state == EvidenceRequest.State.SHOWN
    assert not ConductCase.objects.exists()


def test_a_list_without_proof_of_its_subscriptions_counts_as_spam() -> None:
    tell(
        "securegroup",
        on("2026-03-04", "evidence of consent asked for", ref="e", subscription="s", mailing="Spring offer"),
        on("2026-03-06", "no evidence of consent", request="e"),
    )
    request, case = EvidenceRequest.objects.get(), ConductCase.objects.get()
    assert (request.due_at, case.violation) == (None, "spam")
    assert clauses(request.because) == {"AUP 4 (7)"}


def test_a_breach_of_the_policy_earns_no_credit_while_it_lasts() -> None:
    subscription = make_subscription("securepacket")
    case = make_case(subscription=subscription, violation="malware")
    assert conduct_outcome(subscription, date(2026, 3, 2)) == (False, False, ())
    conduct.suspend_for(case=case, on=date(2026, 3, 3), at=NOON)
    conduct.note_cured(case=case, on=date(2026, 3, 9), at=NOON)
    assert conduct_outcome(subscription, date(2026, 3, 8)) == (True, True, ("credit",))
    assert conduct_outcome(subscription, date(2026, 3, 9)) == (True, False, ("credit",))


def test_one_case_goes_on_about_a_violation_however_often_it_is_found() -> None:
    first = make_case("securegroup")
    assert make_case(subscription=first.subscription) == first
    other = make_case(subscription=first.subscription, violation="hacking")
    must_be_refused(
        "one_case_per_violation|conductcase.subscription_id", ConductCase.objects.filter(pk=other.pk), violation="spam"
    )


def test_a_mailing_beyond_the_vendors_limit_is_a_violation() -> None:
    tell(
        "securegroup",
        on("2026-03-03", "mail limit", vendor="securegroup", most=10_000),
        on("2026-03-04", "mailing", subscription="s", mailing="Spring", number=10_000, confirmed_consent=True),
        on("2026-03-05", "mailing", subscription="s", mailing="Summer", number=10_001, confirmed_consent=True),
    )
    summer, spring = BulkMailing.objects.all()
    assert (spring.lacks, summer.lacks) == ([], ["limit"])
    case = ConductCase.objects.get()
    assert case.violation == "limit" and "AUP 4 (8)" in clauses(case.because)


def test_mail_to_many_needs_an_address_for_complaints_that_is_on_record() -> None:
    good = {"number": 500, "privacy_policy": True, "confirmed_consent": True, "recipient_shown": True}
    tell(
        "securepacket",
        on("2026-03-04", "mailing", subscription="s", mailing="A", complaints_address="stop@acme.example", **good),
        on("2026-03-05", "mailing", subscription="s", mailing="B", **good),
    )
    second, first = BulkMailing.objects.all()
    assert (first.complaints_address, first.lacks) == ("stop@acme.example", [])
    assert second.lacks == ["complaints"] and "4.2" in clauses(second.because)
    assert ConductCase.objects.get().violation == "complaints"


def test_a_test_of_vulnerability_without_written_consent_before_it_is_a_violation() -> None:
    tell(
        "securepacket",
        on("2026-03-03", "consent to a test", subscription="s", system="Web shop"),
        on("2026-03-04", "vulnerability test", subscription="s", system="Web shop"),
        on("2026-03-04", "consent to a test", subscription="s", system="Mail server", consent="oral"),
        on("2026-03-05", "vulnerability test", subscription="s", system="Mail server"),
    )
    mail, shop = VulnerabilityTest.objects.all()
    assert (shop.allowed, shop.case) == (True, None)
    assert (mail.allowed, mail.tested_on) == (False, date(2026, 3, 5))
    assert mail.case is not None and mail.case.violation == "vulnerability-test" and "5" in clauses(mail.because)


def test_a_system_that_is_not_the_customers_own_is_not_tested_even_with_consent() -> None:
    asked = {"subscription": "s", "system": "Backbone", "own_system": False}
    tell(
        "securepacket", on("2026-03-03", "consent to a test", **asked), on("2026-03-04", "vulnerability test", **asked)
    )
    assert VulnerabilityTest.objects.get().allowed is False


@pytest.mark.parametrize(
    ("vendor", "clause", "answers"),
    [("securegroup", "SLA 1.1", True), ("ethicmail", "2.3.2", True), ("secureflag", "2.11", False)],
)
def test_use_by_others_is_reported_at_once_or_late(vendor: str, clause: str, answers: bool) -> None:
    told = {"subscription": "s", "reporter_email": "ada@acme.example", "text": "Somebody signed in from afar."}
    tell(
        vendor,
        on("2026-03-04", "use by others", known_at="2026-03-03T12:00:00Z", **told),
        on("2026-03-05", "use by others", known_at="2026-03-04T11:59:00Z", **told),
    )
    late, prompt = Misuse.objects.all()
    assert (prompt.in_time, late.in_time) == (True, False)
    assert {prompt.customer_answers, late.customer_answers} == {answers}
    assert clause in clauses(late.because)


def test_a_domains_records_are_changed_only_for_whom_the_register_names() -> None:
    asked = {"subscription": "s", "domain": "acme.example", "change": "Another mail server"}
    tell(
        "securepacket",
        on("2026-03-04", "record of a domain", asked_by="registrant", **asked),
        on("2026-03-05", "record of a domain", asked_by="other", **asked),
    )
    other, registrant = RecordRequest.objects.all()
    assert (registrant.allowed, other.allowed) == (True, False)
    assert clauses(other.because) == {"9"}
