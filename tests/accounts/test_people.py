"""Administrators and end users: who may be one, how many, and what they may do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Administrator, Customer, EndUser, Licence
from accounts.services import (
    NotPossible,
    Person,
    add_seats,
    assign_licence,
    designate_administrator,
    give_notice,
    leave,
    note_use,
    note_verification,
    register_customer,
    register_end_user,
    remove_administrator,
)
from accounts.services.people import Designated
from tests.builders import NOON, accept_texts, make_customer, make_end_user, make_subscription
from tests.together import all_at_once

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)


def designate(customer: Customer, name: str = "Ada", vendor: str = "securegroup", **changes: Any) -> Designated:
    person = Person(name=name, email=f"{name.lower()}@example.com", **changes)
    return designate_administrator(customer=customer, vendor=vendor, person=person, on=DAY, at=NOON)


def four() -> Customer:
    customer = make_subscription("securegroup").customer
    for name in ("Ada", "Ben", "Cleo", "Dan"):
        assert designate(customer, name).administrator
    return customer


# SLA 1.3: up to four, but no more than four.
def test_a_fifth_administrator_is_refused_with_the_clause_and_changes_nothing() -> None:
    customer = four()
    before = list(Administrator.objects.values())
    refused = designate(customer, "Eve")
    assert refused.administrator is None
    assert refused.decision.answer == (False, "limit_reached", 4)
    assert [item["clause"] for item in refused.decision.because] == ["SLA 1.3"]
    assert list(Administrator.objects.values()) == before
    assert list(Administrator.objects.order_by("slot").values_list("slot", flat=True)) == [1, 2, 3, 4]


def test_who_goes_makes_room_for_another_in_the_same_place() -> None:
    customer = four()
    remove_administrator(administrator=Administrator.objects.get(name="Ben"), on=DAY)
    named = designate(customer, "Eve").administrator
    assert named is not None and named.slot == 2
    assert designate(customer, "Finn").administrator is None
    assert Administrator.objects.get(name="Ben").removed_on == DAY


def test_each_customer_and_each_contract_has_its_own_administrators() -> None:
    customer = four()
    make_subscription("secureflag", customer=customer)
    assert designate(customer, "Eve", "secureflag").administrator
    assert designate(make_subscription("securegroup").customer, "Eve").administrator


# 2.2: not shared with anybody outside of the organisation, unless authorised in writing.
def test_an_outsider_is_refused_unless_it_was_allowed_in_writing() -> None:
    customer = make_subscription("secureflag").customer
    refused = designate(customer, "Eve", "secureflag", outsider=True)
    assert (refused.administrator, refused.decision.answer.reason) == (None, "outsider")
    assert [item["clause"] for item in refused.decision.because] == ["2.2"]
    assert designate(customer, "Eve", "secureflag", outsider=True, allowed_in_writing=True).administrator


def test_where_the_contract_is_silent_there_is_no_limit() -> None:
    customer = make_subscription("securepacket").customer
    for number in range(6):
        named = designate(customer, f"Person{number}", "securepacket")
        assert named.administrator is not None and not named.decision.covered
    assert Administrator.objects.count() == 6


# SLA 1.1: an account is one person's.
def test_a_person_is_an_administrator_once() -> None:
    customer = make_subscription("securegroup").customer
    designate(customer)
    with pytest.raises(ValidationError, match="This person is an administrator already"):
        designate(customer)


def test_there_are_no_administrators_without_a_contract() -> None:
    with pytest.raises(NotPossible, match="no running contract with securegroup"):
        designate(make_subscription("secureflag").customer)


def test_nobody_stops_being_an_administrator_twice_or_before_it_began() -> None:
    named = designate(make_subscription("securegroup").customer).administrator
    assert named is not None
    with pytest.raises(NotPossible, match="is no administrator on 2026-03-09"):
        remove_administrator(administrator=named, on=date(2026, 3, 9))
    remove_administrator(administrator=named, on=DAY)
    with pytest.raises(NotPossible, match="is no administrator on 2026-03-10"):
        remove_administrator(administrator=named, on=DAY)


def test_the_database_refuses_two_in_one_place() -> None:
    four()
    with pytest.raises(IntegrityError), transaction.atomic():
        Administrator.objects.filter(name="Ben").update(slot=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Administrator.objects.filter(name="Ben").update(email="ADA@example.com")


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_never_make_a_fifth() -> None:
    customer = make_subscription("securegroup").customer
    named = all_at_once([partial(designate, customer, f"Person{number}") for number in range(8)])
    assert sum(one.administrator is not None for one in named) == 4
    assert sorted(Administrator.objects.values_list("slot", flat=True)) == [1, 2, 3, 4]


# 3.5: only an administrator can invite new users, who need licences that he orders.
def test_only_an_administrator_orders_and_invites_where_the_contract_says_so() -> None:
    subscription = make_subscription("cryptopass", commitment=True)
    licence, user = subscription.licences.get(), make_end_user(subscription.customer)
    more: dict[str, Any] = {"subscription": subscription, "seats": 1, "unit_price": Decimal(90), "on": DAY, "at": NOON}
    # An administrator of another contract is none of this one's.
    make_subscription("securegroup", customer=subscription.customer)
    assert designate(subscription.customer, "Ada", "securegroup").administrator
    refused = add_seats(**more, asked_by="ada@example.com")
    assert (refused.change, refused.decision.answer) == (None, (False, "not_administrator"))
    assert [item["clause"] for item in refused.decision.because] == ["3.5"]
    assert assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=DAY).assignment is None
    assert Licence.objects.filter(subscription=subscription, holder=None).count() == 1
    assert designate(subscription.customer, "Ada", "cryptopass").administrator
    assert add_seats(**more, asked_by="ADA@example.com").change
    made = assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=DAY).assignment
    assert made is not None and [item["clause"] for item in made.because] == ["3.5"]


def test_a_username_is_given_once_by_a_customer() -> None:
    user = make_end_user(make_customer(), username="ada")
    with pytest.raises(ValidationError, match="has this username already"):
        register_end_user(customer=user.customer, username="ADA", on=DAY)
    assert register_end_user(customer=make_customer(), username="ada", on=DAY, device_type="iPhone").pk


# 2.4: a leaver's access is deactivated at once.
def test_a_leavers_access_ends_at_once_and_the_history_stays() -> None:
    subscription = make_subscription("secureflag", quantity=2)
    user = make_end_user(subscription.customer)
    licence = subscription.licences.get(number=1)
    assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=DAY)
    accept_texts(user)
    note_use(user=user, on=date(2026, 4, 1))
    assert leave(user=user, on=date(2026, 5, 1)).left_on == date(2026, 5, 1)
    licence.refresh_from_db()
    assert (licence.holder, licence.assigned_on) == (None, None)
    history = licence.assignments.get()
    assert (history.holder, history.from_on, history.until_on) == (user, DAY, date(2026, 5, 1))
    # The fee stays: the seat is still there.
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.licences.count()) == (2, 2)
    with pytest.raises(NotPossible, match="held no licence on 2026-05-01"):
        note_use(user=user, on=date(2026, 5, 1))
    with pytest.raises(NotPossible, match="can be given nothing"):
        assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=date(2026, 6, 1))
    with pytest.raises(NotPossible, match="cannot leave"):
        leave(user=user, on=date(2026, 6, 1))


def test_nobody_leaves_before_being_given_a_licence() -> None:
    subscription = make_subscription("secureflag")
    user = make_end_user(subscription.customer, on=date(2026, 3, 1))
    assign_licence(licence=subscription.licences.get(), holder=user, asked_by="ada@example.com", on=DAY)
    with pytest.raises(NotPossible, match="was given a licence after"):
        leave(user=user, on=date(2026, 3, 5))


def test_the_last_use_is_the_latest() -> None:
    subscription = make_subscription("secureflag")
    user = make_end_user(subscription.customer)
    assign_licence(licence=subscription.licences.get(), holder=user, asked_by="ada@example.com", on=DAY)
    accept_texts(user)
    note_use(user=user, on=date(2026, 4, 2))
    used = note_use(user=user, on=date(2026, 4, 1)).user
    assert used is not None and used.last_used_on == date(2026, 4, 2)


def test_an_ended_contract_has_no_administrators_to_name() -> None:
    subscription = make_subscription("securegroup")
    give_notice(subscription=subscription, notice_on=date(2026, 3, 2), by="customer")
    assert designate(subscription.customer).administrator
    type(subscription).objects.filter(pk=subscription.pk).update(state="ended")
    with pytest.raises(NotPossible):
        designate(subscription.customer, "Ben")


GOOD: dict[str, Any] = {"name": "Ada", "email": "ada@example.com", "country": "FR", "at": NOON}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("phone", "0612345678"),
        ("phone", "+33999"),
        ("vat_id", "FR40303265046"),
        ("vat_id", "nonsense"),
        ("time_zone", "Mars/Olympus"),
        ("billing_email", "nobody"),
        ("kind", "club"),
    ],
)
def test_what_is_known_of_a_customer_is_checked(field: str, wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        register_customer(**{**GOOD, field: wrong})
    assert set(refused.value.message_dict) == {field}


def test_a_vat_number_is_kept_in_one_form() -> None:
    assert register_customer(**GOOD, vat_id="fr 40 303 265 045", phone="+33612345678").vat_id == "FR40303265045"


@pytest.mark.parametrize("extra", [{"vat_id": "FR40303265045"}, {"business_attested_on": DAY}])
def test_only_a_business_has_what_businesses_have(extra: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        register_customer(**GOOD, kind="individual", **extra)
    assert set(refused.value.message_dict) == set(extra)
    known = register_customer(**GOOD, **extra)
    with pytest.raises(IntegrityError, match="customer_business_facts"), transaction.atomic():
        Customer.objects.filter(pk=known.pk).update(kind="individual")


def test_how_a_verification_stands_is_dated() -> None:
    customer = make_customer()
    note_verification(customer=customer, state="asked", on=DAY)
    done = note_verification(customer=customer, state="verified", on=date(2026, 3, 12))
    assert (done.verification, done.verification_on) == ("verified", date(2026, 3, 12))
    with pytest.raises(NotPossible, match="was noted on 2026-03-12 already"):
        note_verification(customer=customer, state="refused", on=DAY)
    with pytest.raises(ValidationError):
        note_verification(customer=customer, state="perhaps", on=date(2026, 3, 13))
    with pytest.raises(IntegrityError, match="customer_verification_dated"), transaction.atomic():
        Customer.objects.update(verification_on=None)


def test_an_end_user_leaves_after_coming() -> None:
    make_end_user(make_customer(), on=DAY)
    with pytest.raises(IntegrityError, match="end_user_left_after"), transaction.atomic():
        EndUser.objects.update(left_on=date(2026, 3, 1))
