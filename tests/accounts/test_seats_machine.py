"""Whatever is asked for, in whatever order: one person a licence, no more people than seats, no administrator too many."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.jobs import seats as jobs
from accounts.models import Administrator, Assignment, EndUser, Licence, Period, SeatChange
from accounts.services import (
    NotPossible,
    Person,
    add_seats,
    assign_licence,
    close_periods,
    designate_administrator,
    give_up_seats,
    leave,
    register_end_user,
    remove_administrator,
)
from tests.builders import NOON, make_subscription

VENDORS = ("securegroup", "secureflag", "cryptopass")
NAMES = st.integers(0, 6)
NUMBERS = st.integers(1, 8)
OPEN_PERIODS = Period.objects.filter(state="open")


class Seats(RuleBasedStateMachine):
    """A customer's people and seats under one contract, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.books = transaction.atomic()
        self.books.__enter__()

    def teardown(self) -> None:
        """Takes everything back, so that each run begins with empty books."""
        transaction.set_rollback(True)
        self.books.__exit__(None, None, None)

    @initialize(
        vendor=st.sampled_from(VENDORS),
        commitment=st.booleans(),
        quantity=st.integers(1, 4),
        plan=st.sampled_from(["Team", "Enterprise"]),
    )
    def begin(self, vendor: str, commitment: bool, quantity: int, plan: str) -> None:
        changes: dict[str, Any] = {"commitment": commitment, "quantity": quantity, "plan": plan}
        self.subscription = make_subscription(vendor, **changes)
        self.day = date(2026, 3, 1)
        limit = self.subscription.terms.administrators
        self.most = limit.limit.value if limit and limit.limit else None
        self.name_administrator(0)

    def possible(self, verb: Any, **given: Any) -> None:
        """What is not possible is said so, and leaves no half behind: the invariants look at that."""
        try:
            verb(**given)
        except NotPossible as error:
            assert str(error)

    @rule(name=NAMES)
    def name_administrator(self, name: int) -> None:
        email = f"a{name}@example.com"
        if Administrator.objects.filter(email=email, removed_on=None).exists():
            return
        customer, vendor = self.subscription.customer, self.subscription.vendor
        before = Administrator.objects.filter(removed_on=None).count()
        named = designate_administrator(
            customer=customer, vendor=vendor, person=Person(f"A{name}", email), on=self.day, at=NOON
        )
        assert (named.administrator is None) is (self.most is not None and before >= self.most)

    @rule(name=NAMES)
    def remove(self, name: int) -> None:
        for one in Administrator.objects.filter(email=f"a{name}@example.com", removed_on=None):
            remove_administrator(administrator=one, on=self.day)

    @rule(seats=st.integers(1, 2), by=NAMES)
    def add(self, seats: int, by: int) -> None:
        given = {"seats": seats, "unit_price": Decimal(120), "asked_by": f"a{by}@example.com"}
        self.possible(add_seats, subscription=self.subscription, on=self.day, at=NOON, **given)

    @rule(numbers=st.lists(NUMBERS, max_size=2), by=NAMES)
    def give_up(self, numbers: list[int], by: int) -> None:
        given = {"numbers": numbers, "asked_by": f"a{by}@example.com"}
        self.possible(give_up_seats, subscription=self.subscription, on=self.day, at=NOON, **given)

    @rule(number=NUMBERS, user=NAMES, by=NAMES)
    def assign(self, number: int, user: int, by: int) -> None:
        licence = Licence.objects.filter(number=number).first()
        holder = EndUser.objects.filter(username=f"u{user}").first() or register_end_user(
            customer=self.subscription.customer, username=f"u{user}", on=self.day
        )
        if licence is not None:
            self.possible(assign_licence, licence=licence, holder=holder, asked_by=f"a{by}@example.com", on=self.day)

    @rule(user=NAMES)
    def leaves(self, user: int) -> None:
        for one in EndUser.objects.filter(username=f"u{user}", left_on=None):
            leave(user=one, on=self.day)

    @rule(days=st.sampled_from([1, 20, 31, 200]))
    def days_pass(self, days: int) -> None:
        """Of the days that pass, those on which a period closes or seats leave are run."""
        until = self.day + timedelta(days=days)
        while self.day < until:
            closing = [day + timedelta(days=1) for day in OPEN_PERIODS.values_list("closes_on", flat=True)]
            leaving = list(SeatChange.objects.to_leave().values_list("effective_on", flat=True))
            self.day = min(day for day in [*closing, *leaving, until] if day > self.day)
            close_periods(
                list(OPEN_PERIODS.filter(closes_on__lt=self.day).select_related("subscription")), on=self.day, at=NOON
            )
            jobs.let_seats_leave(self.subscription.vendor, self.day, NOON)

    @invariant()
    def a_licence_names_one_person_and_a_person_has_one_licence(self) -> None:
        held = list(Assignment.objects.filter(until_on=None).values_list("licence", "holder", "from_on"))
        assert sorted(held) == sorted(Licence.objects.exclude(holder=None).values_list("pk", "holder", "assigned_on"))
        assert len({licence for licence, _, _ in held}) == len({holder for _, holder, _ in held}) == len(held)
        assert not EndUser.objects.exclude(left_on=None).filter(pk__in=[holder for _, holder, _ in held]).exists()

    @invariant()
    def the_history_of_a_licence_never_overlaps(self) -> None:
        last: dict[int, Any] = {}
        for one in Assignment.objects.order_by("licence", "id"):
            if before := last.get(one.licence_id):
                assert before.until_on is not None and before.until_on <= one.from_on
            last[one.licence_id] = one

    @invariant()
    def there_are_as_many_licences_as_seats(self) -> None:
        self.subscription.refresh_from_db()
        seats = Licence.objects.filter(gone=False)
        assert seats.count() == self.subscription.quantity >= 1
        assert seats.exclude(holder=None).count() <= self.subscription.quantity
        assert Licence.objects.filter(given_up=None).exists()

    @invariant()
    def there_are_no_more_administrators_than_the_sheet_says(self) -> None:
        serving = Administrator.objects.filter(removed_on=None)
        assert self.most is None or serving.count() <= self.most

    @invariant()
    def every_change_was_allowed_to_who_asked_and_nothing_due_is_left(self) -> None:
        assert not SeatChange.objects.to_leave().filter(effective_on__lte=self.day - timedelta(days=1)).exists()
        if self.subscription.vendor == "cryptopass":
            named = set(Administrator.objects.values_list("email", flat=True))
            assert set(SeatChange.objects.values_list("asked_by", flat=True)) <= named


@pytest.mark.django_db
def test_people_and_seats_hold_together() -> None:
    run_state_machine_as_test(Seats, settings=settings(stateful_step_count=20))
