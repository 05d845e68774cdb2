"""Personal data, from what happens to the notice or record with its clause: requests, breaches, information, the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    Administrator,
    Customer,
    DataAlarm,
    DataBreach,
    DataRequest,
    Disposal,
    EndUser,
    Licence,
    Notice,
    PersonKey,
    PlannedDisposal,
    Processor,
    SealedOpening,
    SealedRecord,
    Subscription,
)
from accounts.services import NotPossible, assign_licence, register_end_user
from accounts.services.data_breaches import Noticed, notice_breach, tell_authority
from accounts.services.data_clocks import ring
from accounts.services.data_requests import Asked, answer_request, extend_request, receive_request
from accounts.services.erasure import erase
from accounts.services.retention import note_returned, wish_for_data
from accounts.services.states import terminate
from backoffice import days, outbox
from backoffice.models import Run
from billing.models import OpenItem
from tests import people
from tests.builders import NOON, make_administrator, make_customer, make_end_user, make_price, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

ASKED = Asked(kind="access", name="Ada Ader", email="ada@example.com", verified_how="called back")


def clauses(row: Any) -> set[str]:
    return {item["clause"] for item in row.because}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live_to(day: date) -> None:
    """Lets every vendor's days up to this one run, and the letters leave."""
    outbox.deliver(at=at(day))
    assert not days.catch_up(at=at(day))
    outbox.deliver(at=at(day))


def skip_to(vendor: str, day: date) -> None:
    """Makes a day the vendor's next one: nothing was due between."""
    last = day - timedelta(days=1)
    Run.objects.create(job="Renewals are invoiced", vendor=vendor, day=last, state=Run.State.DONE)


def end(subscription: Subscription, on: date) -> None:
    terminate(subscription=subscription, reason="notice", because=[], on=on, at=at(on))


# --- Row 90: requests of persons ---


@pytest.mark.parametrize(("vendor", "clause"), [("cryptopass", "8.5"), ("secureflag", "Schedule 2 5.1")])
def test_a_person_s_request_is_passed_on_at_once_and_has_a_month(vendor: str, clause: str) -> None:
    subscription = make_subscription(vendor)
    make_administrator(subscription)
    request = receive_request(subject=Administrator.objects.get(), asked=ASKED, received_at=NOON, at=NOON)
    assert request.answer_by == date(2026, 4, 2) and request.passed_on_at == NOON
    assert {clause, "GDPR 12(3)"} <= clauses(request)
    notice = Notice.objects.get(kind="data_request")
    assert notice.recipient == subscription.customer.email and clause in notice.body
    assert "Ada" not in notice.body, "the customer is told which of its people, not in their words"
    answered = answer_request(
        request=request, granted=True, answer="Archive given.", on=date(2026, 3, 9), at=at(date(2026, 3, 9))
    )
    assert (answered.state, answered.alarm_at) == ("granted", None)


def test_a_silent_contract_leaves_the_time_to_the_law() -> None:
    subscription = make_subscription("securegroup")
    request = receive_request(subject=subscription.customer, asked=ASKED, received_at=NOON, at=NOON)
    assert request.answer_by == date(2026, 4, 2) and clauses(request) == {"GDPR 12(3)"}


def test_a_request_takes_longer_once_for_a_reason_that_is_told_in_time() -> None:
    subscription = make_subscription("cryptopass")
    request = receive_request(subject=subscription.customer, asked=ASKED, received_at=NOON, at=NOON)
    with pytest.raises(NotPossible):
        extend_request(request=request, reason=" ", on=date(2026, 3, 20))
    with pytest.raises(NotPossible):
        extend_request(request=request, reason="Much of it", on=date(2026, 4, 3))
    longer = extend_request(request=request, reason="Much of it", on=date(2026, 4, 2))
    assert longer.answer_by == date(2026, 6, 2)
    with pytest.raises(NotPossible):
        extend_request(request=longer, reason="More of it", on=date(2026, 4, 2))


