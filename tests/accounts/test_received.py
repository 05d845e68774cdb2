"""Notices that come to us: whether they count, what they lead to, and what staff see of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import ReceivedNotice
from accounts.services import Incoming, NotPossible, give_notice, receive_notice, right_form
from tests import people
from tests.builders import NOON, make_customer, make_received, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/receivednotice/"


def read(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def test_a_notice_in_the_wrong_form_is_kept_and_ends_nothing() -> None:
    subscription = make_subscription()
    noted = receive_notice(incoming=Incoming("non_renewal", "email", NOON, subscription=subscription), at=NOON)
    assert (noted.decision.answer.counts, noted.decision.answer.forms) == (False, ("account_page",))
    assert [item["clause"] for item in noted.notice.because] == ["13.2"]
    subscription.refresh_from_db()
    assert subscription.ends_on is None


def test_a_notice_in_the_right_form_ends_the_term() -> None:
    subscription = make_subscription()
    noted = receive_notice(incoming=Incoming("non_renewal", "account_page", NOON, subscription=subscription), at=NOON)
    subscription.refresh_from_db()
    assert (noted.notice.ends_on, subscription.ends_on) == (date(2027, 2, 28), date(2027, 2, 28))
    assert noted.notice.counts_on == subscription.notice_on == NOON.date()


# 4.1.2: without commitment the accounts are deleted; the day is the vendor's, whose clock is ahead of Greenwich's.
def test_the_day_that_counts_is_the_vendor_s() -> None:
    subscription = make_subscription("cryptopass", accepted_on=date(2026, 3, 1))
    late = datetime(2026, 3, 16, 23, 30, tzinfo=ZoneInfo("UTC"))
    incoming = Incoming("non_renewal", "deletion_of_accounts", late, subscription=subscription)
    notice = receive_notice(incoming=incoming, at=late).notice
    assert (notice.counts_on, notice.ends_on) == (date(2026, 3, 17), date(2026, 4, 30))


def test_where_the_contract_names_no_form_any_counts() -> None:
    notice = make_received(make_subscription("securepacket"), form="phone")
    assert (notice.counts, notice.counts_at, notice.because) == (True, NOON, [])


def test_the_same_notice_is_kept_once() -> None:
    subscription = make_subscription()
    assert make_received(subscription) == make_received(subscription)
    assert make_received(subscription, form="letter") != make_received(subscription)
    assert ReceivedNotice.objects.count() == 2
    other = make_received(make_subscription())
    must_be_refused("key", ReceivedNotice.objects.filter(pk=other.pk), key=make_received(subscription).key)


def test_a_vendor_s_notice_is_judged_by_the_terms_of_its_day() -> None:
    notice = make_received(None, sender="vendor", vendor="secureflag", purpose="price")
    assert (notice.sheet, notice.customer, notice.counts) == ("secureflag/2024-01-01", None, True)


def test_an_end_user_may_complain_and_end_nothing() -> None:
    customer = make_customer()
    told: dict[str, Any] = {"sender": "end_user", "customer": customer, "vendor": "securegroup_devices"}
    assert make_received(None, **told, purpose="complaint", form="phone").counts is False
    with pytest.raises(ValidationError, match="no contract to end"):
        make_received(None, **told, purpose="non_renewal")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"received_at": NOON + timedelta(minutes=1)}, "later than it is written down"),
        ({}, "which subscription"),
        ({"sender": "vendor"}, "which subscription"),
        ({"sender": "customer", "vendor": "secureflag"}, "which subscription"),
    ],
)
def test_what_cannot_be_written_down_says_why(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        make_received(None, **changes)
    assert not ReceivedNotice.objects.exists()


def test_a_notice_to_stop_what_does_not_run_leaves_no_trace() -> None:
    waiting = make_subscription("ethicmail", payment_confirmed_on=None)
    with pytest.raises(NotPossible, match="nothing to end"):
        make_received(waiting, purpose="non_renewal", form="ticket")
    assert not ReceivedNotice.objects.exists()


def test_the_older_verb_asks_about_the_form_where_it_is_told_one() -> None:
    subscription = make_subscription()
    day = date(2026, 5, 1)
    assert not give_notice(subscription=subscription, notice_on=day, by="customer", form="phone").answer.counts
    given = give_notice(subscription=subscription, notice_on=day, by="customer", form="account_page")
    assert given.answer.ends_on == date(2027, 2, 28)
    assert list(ReceivedNotice.objects.order_by("id").values_list("counts", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("vendor", "form"), [("secureflag", "account_page"), ("ethicmail", "ticket"), ("securepacket", "email")]
)
def test_the_right_form_is_the_contract_s(vendor: str, form: str) -> None:
    assert right_form(make_subscription(vendor), "non_renewal", "customer", NOON) == form


def test_the_database_refuses_a_count_without_its_moment() -> None:
    make_received(make_subscription())
    must_be_refused("received_notice_counts_from", ReceivedNotice.objects.all(), counts_at=None)
    must_be_refused("received_notice_has_sender", ReceivedNotice.objects.all(), customer=None)


def filled(**changes: Any) -> dict[str, Any]:
    known = {
        "sender": "customer", "purpose": "non_renewal", "form": "email", "received_at_0": "2026-03-02",
        "received_at_1": "12:00:00", "vendor": "", "filed": "File 7",
    }  # fmt: skip
    return {**known, **changes}


def test_staff_write_a_notice_down_and_are_told_that_it_does_not_count() -> None:
    subscription = make_subscription()
    answered = people.owner().post(f"{LIST}add/", filled(subscription=subscription.pk), follow=True)
    assert "it does not count in this form" in answered.content.decode()
    notice = ReceivedNotice.objects.get()
    text = read(people.clerk(), f"{LIST}{notice.pk}/change/")
    assert "It came by e-mail, and such a notice does not count in this form." in text and "13.2" in text


def test_staff_see_what_a_notice_led_to() -> None:
    subscription = make_subscription()
    people.owner().post(f"{LIST}add/", filled(subscription=subscription.pk, form="account_page"))
    text = read(people.clerk(), f"{LIST}{ReceivedNotice.objects.get().pk}/change/")
    assert "It counts on 2 March 2026. The service ends on 28 February 2027." in text


def test_a_notice_that_the_contract_has_no_form_for_says_so() -> None:
    notice = make_received(make_subscription("securepacket"))
    assert "The contract asks for no form" in read(people.clerk(), f"{LIST}{notice.pk}/change/")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sender": "vendor"}, "Say which subscription"),
        ({"sender": "vendor", "vendor": "secureflag", "received_at_0": "2023-01-01"}, "no sheet in force"),
    ],
)
def test_what_staff_cannot_write_down_is_said_on_the_page(changes: dict[str, Any], said: str) -> None:
    owner = people.owner()
    answered = owner.post(f"{LIST}add/", filled(**changes))
    assert answered.status_code == 200
    assert said in unescape(answered.content.decode())
    assert not ReceivedNotice.objects.exists()
