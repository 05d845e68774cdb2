"""A customer's whole story on one page: what happened, why, and what is certain to come."""

from datetime import date

import pytest
from django.conf import LazySettings

from accounts.services import give_notice, give_up_seats
from backoffice import days, rehearsal
from tests import people
from tests.accounts.everything import make_everything
from tests.builders import NOON, make_administrator, make_customer, make_price, make_subscription

pytestmark = pytest.mark.django_db


def test_a_story_is_of_one_customer_alone() -> None:
    mine, other = make_subscription("cryptopass", plan="Own"), make_subscription("secureflag", plan="Other")
    told = rehearsal.story(mine.customer_id)
    assert {one.customer for one in told} == {mine.customer.name}
    assert [one.kind for one in told][:2] == ["order", "beginning"]
    assert rehearsal.story(other.customer_id) != told


def test_nothing_of_another_customer_is_ever_told() -> None:
    """Whatever rows there are: a customer with something in every table, and one with a contract alone."""
    make_everything()
    other = make_customer(name="Somebody else")
    make_subscription("secureflag", customer=other)
    told = rehearsal.story(other.pk)
    assert {one.kind for one in told} == {"order", "beginning", "period"}
    assert {one.customer for one in told} == {"Somebody else"}


def test_what_is_ahead_is_certain_and_later_than_today() -> None:
    subscription = make_subscription("secureflag", quantity=3)
    ahead = rehearsal.ahead(subscription.customer_id, date(2026, 3, 2))
    assert [(one.on, one.kind) for one in ahead] == [
        (date(2027, 2, 27), "last day to cancel"),
        (date(2027, 3, 1), "renewal"),
    ]
    assert "28 February 2027" in ahead[1].says
    assert "13.2" in {item["clause"] for item in ahead[0].because}
    assert [one.kind for one in rehearsal.ahead(subscription.customer_id, date(2027, 2, 27))] == ["renewal"]


def test_a_notice_to_stop_turns_the_renewal_into_an_end() -> None:
    subscription = make_subscription("secureflag")
    give_notice(subscription=subscription, notice_on=date(2026, 6, 1), by="customer", form="account_page")
    [end] = rehearsal.ahead(subscription.customer_id, date(2026, 6, 1))
    assert (end.on, end.kind) == (date(2027, 2, 28), "end")


def test_seats_that_were_given_up_leave_ahead() -> None:
    subscription = make_subscription("cryptopass", quantity=2)
    make_administrator(subscription)
    give_up_seats(subscription=subscription, numbers=[2], asked_by="ada@example.com", on=date(2026, 3, 2), at=NOON)
    kinds = [one.kind for one in rehearsal.ahead(subscription.customer_id, date(2026, 3, 2))]
    assert "fewer seats" in kinds


def test_the_page_tells_the_story_with_its_clauses(settings: LazySettings) -> None:
    settings.DAYS_BY_HAND = True
    make_price("secureflag")
    subscription = make_subscription("secureflag", customer=make_customer(name="Aalto & Sons"), quantity=3)
    make_administrator(subscription)
    days.run_day("secureflag", date(2026, 3, 1), at=NOON)
    text = people.clerk().get(f"/admin/accounts/customer/{subscription.customer_id}/story/").content.decode()
    assert "Aalto &amp; Sons" in text
    assert "Until today, 2 March 2026" in text
    assert "0 of 3 seats name" in " ".join(text.split())
    assert "27 February 2027 is the last day for a notice that keeps Team from renewing." in text
    assert 'class="clause"' in text


def test_the_page_asks_the_same_number_of_queries_however_long_the_story() -> None:
    client = people.clerk()
    customer = make_customer()
    make_subscription("secureflag", customer=customer)
    address = f"/admin/accounts/customer/{customer.pk}/story/"
    client.get(address)
    few = people.queries(client, address)
    for _ in range(5):
        make_subscription("secureflag", customer=customer)
    assert people.queries(client, address) == few


def test_who_may_not_see_customers_sees_no_story_and_one_that_is_not_there_is_not_found() -> None:
    customer = make_customer()
    assert people.newcomer().get(f"/admin/accounts/customer/{customer.pk}/story/").status_code == 403
    assert people.clerk().get(f"/admin/accounts/customer/{customer.pk + 9}/story/").status_code == 404