def test_the_time_of_a_request_rings_at_four_fifths_and_at_its_end_and_once() -> None:
    subscription = make_subscription("cryptopass")
    request = receive_request(subject=subscription.customer, asked=ASKED, received_at=NOON, at=NOON)
    assert request.due_at is not None and request.warn_at is not None
    for moment in (request.warn_at - timedelta(minutes=1), request.warn_at, request.warn_at, request.due_at):
        clocks_ring(moment)
    assert list(DataAlarm.objects.order_by("id").values_list("percent", flat=True)) == [80, 100]
    with pytest.raises(IntegrityError), transaction.atomic():
        DataAlarm.objects.create(request=request, due_at=request.due_at, percent=80, rang_at=NOON)


def clocks_ring(moment: datetime) -> None:
    with transaction.atomic():
        ring(moment)


def test_who_asks_must_be_known_and_a_refused_erasure_is_the_answer() -> None:
    subscription = make_subscription("cryptopass")
    customer = subscription.customer
    unknown = ASKED._replace(kind="erasure", verified_how="")
    request = receive_request(subject=customer, asked=unknown, received_at=NOON, at=NOON)
    with pytest.raises(NotPossible, match="not known yet"):
        answer_request(request=request, granted=True, answer="", on=date(2026, 3, 9), at=NOON)
    DataRequest.objects.update(verified_how="called back")
    answered = answer_request(request=request, granted=True, answer="Later.", on=date(2026, 3, 9), at=NOON)
    assert answered.state == "refused" and answered.erasure is not None
    assert answered.erasure.refused_for == "contract_open"
    must_be_refused("data_request_answered", DataRequest.objects.all(), answered_at=None)


def test_an_erasure_that_is_granted_erases_and_the_register_keeps_that_it_did() -> None:
    subscription = make_subscription("cryptopass")
    end(subscription, date(2026, 4, 30))
    Notice.objects.update(state="sent", sent_at=NOON)
    wanted = ASKED._replace(kind="erasure")
    request = receive_request(
        subject=subscription.customer, asked=wanted, received_at=at(date(2026, 5, 4)), at=at(date(2026, 5, 4))
    )
    answered = answer_request(
        request=request, granted=True, answer="Done.", on=date(2026, 5, 5), at=at(date(2026, 5, 5))
    )
    assert (answered.state, answered.answer) == ("granted", "")
    assert answered.name == f"Erased {DataRequest._meta.verbose_name} {request.pk}"
    assert Customer.objects.get().email.endswith("@erased.invalid")


# --- Row 91: breaches ---


def test_a_breach_is_told_to_customers_at_once_and_to_the_authority_in_72_hours() -> None:
    flagged = make_subscription("secureflag")
    make_subscription("securegroup")
    noticed = Noticed(
        what="A laptop was lost.", categories="names of users", risk="likely", persons=40, vendor="secureflag"
    )
    breach = notice_breach(noticed=noticed, noticed_at=NOON, at=NOON + timedelta(hours=1))
    assert breach.due_at == NOON + timedelta(hours=72)
    assert {"Schedule 2 5.1", "GDPR 33(1)", "GDPR 33(2)"} <= clauses(breach)
    notice = Notice.objects.get(kind="data_breach")
    assert (notice.subscription, notice.recipient) == (flagged, flagged.customer.email)
    assert "Schedule 2 5.1" in notice.body and "A laptop was lost." in notice.body
    for hours in (57, 58, 72, 73):
        clocks_ring(NOON + timedelta(hours=hours))
    assert list(DataAlarm.objects.order_by("id").values_list("percent", flat=True)) == [80, 100]
    late = NOON + timedelta(hours=80)
    with pytest.raises(NotPossible, match="needs a reason"):
        tell_authority(breach=breach, told_at=late, at=late)
    told = tell_authority(breach=breach, told_at=late, at=late, late_because="Its extent was not known.")
    assert told.alarm_at is None
    must_be_refused("data_breach_told_late_because", DataBreach.objects.all(), late_because="")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataAlarm.objects.create(breach=breach, due_at=breach.due_at, percent=80, rang_at=NOON)


