"""The staff's pages of people and seats: quick, read-only, and with the why of what was decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from accounts.models import Administrator, SeatChange, Subscription
from accounts.services import (
    Person,
    add_seats,
    assign_licence,
    designate_administrator,
    give_up_seats,
    note_verification,
)
from tests import people
from tests.accounts.test_admin import read
from tests.builders import NOON, make_end_user, make_subscription

pytestmark = pytest.mark.django_db

ADA = "ada@example.com"
DAY = date(2026, 3, 10)
LISTS = ["administrator", "enduser", "licence", "seatchange"]


def furnished(vendor: str = "cryptopass") -> Subscription:
    """A subscription with an administrator, two holders one after the other, and seats added and given up."""
    subscription = make_subscription(vendor, commitment=True, quantity=3)
    person = Person("Ada Ader", ADA)
    designate_administrator(customer=subscription.customer, vendor=vendor, person=person, on=DAY, at=NOON)
    for _ in range(2):
        holder = make_end_user(subscription.customer)
        assign_licence(licence=subscription.licences.get(number=1), holder=holder, asked_by=ADA, on=DAY)
    add_seats(subscription=subscription, seats=1, unit_price=Decimal("90"), asked_by=ADA, on=DAY, at=NOON)
    give_up_seats(subscription=subscription, numbers=[1], asked_by=ADA, on=DAY, at=NOON)
    return subscription


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(name: str) -> None:
    client, address = people.clerk(), f"/admin/accounts/{name}/"
    furnished()
    people.queries(client, address)
    few = people.queries(client, address)
    for _ in range(8):
        furnished()
    assert people.queries(client, address) == few


@pytest.mark.parametrize("name", LISTS)
def test_what_the_product_wrote_cannot_be_written_over(name: str) -> None:
    furnished("securegroup")
    number = apps.get_model("accounts", name)._default_manager.latest("id").pk
    owner = people.owner()
    for action in (f"{number}/change/", f"{number}/delete/", "add/"):
        assert owner.post(f"/admin/accounts/{name}/{action}", {"post": "yes"}).status_code == 403
    assert people.newcomer().get(f"/admin/accounts/{name}/").status_code == 403
    assert people.outsider().get(f"/admin/accounts/{name}/").status_code == 302


def test_an_administrator_shows_how_many_there_may_be() -> None:
    furnished("securegroup")
    text = read(people.clerk(), f"/admin/accounts/administrator/{Administrator.objects.get().pk}/change/")
    assert "The person may be an administrator; a customer may have 4 at most." in text and "SLA 1.3" in text


def test_an_administrator_of_a_silent_contract_says_so() -> None:
    furnished("securepacket")
    text = read(people.clerk(), f"/admin/accounts/administrator/{Administrator.objects.get().pk}/change/")
    assert "The contract does not say who may be an administrator" in text


def test_a_licence_shows_all_whom_it_named_and_why_it_might() -> None:
    subscription = furnished()
    licence = subscription.licences.get(number=1)
    text = read(people.clerk(), f"/admin/accounts/licence/{licence.pk}/change/")
    for assignment in licence.assignments.all():
        assert f"It names {assignment.holder} from 10 March 2026 on." in text
    assert "The seat may be given to another person, as at any time." in text and "3.3" in text
    free = read(people.clerk(), f"/admin/accounts/licence/{subscription.licences.get(number=2).pk}/change/")
    assert "No contract had a say in whom this licence names." in free


def test_a_change_of_seats_shows_its_charge_its_day_and_why() -> None:
    furnished()
    furnished("securegroup")
    added, given_up, silent = SeatChange.objects.order_by("id")
    client = people.clerk()
    text = read(client, f"/admin/accounts/seatchange/{added.pk}/change/")
    assert f"The added seats cost {added.charge} for 356 of 365 days, and end on 28 February 2027." in text
    assert "The seat is gone from 1 March 2027 on." in read(client, f"/admin/accounts/seatchange/{given_up.pk}/change/")
    assert "The contract does not say what added seats cost." in read(
        client, f"/admin/accounts/seatchange/{silent.pk}/change/"
    )


def test_staff_note_how_a_verification_stands() -> None:
    customer = make_subscription().customer
    marked = {"action": "verified", "_selected_action": customer.pk}
    people.clerk().post("/admin/accounts/customer/", marked)
    customer.refresh_from_db()
    assert customer.verification == "none"
    for action, state in (("ask_who_it_is", "asked"), ("not_accepted", "refused"), ("verified", "verified")):
        people.owner().post("/admin/accounts/customer/", {**marked, "action": action})
        customer.refresh_from_db()
        assert customer.verification == state and customer.verification_on is not None


def test_staff_are_told_what_cannot_be_noted() -> None:
    customer = make_subscription().customer
    note_verification(customer=customer, state="asked", on=date(9999, 1, 1))
    told = people.owner().post(
        "/admin/accounts/customer/", {"action": "verified", "_selected_action": customer.pk}, follow=True
    )
    assert "was noted on 9999-01-01 already." in told.content.decode()
    customer.refresh_from_db()
    assert customer.verification == "asked"
