"""Seats and licences: added at the price quoted, given up for the day the contract says, and one person each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.jobs import seats as jobs
from accounts.models import Assignment, Licence, Period, SeatChange, Subscription
from accounts.services import (
    NotPossible,
    add_seats,
    assign_licence,
    close_periods,
    designate_administrator,
    give_up_seats,
    leave,
    quote_seats,
)
from accounts.services.licences import Assigned
from accounts.services.people import Person
from accounts.services.seats import Changed
from billing.models import InvoiceLine
from billing.services import issue_renewals
from tests.builders import NOON, make_end_user, make_price, make_subscription
from tests.together import all_at_once

pytestmark = pytest.mark.django_db

ADA = "ada@example.com"
DAY = date(2026, 3, 10)


def with_administrator(vendor: str = "cryptopass", **changes: Any) -> Subscription:
    subscription = make_subscription(vendor, **{"commitment": True, **changes})
    person = Person("Ada", ADA)
    designate_administrator(customer=subscription.customer, vendor=vendor, person=person, on=DAY, at=NOON)
    return subscription


def add(subscription: Subscription, seats: int = 2, on: date = DAY, price: str = "365.00") -> Changed:
    return add_seats(subscription=subscription, seats=seats, unit_price=Decimal(price), asked_by=ADA, on=on, at=NOON)


def give_up(subscription: Subscription, *numbers: int, on: date = DAY) -> Changed:
    return give_up_seats(subscription=subscription, numbers=numbers, asked_by=ADA, on=on, at=NOON)


def assign(subscription: Subscription, number: int = 1, on: date = DAY, holder: Any = None) -> Assigned:
    licence = subscription.licences.get(number=number)
    holder = holder or make_end_user(subscription.customer)
    return assign_licence(licence=licence, holder=holder, asked_by=ADA, on=on)


def seats_of(subscription: Subscription) -> int:
    """The quantity, which the licences must agree with."""
    subscription.refresh_from_db()
    assert subscription.licences.filter(gone=False).count() == subscription.quantity
    return subscription.quantity


def test_a_subscription_has_a_licence_for_each_seat() -> None:
    subscription = make_subscription(quantity=3)
    assert list(subscription.licences.filter(holder=None, gone=False).values_list("number", flat=True)) == [1, 2, 3]
    with pytest.raises(NotPossible, match="100000 seats at most"):
        make_subscription(quantity=100_001)


# 5.1: added licences end with the running period and are paid by the day, the first included.
def test_added_seats_cost_what_was_quoted() -> None:
    subscription = make_subscription(quantity=3)
    quote = quote_seats(subscription=subscription, seats=2, unit_price=Decimal("365.00"), on=DAY)
    change = add(subscription).change
    assert change is not None and quote.answer.charge == Decimal("712.00")
    assert (change.charge, change.currency) == (quote.answer.charge, "GBP")
    stored = (change.days_charged, change.days_in_period, change.charged_until)
    assert stored == (quote.answer.days_charged, quote.answer.days_in_period, quote.answer.ends_on)
    assert stored == (356, 365, date(2027, 2, 28))
    assert (change.sheet, change.because) == (quote.sheet, quote.because)
    assert {item["clause"] for item in change.because} == {"2.7", "5.1"}
    assert seats_of(subscription) == 5
    assert list(subscription.licences.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("vendor", ["securegroup", "securepacket"])
def test_where_the_contract_does_not_say_what_seats_cost_none_is_charged(vendor: str) -> None:
    subscription = make_subscription(vendor)
    changed = add(subscription)
    assert changed.change is not None and not changed.decision.covered
    assert (changed.change.charge, changed.change.because, changed.change.currency) == (None, [], "")
    assert seats_of(subscription) == 3


def test_seats_are_added_to_a_period_that_runs() -> None:
    subscription = make_subscription()
    with pytest.raises(NotPossible, match="no period that runs on 2027-03-01"):
        add(subscription, on=date(2027, 3, 1))
    with pytest.raises(NotPossible, match="is pending, so its seats stay"):
        add(make_subscription("ethicmail", payment_confirmed_on=None))
    assert not SeatChange.objects.exists()


# 3.6: told a month before the end of the commitment, the seat is gone on the first day of the new period.
def test_seats_given_up_stay_until_the_day_the_contract_says() -> None:
    subscription = with_administrator(quantity=3)
    holder = make_end_user(subscription.customer)
    assign(subscription, 2, holder=holder)
    changed = give_up(subscription, 2, 3, on=date(2026, 5, 1))
    change, first_without = changed.change, date(2027, 3, 1)
    assert change is not None and change.effective_on == first_without
    assert [item["clause"] for item in change.because] == ["3.5", "3.6", "3.6"]
    assert seats_of(subscription) == 3
    assert jobs.seats_to_leave({"cryptopass": date(2027, 2, 28)}) == {}
    assert jobs.let_seats_leave("cryptopass", date(2027, 2, 28), NOON) == 0
    assert jobs.seats_to_leave({"cryptopass": first_without, "secureflag": first_without}) == {"cryptopass": 1}
    assert jobs.let_seats_leave("secureflag", first_without, NOON) == 0
    # A day late, the access still ended on the day the contract says.
    assert jobs.let_seats_leave("cryptopass", date(2027, 3, 2), NOON) == 1
    assert jobs.let_seats_leave("cryptopass", date(2027, 3, 2), NOON) == 0
    assert seats_of(subscription) == 1
    assert Assignment.objects.get().until_on == first_without
    assert set(subscription.licences.filter(holder=None).values_list("number", "gone")) == {
        (1, False),
        (2, True),
        (3, True),
    }
    with pytest.raises(NotPossible, match="was given up and is gone"):
        assign(subscription, 2, on=date(2027, 3, 3))


def test_numbers_are_never_given_to_another_seat() -> None:
    subscription = with_administrator(quantity=2)
    give_up(subscription, 2)
    jobs.let_seats_leave("cryptopass", date(2027, 3, 1), NOON)
    close_periods(list(Period.objects.select_related("subscription")), on=NOON.date(), at=NOON)
    add(subscription, 1, on=date(2027, 3, 2))
    assert list(subscription.licences.filter(gone=False).values_list("number", flat=True)) == [1, 3]


def test_a_seat_that_is_to_leave_names_nobody_from_its_day_on() -> None:
    subscription = with_administrator(quantity=2)
    give_up(subscription, 2)
    with pytest.raises(NotPossible, match="was given up and is gone"):
        assign(subscription, 2, on=date(2027, 3, 1))
    assert assign(subscription, 2, on=date(2027, 2, 28)).assignment


@pytest.mark.parametrize(
    ("numbers", "why"),
    [((), "has not all"), ((4,), "has not all"), ((1, 9), "has not all"), ((1, 2, 3), "gives notice to stop")],
)
def test_seats_that_cannot_be_given_up(numbers: tuple[int, ...], why: str) -> None:
    subscription = with_administrator(quantity=3)
    with pytest.raises(NotPossible, match=why):
        give_up(subscription, *numbers)
    assert give_up(subscription, 1).change
    with pytest.raises(NotPossible, match="has not all"):
        give_up(subscription, 1)
    with pytest.raises(NotPossible, match="gives notice to stop"):
        give_up(subscription, 2, 3)
    assert seats_of(subscription) == 3


def test_where_the_contract_is_silent_no_seat_is_given_up() -> None:
    subscription = make_subscription("secureflag", quantity=2)
    changed = give_up(subscription, 1)
    assert changed.change is None and not changed.decision.covered
    assert not subscription.licences.exclude(given_up=None).exists()


def test_only_an_administrator_gives_seats_up_where_the_contract_says_so() -> None:
    subscription = make_subscription("cryptopass", commitment=True, quantity=2)
    refused = give_up(subscription, 1)
    assert (refused.change, refused.decision.answer.reason) == (None, "not_administrator")
    assert not SeatChange.objects.exists()


def test_the_renewal_is_invoiced_without_the_seats_that_will_have_left() -> None:
    make_price("cryptopass", amount=Decimal("90.00"))
    subscription = with_administrator(quantity=3)
    give_up(subscription, 1)
    # Too late for this period: it stays for another one, and is paid for.
    give_up(subscription, 2, on=date(2027, 2, 20))
    issue_renewals(list(Period.objects.select_related("subscription__customer")), on=date(2027, 2, 20), at=NOON)
    line = InvoiceLine.objects.get()
    assert (line.quantity, line.net_minor, line.invoice.total_minor) == (2, 18000, 18000)


# 2.4, 2.5: on a business plan a leaver's licence stays with nobody until the renewal; on an enterprise plan it may go on.
@pytest.mark.parametrize(
    ("plan", "left", "allowed", "reason"),
    [
        pytest.param("Team", True, False, "locked", id="2.4 business"),
        pytest.param("Enterprise", True, True, "holder_left", id="2.4 enterprise"),
        pytest.param("Enterprise", False, False, "locked", id="2.5 still there"),
    ],
)
def test_whom_a_licence_may_name_next(plan: str, left: bool, allowed: bool, reason: str) -> None:
    subscription = make_subscription(plan=plan)
    first = make_end_user(subscription.customer)
    assign(subscription, holder=first)
    if left:
        leave(user=first, on=date(2026, 5, 1))
    before = list(Assignment.objects.values())
    answered = assign(subscription, on=date(2026, 5, 2))
    assert answered.decision is not None and answered.decision.answer == (allowed, reason)
    assert {item["clause"] for item in answered.decision.because} <= {"2.4", "2.5"}
    if not allowed:
        assert answered.assignment is None
        assert list(Assignment.objects.values()) == before
        return
    assert answered.assignment is not None
    assert (answered.assignment.reason, answered.assignment.because) == (reason, answered.decision.because)
    assert subscription.licences.get().holder == answered.assignment.holder


# 2.5: save during the first calendar month of any renewal period.
@pytest.mark.parametrize(("on", "allowed"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)])
def test_in_the_first_month_of_a_renewal_any_licence_may_go_on(on: date, allowed: bool) -> None:
    subscription = make_subscription()
    first = make_end_user(subscription.customer)
    assign(subscription, holder=first)
    close_periods(list(Period.objects.select_related("subscription")), on=NOON.date(), at=NOON)
    assert (assign(subscription, on=on).assignment is not None) is allowed
    ended = Assignment.objects.get(holder=first).until_on
    # Who had it before has no access from that very day on.
    assert ended == (on if allowed else None)


@pytest.mark.parametrize(
    ("vendor", "clauses"), [pytest.param("cryptopass", ["3.5", "3.3"], id="3.3 at any time"), ("securegroup", [])]
)
def test_where_nothing_forbids_it_a_licence_goes_on_at_any_time(vendor: str, clauses: list[str]) -> None:
    subscription = with_administrator(vendor)
    assign(subscription)
    made = assign(subscription, on=date(2026, 3, 11)).assignment
    assert made is not None and [item["clause"] for item in made.because] == clauses
    assert Assignment.objects.filter(until_on=None).get() == made


def test_who_cannot_be_given_a_licence() -> None:
    subscription, other = make_subscription(quantity=2), make_subscription()
    holder = make_end_user(subscription.customer)
    with pytest.raises(NotPossible, match="belongs to another customer"):
        assign(other, holder=holder)
    assign(subscription, holder=holder)
    with pytest.raises(NotPossible, match="has a licence of subscription"):
        assign(subscription, 2, holder=holder)
    with pytest.raises(NotPossible, match="can be given nothing on 2026-02-28"):
        assign(subscription, 2, on=date(2026, 2, 28))
    with pytest.raises(NotPossible, match="was in other hands until 2026-03-10"):
        assign(subscription, on=date(2026, 3, 9))


def test_what_the_database_refuses_of_licences() -> None:
    subscription = make_subscription(quantity=2)
    holder = make_end_user(subscription.customer)
    made = assign(subscription, holder=holder).assignment
    assert made is not None
    rows = Licence.objects.filter(number=2)
    for change in ({"number": 1}, {"holder": holder, "assigned_on": DAY}, {"holder": holder}, {"gone": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=made.pk).update(until_on=date(2026, 3, 9))
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_what_the_database_refuses_of_changes() -> None:
    add(make_subscription())
    wrong: list[dict[str, Any]] = [{"kind": "lost"}, {"seats": 0}, {"charge_minor": -1}, {"currency": ""}]
    for change in [*wrong, {"kind": "given_up"}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatChange.objects.update(**change)


@pytest.mark.django_db(transaction=True)
def test_a_licence_that_eight_want_at_once_names_one() -> None:
    subscription = make_subscription("secureflag")
    holders = [make_end_user(subscription.customer) for _ in range(8)]
    answers = all_at_once([partial(assign, subscription, holder=holder) for holder in holders])
    assert sum(one.assignment is not None for one in answers) == 1
    assert Assignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_seats_added_at_once_all_count() -> None:
    subscription = make_subscription("secureflag")
    all_at_once([partial(add, subscription, 2) for _ in range(6)])
    assert seats_of(subscription) == 13


def test_the_job_takes_seats_away_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.days.CHUNK", 1)
    subscription = with_administrator(quantity=4)
    give_up(subscription, 1)
    give_up(subscription, 2, 4)
    day = date(2027, 3, 1)
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert [jobs.let_seats_leave("cryptopass", day, at) for _ in range(3)] == [1, 1, 0]
    assert seats_of(subscription) == 1
    assert set(SeatChange.objects.values_list("done_on", flat=True)) == {day}
