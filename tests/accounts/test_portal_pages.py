"""What is done in the portal: nothing binds before it was read, and what was read is what happens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agreement, Customer, EndUser, Licence, SeatChange, Subscription
from accounts.services import add_document, assign_licence, suspend
from tests import people
from tests.builders import (
    NOON,
    make_administrator,
    make_customer,
    make_end_user,
    make_notice,
    make_price,
    make_reseller,
    make_subscription,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Any:
    """It is noon of 2 March 2026, as for the builders; sign-ins live by the same clock."""
    with time_machine.travel(NOON, tick=False):
        yield


def words(answered: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answered.content.decode())).split())


def look(client: Client, name: str, /, *numbers: int, **data: Any) -> str:
    return words(client.get(reverse(f"portal:{name}", args=numbers), data))


def see(client: Client, name: str, /, *numbers: int, **fields: Any) -> tuple[str, str]:
    """What would follow, and the mark by which it is confirmed; empty where nothing can be confirmed."""
    answered = client.post(reverse(f"portal:{name}", args=numbers), fields)
    mark = re.search(r'name="confirm"\s+value="(\w+)"', answered.content.decode())
    return words(answered), mark[1] if mark else ""


def confirm(client: Client, name: str, /, *numbers: int, **fields: Any) -> str:
    """Does what was asked, as somebody does who reads it and confirms it."""
    _, mark = see(client, name, *numbers, **fields)
    assert mark
    return words(client.post(reverse(f"portal:{name}", args=numbers), {**fields, "confirm": mark}, follow=True))


def ours(vendor: str = "secureflag", **changes: Any) -> tuple[Client, Subscription]:
    """A reseller's manager, who is also an administrator of the customer, and one subscription of it."""
    reseller = make_reseller()
    subscription = make_subscription(vendor, customer=make_customer(reseller=reseller), **changes)
    make_administrator(subscription, people.address("manager"))
    return people.member("manager", reseller), subscription


def test_a_contract_is_stopped_only_once_it_was_read() -> None:
    client, subscription = ours()
    told, mark = see(client, "stop", subscription.pk)
    before = Subscription.objects.get(pk=subscription.pk)
    assert "If you confirm, Team ends on 28 February 2027." in told
    assert "Fees run on until the last day." in told and "Undoing it" in told and "13.1" in told
    assert before.ends_on is None and mark
    shown = confirm(client, "stop", subscription.pk)
    subscription.refresh_from_db()
    assert (subscription.notice_on, subscription.ends_on) == (date(2026, 3, 2), date(2027, 2, 28))
    assert subscription.received_notices.get().form == "account_page"
    assert "Your notice was given." in shown and "ends on 28 February 2027" in shown
    assert "This very notice was noted already." in look(client, "stop", subscription.pk)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert "It ends on 28 February 2027 already" in look(client, "stop", subscription.pk)


def test_what_was_confirmed_is_shown_anew_where_it_has_changed_meanwhile() -> None:
    client, subscription = ours()
    _, mark = see(client, "stop", subscription.pk)
    with time_machine.travel("2026-03-25T12:00Z", tick=False):
        client = people.member("manager", subscription.customer.reseller or make_reseller())
        address = reverse("portal:stop", args=(subscription.pk,))
        told = words(client.post(address, {"confirm": mark}))
        assert "What follows has changed since you looked." in told
    subscription.refresh_from_db()
    assert subscription.ends_on is None


def test_a_notice_in_a_form_that_does_not_count_is_not_taken_and_told_how_it_would_count() -> None:
    client, subscription = ours("cryptopass", commitment=False)
    told, mark = see(client, "stop", subscription.pk)
    assert "Given here, a notice does not count." in told and "by having all accounts deleted" in told
    assert mark == ""
    assert not subscription.received_notices.exists()


@pytest.mark.parametrize("forged", ["", "yes", "0" * 64])
def test_nothing_is_done_without_the_mark_of_what_was_read(forged: str) -> None:
    client, subscription = ours()
    client.post(reverse("portal:stop", args=(subscription.pk,)), {"confirm": forged})
    subscription.refresh_from_db()
    assert subscription.ends_on is None


def test_a_seat_is_given_to_a_person_and_refused_to_the_next_with_the_clause() -> None:
    client, subscription = ours(plan="Business")
    first, second = make_end_user(subscription.customer), make_end_user(subscription.customer)
    seat = subscription.licences.get()
    assert "names nobody yet" in look(client, "assign", seat.pk)
    assert f"Seat {seat.number} was given." in confirm(client, "assign", seat.pk, holder=first.pk)
    seat.refresh_from_db()
    assert seat.holder == first
    told, mark = see(client, "assign", seat.pk, holder=second.pk)
    assert f"Seat 1 cannot be given to {second}" in told and "The seat stays with its holder." in told
    assert mark == ""


def test_a_seat_is_given_only_to_people_of_the_same_customer() -> None:
    client, subscription = ours()
    stranger = make_end_user(make_customer())
    answered = client.post(reverse("portal:assign", args=(subscription.licences.get().pk,)), {"holder": stranger.pk})
    assert "not one of the available choices" in words(answered)
    assert 'class="wrong"' in answered.content.decode()