def test_persons_are_told_where_the_risk_is_high_and_nobody_s_authority_where_it_is_unlikely() -> None:
    subscription = make_subscription("cryptopass")
    make_administrator(subscription)
    high = Noticed(what="Keys were copied.", categories="keys", risk="high", vendor="cryptopass")
    breach = notice_breach(noticed=high, noticed_at=NOON, at=NOON)
    assert breach.persons_told_at == NOON and "8.7" in clauses(breach)
    told = Notice.objects.filter(kind="data_breach").order_by("id")
    assert [notice.recipient for notice in told] == [subscription.customer.email, "ada@example.com"]
    assert "GDPR 34(1)" in told[1].body and "- 8.7: The persons are told" in told[1].body
    unlikely = high._replace(risk="unlikely", vendor="")
    ours = notice_breach(noticed=unlikely, noticed_at=NOON, at=NOON)
    assert (ours.due_at, ours.alarm_at, ours.sheet) == (None, None, "")


# --- Row 94: information at the first contact, and three years from the last relation ---


def test_a_contact_whom_somebody_else_named_is_told_at_the_first_contact() -> None:
    subscription = make_subscription("cryptopass")
    make_administrator(subscription)
    notice = Notice.objects.get(kind="data_information")
    assert notice.recipient == "ada@example.com" and {"8.3", "8.4"} == clauses(notice)
    assert "When you give us the data of users, tell them" in notice.body
    other = make_subscription("securegroup", customer=subscription.customer)
    make_administrator(other)
    assert Notice.objects.filter(kind="data_information").count() == 1, "a silent contract asks for no such letter"


def test_contacts_go_three_years_after_the_last_contract_with_the_customer_or_an_affiliate() -> None:
    make_price("cryptopass", cycle_months=1)
    head = make_customer()
    first = make_subscription("cryptopass", customer=head, accepted_on=date(2026, 1, 1))
    daughter = make_customer(affiliate_of=head)
    second = make_subscription("cryptopass", customer=daughter, accepted_on=date(2026, 1, 1))
    make_administrator(first)
    live_to(date(2026, 3, 31))
    end(first, date(2026, 3, 31))
    live_to(date(2026, 4, 2))
    plan = PlannedDisposal.objects.get(subscription=first, data="contact")
    assert plan.due_on is None, "the affiliate's contract still runs"
    end(second, date(2026, 5, 31))
    live_to(date(2026, 6, 2))
    OpenItem.objects.update(principal_minor=0, interest_minor=0, costs_minor=0, closed_on=date(2026, 6, 2))
    plan.refresh_from_db()
    assert plan.due_on == date(2029, 5, 31) and clauses(plan) == {"8.3"}
    skip_to("cryptopass", date(2029, 5, 30))
    live_to(date(2029, 5, 30))
    assert Administrator.objects.get().name == "Ada Ader"
    live_to(date(2029, 5, 31))
    assert Administrator.objects.get().name.startswith("Erased")
    assert Disposal.objects.filter(kind="retention", because__0__clause__isnull=False).exists()
    assert not PersonKey.objects.filter(retention="contact").exists(), "their time was over"


# --- Row 93: deleted or given back, at the end or on request; only what may be held ---


def flagged_user() -> tuple[Subscription, EndUser]:
    subscription = make_subscription("secureflag", accepted_on=date(2026, 3, 1))
    user = make_end_user(subscription.customer)
    make_administrator(subscription)
    licence = Licence.objects.get(subscription=subscription)
    assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=date(2026, 3, 2))
    return subscription, user


def test_users_are_erased_the_day_after_the_contract_ends() -> None:
    subscription, user = flagged_user()
    live_to(date(2026, 3, 30))
    end(subscription, date(2026, 3, 31))
    live_to(date(2026, 4, 1))
    user.refresh_from_db()
    assert user.username == f"Erased end user {user.pk}"
    plan = PlannedDisposal.objects.get(data="account")
    assert plan.done_on is not None and "Schedule 2 8.1" in clauses(plan)
    disposal = Disposal.objects.get(kind="contract_end")
    assert disposal.counts["accounts.enduser"] == 1 and "Schedule 2 8.1" in clauses(disposal)


