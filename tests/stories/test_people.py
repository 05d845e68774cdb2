"""Stories of a customer's people: who manages its account, who uses what it subscribes to, and whom support answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Administrator, Assignment, Ticket
from accounts.services import (
    Person,
    add_seats,
    assign_licence,
    designate_administrator,
    leave,
    register_end_user,
)
from accounts.services.people import Designated
from accounts.tickets import complete
from tests.builders import NOON, make_administrator, make_end_user, make_subscription, make_ticket

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)


def designate(customer: Any, vendor: str, name: str, **more: Any) -> Designated:
    person = Person(name=name, email=f"{name.lower()}@example.com", **more)
    return designate_administrator(customer=customer, vendor=vendor, person=person, on=DAY, at=NOON)


def clauses(because: list[dict[str, Any]]) -> set[str]:
    return {item["clause"] for item in because}


# Row 31: SLA 1.1; SF 2.2; CP 3.3, 3.5.


def test_only_the_administrator_of_its_account_orders_invites_and_comes_from_its_own_house() -> None:
    subscription = make_subscription("cryptopass", quantity=2)
    make_administrator(subscription)
    asked: dict[str, Any] = {
        "subscription": subscription,
        "seats": 1,
        "unit_price": Decimal("9.90"),
        "on": DAY,
        "at": NOON,
    }
    refused = add_seats(asked_by="somebody@example.com", **asked)
    assert refused.change is None and refused.decision.answer.reason == "not_administrator"
    assert clauses(refused.decision.because) == {"3.5"}
    assert add_seats(asked_by="ada@example.com", **asked).change is not None
    outsider = designate(make_subscription("secureflag").customer, "secureflag", "Eve", outsider=True)
    assert outsider.administrator is None and outsider.decision.answer.reason == "outsider"
    assert clauses(outsider.decision.because) == {"2.2"}


def test_an_administrators_account_is_one_persons() -> None:
    customer = make_subscription("securegroup").customer
    assert designate(customer, "securegroup", "Ada").administrator
    with pytest.raises(ValidationError, match="administrator already"):
        designate(customer, "securegroup", "ADA")
    ada = Administrator.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Administrator.objects.create(
            customer=customer, vendor="securegroup", slot=2, name="Ada", email="Ada@example.com", added_on=DAY,
            sheet=ada.sheet, created_at=NOON,
        )  # fmt: skip


# Row 32: SLA 1.3.


def test_a_fifth_administrator_is_refused_with_the_clause() -> None:
    customer = make_subscription("securegroup").customer
    for name in ("Ada", "Ben", "Cleo", "Dan"):
        assert designate(customer, "securegroup", name).administrator
    fifth = designate(customer, "securegroup", "Eve")
    assert fifth.administrator is None and fifth.decision.answer.most == 4
    assert clauses(fifth.decision.because) == {"SLA 1.3"}
    assert Administrator.objects.count() == 4


def test_two_never_stand_in_one_place() -> None:
    customer = make_subscription("securegroup").customer
    ada = designate(customer, "securegroup", "Ada").administrator
    assert ada is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Administrator.objects.create(
            customer=customer, vendor="securegroup", slot=ada.slot, name="Ben", email="ben@example.com", added_on=DAY,
            sheet=ada.sheet, created_at=NOON,
        )  # fmt: skip


# Row 33: SLA 1.4; SF Schedule 1; CP 6.2.


def test_support_answers_administrators_and_counts_whom_a_customer_sends_there() -> None:
    subscription = make_subscription("securegroup")
    sent = make_ticket("securegroup", subscription=subscription, by_administrator=False)
    assert (sent.state, sent.sla_breach) == (Ticket.State.REFUSED, True)
    assert clauses(sent.who_because) == {"SLA 1.4"}
    answered = make_ticket("securegroup", subscription=subscription)
    assert (answered.state, answered.sla_breach) == (Ticket.State.OPEN, False)


# Row 80: SF 2.4 to 2.6.


def test_a_leaver_has_no_access_from_the_day_on_and_the_seat_stays_paid_for() -> None:
    subscription = make_subscription("secureflag", plan="enterprise", quantity=2)
    leaver = make_end_user(subscription.customer)
    licence = subscription.licences.get(number=1)
    given: dict[str, Any] = {"licence": licence, "asked_by": "ada@example.com"}
    assert assign_licence(holder=leaver, on=DAY, **given).assignment
    leave(user=leaver, on=date(2026, 5, 1))
    assert Assignment.objects.get().until_on == date(2026, 5, 1)
    subscription.refresh_from_db()
    assert subscription.quantity == 2
    heir = assign_licence(holder=make_end_user(subscription.customer), on=date(2026, 5, 2), **given)
    assert heir.assignment is not None and heir.decision is not None
    assert clauses(heir.decision.because) == {"2.5"}


def test_one_licence_names_one_person() -> None:
    subscription = make_subscription("secureflag")
    licence = subscription.licences.get()
    first = register_end_user(customer=subscription.customer, username="ben", on=DAY)
    assign_licence(licence=licence, holder=first, asked_by="ada@example.com", on=DAY)
    other = make_end_user(subscription.customer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(licence=licence, holder=other, from_on=DAY, asked_by="ada@example.com")


# Row 122: CP 6.2.


def test_a_request_for_support_runs_once_it_holds_all_its_parts() -> None:
    ticket = make_ticket("cryptopass", priority="ticket", reason="", text="")
    assert (ticket.state, ticket.due_at) == (Ticket.State.INCOMPLETE, None)
    assert clauses(ticket.complete_because) == {"6.2"}
    whole = complete(ticket=ticket, parts={"reason": "fault", "description": "It began this morning."}, at=NOON)
    assert whole.state == Ticket.State.OPEN and whole.due_at is not None