def test_who_is_no_administrator_is_told_that_only_one_may_order() -> None:
    reseller = make_reseller()
    make_price("cryptopass", cycle_months=1)
    subscription = make_subscription("cryptopass", customer=make_customer(reseller=reseller))
    client = people.member("boss", reseller, "owner")
    told, mark = see(client, "add_seats", subscription.pk, seats=2)
    assert "only an administrator may make it" in told
    assert mark == ""
    assert not SeatChange.objects.exists()


def test_seats_are_added_at_the_price_that_was_shown_and_not_twice_by_two_clicks() -> None:
    make_price("secureflag")
    client, subscription = ours(cycle_months=12)
    told, mark = see(client, "add_seats", subscription.pk, seats=2)
    assert "Seats then 3, 2 more than now" in told
    address = reverse("portal:add_seats", args=(subscription.pk,))
    for _ in range(2):
        client.post(address, {"seats": 2, "confirm": mark})
    change = SeatChange.objects.get()
    assert change.charge is not None
    assert f"{change.charge:,f} {change.currency}" in told
    subscription.refresh_from_db()
    assert subscription.quantity == 3


def test_seats_without_a_price_are_not_added() -> None:
    client, subscription = ours()
    assert "we have no price for another seat" in see(client, "add_seats", subscription.pk, seats=1)[0]


@pytest.mark.parametrize("seats", ["0", "-1", "1001", "many", ""])
def test_a_wrong_number_of_seats_is_told_beside_its_field(seats: str) -> None:
    client, subscription = ours()
    answered = client.post(reverse("portal:add_seats", args=(subscription.pk,)), {"seats": seats})
    assert 'aria-invalid="true"' in answered.content.decode() and 'class="wrong"' in answered.content.decode()


def test_a_seat_is_given_up_for_the_day_the_contract_says() -> None:
    client, subscription = ours("cryptopass", quantity=2, commitment=False)
    seat = subscription.licences.get(number=2)
    told = confirm(client, "give_up", seat.pk)
    assert "Seat 2 was given up." in told and "gone from 1 April 2026" in told
    assert SeatChange.objects.get().effective_on == date(2026, 4, 1)
    last = subscription.licences.get(number=1)
    assert "who wants none gives notice to stop" in see(client, "give_up", last.pk)[0]


def test_people_come_and_go() -> None:
    client, subscription = ours()
    customer = subscription.customer
    assert "Nobody is known yet" in look(client, "people", customer.pk)
    told = confirm(client, "add_person", customer.pk, username="ben", device_type="")
    assert "The person was added." in told and "ben" in told
    person = EndUser.objects.get(username="ben")
    assert "has this username already" in see(client, "add_person", customer.pk, username="BEN")[0]
    confirm(client, "assign", subscription.licences.get().pk, holder=person.pk)
    told, _ = see(client, "leave", person.pk)
    assert "Seats that are free then 1" in told
    assert "All access has ended." in confirm(client, "leave", person.pk)
    assert Licence.objects.get().holder is None
    assert "cannot leave" in see(client, "leave", person.pk)[0]


def test_a_last_day_that_is_over_is_told_as_one_that_was() -> None:
    client, subscription = ours()
    pages = (("customer", subscription.customer_id), ("subscription", subscription.pk))
    for page in pages:
        assert "Last day to stop it" in look(client, *page)
    with time_machine.travel("2027-02-28T12:00Z", tick=False):
        client = people.member("manager", subscription.customer.reseller or make_reseller())
        for page in pages:
            assert re.search("last day to stop that was 27 February 2027", look(client, *page), re.I), page


def test_a_text_is_read_with_its_hash_and_accepted_once() -> None:
    client, subscription = ours()
    file = ContentFile(b"The whole text <b>of it</b>.", "terms.txt")
    document = add_document(sheet=subscription.sheet, title="Terms", version="2", file=file, at=NOON)
    assert "Read and accept: Terms, version 2" in look(client, "home")
    told, mark = see(client, "accept", subscription.pk, document.pk)
    assert document.sha256 in told and "The whole text <b>of it</b>." in told
    assert mark
    assert not Agreement.objects.exists()
    assert "It is accepted." in confirm(client, "accept", subscription.pk, document.pk)
    made = Agreement.objects.get()
    assert (made.accepted_at.date(), made.how, made.sha256) == (date(2026, 3, 2), "portal", document.sha256)
    assert "already" in look(client, "accept", subscription.pk, document.pk)
    listed = look(client, "agreements")
    assert "No text waits for you." in listed and f"{subscription.customer}, Team 2 March 2026" in listed
    assert "Terms, version 2 , accepted on 2 March 2026" in look(client, "subscription", subscription.pk)