def test_a_customer_who_wants_its_data_back_gets_it_before_it_goes() -> None:
    subscription, user = flagged_user()
    wish_for_data(subscription=subscription, wanted="return", on=date(2026, 3, 3), at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedDisposal.objects.create(
            subscription=subscription, data="account", vendor="secureflag", sheet=subscription.sheet, created_at=NOON
        )
    live_to(date(2026, 3, 30))
    end(subscription, date(2026, 3, 31))
    live_to(date(2026, 4, 2))
    assert EndUser.objects.get().username == user.username
    note_returned(plan=PlannedDisposal.objects.get(data="account"), on=date(2026, 4, 3))
    live_to(date(2026, 4, 20))
    assert EndUser.objects.get().username.startswith("Erased")


def test_a_contract_that_gives_no_choice_takes_no_wish() -> None:
    subscription = make_subscription("securegroup")
    assert wish_for_data(subscription=subscription, wanted="return", on=date(2026, 3, 3), at=NOON) is None


def test_of_a_user_nothing_is_taken_down_that_the_contract_does_not_name() -> None:
    subscription = make_subscription("secureflag")
    user = register_end_user(customer=subscription.customer, username="ben", device_type="iPhone", on=date(2026, 3, 2))
    assert user.device_type == ""
    other = make_subscription("securegroup")
    user = register_end_user(customer=other.customer, username="ben", device_type="iPhone", on=date(2026, 3, 2))
    assert user.device_type == "iPhone"


# --- The whole way of an erasure, lived through day by day ---


def test_what_was_sealed_is_gone_when_its_last_day_comes() -> None:
    subscription = make_subscription("cryptopass", accepted_on=date(2026, 1, 1))
    customer = subscription.customer
    live_to(date(2026, 1, 31))
    end(subscription, date(2026, 1, 31))
    live_to(date(2026, 2, 2))
    skip_to("cryptopass", date(2029, 1, 31))
    live_to(date(2029, 2, 1))
    customer.refresh_from_db()
    assert customer.name == f"Erased customer {customer.pk}"
    assert SealedRecord.objects.exclude(sealed=b"").exists()
    PersonKey.objects.update(keep_until=date(2029, 3, 1))
    live_to(date(2029, 3, 1))
    assert (
        not SealedRecord.objects.exclude(sealed=b"").exists()
        and not PersonKey.objects.filter(destroyed_on=None).exists()
    )
    assert Disposal.objects.filter(kind="key", disposed_on=date(2029, 3, 1)).exists()


# --- Row 92: what else is promised about personal data ---


def test_what_else_is_promised_stands_in_the_book_and_the_register_of_processors_beside_it() -> None:
    owner = people.owner()
    page = owner.get("/admin/terms/cryptopass/2022-01-01/").content.decode()
    assert "dpo@ercom.fr" in page and "Data protection officer" in page
    flagged = owner.get("/admin/terms/secureflag/2024-01-01/").content.decode()
    assert "By the subscriber or its auditor" in flagged and "6.1" in flagged
    fields = {
        "name": "Hosting SAS", "vendor": "cryptopass", "purpose": "keeps the servers", "data": "accounts", "country": "FR",
        "contract_on": "2026-01-01", "audited_on": "2026-02-01",
    }  # fmt: skip
    assert owner.post("/admin/accounts/processor/add/", fields).status_code == 302
    assert "Hosting SAS" in owner.get("/admin/accounts/processor/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Processor.objects.create(**fields)


def test_who_opens_a_sealed_record_stands_in_its_log() -> None:
    subscription = make_subscription("cryptopass", accepted_on=date(2026, 1, 1))
    end(subscription, date(2026, 1, 31))
    Notice.objects.update(state="sent", sent_at=NOON)
    erase(subject=subscription.customer, on=date(2026, 2, 2), at=NOON)
    record = SealedRecord.objects.get(model="accounts.customer", key__retention="accounting")
    address = f"/admin/accounts/sealedrecord/{record.pk}/open/"
    assert people.clerk().post(address, {"reason": "Audit 7"}).status_code == 403
    owner = people.owner()
    assert "for a reason only" in owner.post(address, {"reason": " "}).content.decode()
    assert subscription.customer.email in owner.post(address, {"reason": "Audit 7"}).content.decode()
    opening = SealedOpening.objects.get()
    assert (opening.opened_by, opening.reason) == (people.who("owner"), "Audit 7")
    assert "Audit 7" in owner.get(f"/admin/accounts/sealedrecord/{record.pk}/change/").content.decode()