def test_a_text_that_is_no_words_is_there_to_be_downloaded() -> None:
    client, subscription = ours()
    file = ContentFile(b"%PDF-1.7\x00\xff\xfe", "terms.pdf")
    document = add_document(sheet=subscription.sheet, title="Terms", version="2", file=file, at=NOON)
    assert "which cannot be shown here" in look(client, "accept", subscription.pk, document.pk)
    answered = client.get(reverse("portal:text", args=(document.pk,)))
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert answered.headers["Content-Type"] == "application/octet-stream"


def test_a_text_of_another_contract_is_not_accepted_for_this_one() -> None:
    client, subscription = ours()
    file = ContentFile(b"Other", "terms.txt")
    document = add_document(sheet="ethicmail/2016-10-20", title="Terms", version="1", file=file, at=NOON)
    assert client.get(reverse("portal:accept", args=(subscription.pk, document.pk))).status_code == 404


def test_a_notice_is_read_in_its_exact_words_with_its_why() -> None:
    client, subscription = ours()
    body = "Dear <i>Ada</i>,\n\nit renews."
    notice = make_notice(subscription, state="sent", sent_at=NOON, subject="It renews", body=body)
    assert "It renews" in look(client, "notices")
    page = client.get(reverse("portal:notice", args=(notice.pk,))).content.decode()
    assert "Dear &lt;i&gt;Ada&lt;/i&gt;,\n\nit renews." in page
    assert notice.because[0]["clause"] in page and "/admin/" not in page


def test_what_was_not_sent_yet_or_is_another_partys_is_no_notice_here() -> None:
    client, subscription = ours()
    waiting = make_notice(subscription)
    vendors = make_notice(subscription, obligation="other", party="vendor", state="sent", sent_at=NOON)
    for notice in (waiting, vendors):
        assert client.get(reverse("portal:notice", args=(notice.pk,))).status_code == 404


def test_the_start_page_tells_what_is_urgent_and_what_lies_ahead() -> None:
    client, subscription = ours()
    assert "Nothing needs you now." in look(client, "home")
    with time_machine.travel("2027-02-24T12:00Z", tick=False):
        client = people.member("manager", subscription.customer.reseller or make_reseller())
        told = look(client, "home")
        assert "last day to stop Team is 27 February 2027" in told
        assert "27 February 2027 Last day to stop it" in told and "1 March 2027 It renews" in told


def test_a_suspended_contract_needs_somebody_and_shows_its_colour() -> None:
    client, subscription = ours()
    suspend(subscription=subscription, reason="breach", because=[], on=NOON.date(), at=NOON)
    assert "Team is suspended" in look(client, "home")
    page = client.get(reverse("portal:customer", args=(subscription.customer_id,))).content.decode()
    assert "tag bad" in page


def test_a_viewer_is_shown_no_buttons_and_told_what_they_may_not_do() -> None:
    reseller = make_reseller()
    subscription = make_subscription(customer=make_customer(reseller=reseller))
    viewer = people.member("viewer", reseller, "viewer")
    assert "Stop this contract" not in look(viewer, "subscription", subscription.pk)
    assert "Give to" not in look(viewer, "licences", subscription.pk)
    assert "You may only read this" in look(viewer, "stop", subscription.pk)


def test_customers_are_found_by_the_beginning_of_their_name_and_paged() -> None:
    reseller = make_reseller()
    for number in range(60):
        make_customer(name=f"Pond {number:02}", reseller=reseller)
    make_customer(name="Lake", reseller=reseller)
    client = people.member("manager", reseller)
    first = look(client, "customers")
    [after] = re.findall(r"\?after=(\d+).*>Next", client.get(reverse("portal:customers")).content.decode())
    second = look(client, "customers", after=after)
    named = [re.findall(r"Pond \d\d|Lake", page) for page in (first, second)]
    assert named[0] + named[1] == ["Lake", *(f"Pond {number:02}" for number in range(60))]
    assert "Next" not in second and "From the beginning" in second
    found = look(client, "customers", q="la")
    assert "Lake" in found and "Pond" not in found
    assert "No customer of yours begins with" in look(client, "customers", q="<Sea>")
    stranger = make_customer(name="Pond 30")
    for unknown in ("0", "-1", "x", "99999", "9" * 30, str(stranger.pk)):
        assert re.findall(r"Pond \d\d|Lake", look(client, "customers", after=unknown)) == named[0]


def test_a_list_asks_as_often_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    reseller = make_reseller()
    for _ in range(12):
        customer = make_customer(reseller=reseller)
        subscription = make_subscription(customer=customer, quantity=3)
        make_notice(subscription, state="sent", sent_at=NOON)
        assign_licence(
            licence=subscription.licences.get(number=1),
            holder=make_end_user(customer),
            asked_by="x@example.com",
            on=date(2026, 3, 2),
        )
    client = people.member("manager", reseller)
    for name, numbers, most in (
        ("home", (), 25),
        ("customers", (), 8),
        ("notices", (), 8),
        ("agreements", (), 8),
        ("people", (Customer.objects.latest("pk").pk,), 13),
        ("licences", (Subscription.objects.latest("pk").pk,), 12),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(reverse(f"portal:{name}", args=numbers)).status_code == 200
