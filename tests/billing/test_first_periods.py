"""First periods and added seats as the day invoices them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.models import SeatChange, Subscription, User
from accounts.services import NotPossible, add_seats, close_periods, give_up_seats
from backoffice.pages.today import counted
from billing.jobs import (
    first_orders,
    first_periods_to_invoice,
    invoice_first_periods,
    invoice_renewals,
    invoice_seats,
    seats_to_invoice,
    settle_ends,
)
from billing.models import Invoice, InvoiceLine, OpenItem
from billing.services import record_payment
from billing.services.first_periods import first_payment_failed
from billing.staff import stuck
from tests import people
from tests.builders import NOON, make_administrator, make_price, make_subscription

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
ADA = "ada@example.com"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def charge(vendor: str, day: date = MARCH) -> list[Invoice]:
    """What a day's job issues, until it finds nothing."""
    known = set(Invoice.objects.values_list("pk", flat=True))
    while invoice_first_periods(vendor, day, noon(day)):
        pass
    return list(Invoice.objects.exclude(pk__in=known).order_by("id"))


def add(subscription: Subscription, on: date, seats: int = 2, price: str = "365.00") -> SeatChange:
    make_administrator(subscription, ADA)
    made = add_seats(
        subscription=subscription, seats=seats, unit_price=Decimal(price), asked_by=ADA, on=on, at=noon(on)
    )
    assert made.change is not None
    return made.change


@pytest.mark.parametrize(
    ("vendor", "order", "net", "due_on", "ends_on", "clause"),
    [
        ("securegroup", {}, "675.00", MARCH, date(2026, 3, 31), "TOS 6"),
        ("secureflag", {"agreed_start": date(2026, 3, 10)}, "675.00", date(2026, 3, 9), date(2027, 3, 9), "5.1"),
        ("ethicmail", {}, "675.00", MARCH, date(2026, 3, 31), "2.2.1"),
        ("cryptopass", {"accepted_on": date(2026, 3, 11)}, "457.26", date(2026, 3, 11), date(2026, 3, 31), "5.1"),
        ("cryptopass", {"commitment": True}, "675.00", MARCH, date(2027, 2, 28), "5.1"),
    ],
)
def test_the_first_period_is_invoiced_as_its_contract_says(
    vendor: str, order: dict[str, Any], net: str, due_on: date, ends_on: date, clause: str
) -> None:
    subscription = make_subscription(vendor, **order)
    make_price(vendor, cycle_months=subscription.renewal_months)
    before = date.fromordinal(subscription.accepted_on.toordinal() - 1)
    assert charge(vendor, before) == [] and first_periods_to_invoice({vendor: before}) == {}
    assert first_orders() == {vendor: subscription.accepted_on}
    [invoice] = charge(vendor, subscription.accepted_on)
    assert (str(invoice.net), invoice.due_on, invoice.lines.get().period_end) == (net, due_on, ends_on)
    assert invoice.key == f"period/{subscription.pk}/0"
    assert clause in {item["clause"] for item in invoice.because}
    assert charge(vendor, due_on) == [] and first_orders() == {}


def test_a_contract_is_charged_for_its_first_period_once_though_its_mark_is_lost() -> None:
    make_price()
    make_subscription()
    assert len(charge("secureflag")) == 1
    Subscription.objects.update(charged_on=None)
    assert charge("secureflag") == []
    assert not first_periods_to_invoice({"secureflag": MARCH})


def test_what_has_no_price_waits_without_stopping_the_day_and_staff_are_led_to_the_price() -> None:
    make_subscription(plan="Forgotten")
    assert first_periods_to_invoice({"secureflag": MARCH}) == {}
    assert charge("secureflag") == []
    owner = people.owner()
    told = {one.words: one for one in map(counted, stuck(User.objects.get(is_superuser=True)))}
    waiting = told["first periods without a price, as Forgotten over 12 months on 1 March 2026"]
    assert waiting.number == 1
    page = owner.get(waiting.href).content.decode()
    assert 'value="Forgotten"' in page
    make_price(plan="Forgotten")
    assert len(charge("secureflag")) == 1


def test_nobody_is_late_with_what_was_entered_late() -> None:
    make_price()
    make_subscription()
    [invoice] = charge("secureflag", date(2026, 5, 4))
    assert invoice.due_on == date(2026, 5, 4)


def test_an_order_that_begins_with_its_payment_costs_nothing_while_it_is_unpaid() -> None:
    make_price("ethicmail", cycle_months=1)
    waiting = make_subscription("ethicmail", payment_confirmed_on=None)
    [invoice] = charge("ethicmail")
    assert OpenItem.objects.get().count_on is None
    record_payment(
        customer=waiting.customer,
        key="first",
        method="card",
        amount=invoice.total,
        currency="USD",
        received_on=date(2026, 3, 4),
        at=noon(date(2026, 3, 4)),
    )
    waiting.refresh_from_db()
    assert (waiting.state, waiting.start) == ("active", date(2026, 3, 4))


def test_added_seats_are_invoiced_as_quoted_and_seats_of_the_first_order_are_not_charged_again() -> None:
    make_price("cryptopass")
    subscription = make_subscription("cryptopass", commitment=True, quantity=3)
    change = add(subscription, date(2026, 3, 10))
    [first] = charge("cryptopass", date(2026, 3, 10))
    assert first.lines.get().quantity == 3
    assert seats_to_invoice({"cryptopass": date(2026, 3, 10)}) == {"cryptopass": 1}
    assert [invoice_seats("cryptopass", date(2026, 3, 10), NOON) for _ in range(2)] == [1, 0]
    invoice = Invoice.objects.get(key=f"seats/{change.pk}")
    line = invoice.lines.get()
    assert (line.kind, line.quantity, str(line.unit), str(line.net)) == ("seat", 2, "365.00", "712.00")
    assert (line.period_start, line.period_end) == (date(2026, 3, 10), date(2027, 2, 28))
    assert {"5.2"} <= {item["clause"] for item in invoice.because}


def test_seats_that_come_after_the_renewal_was_invoiced_are_charged_for_it_too() -> None:
    make_price()
    subscription = make_subscription(quantity=3)
    assert invoice_renewals("secureflag", date(2027, 2, 21), NOON) == 1
    add(subscription, date(2027, 2, 25))
    assert invoice_seats("secureflag", date(2027, 2, 25), NOON) == 1
    rest, following = InvoiceLine.objects.filter(kind="seat").order_by("position")
    assert (rest.period_end, str(rest.net)) == (date(2027, 2, 28), "8.00")
    assert (following.period_start, following.quantity, str(following.net)) == (date(2027, 3, 1), 2, "1350.00")


def test_a_renewal_that_is_invoiced_late_leaves_out_seats_that_were_charged_by_themselves() -> None:
    make_price("securegroup", cycle_months=1)
    subscription = make_subscription("secureflag", quantity=3)
    make_price()
    close_periods(list(subscription.periods.select_related("subscription__customer")), on=date(2027, 3, 1), at=NOON)
    subscription.refresh_from_db()
    add(subscription, date(2027, 3, 5))
    assert invoice_renewals("secureflag", date(2027, 3, 6), NOON) == 1
    assert Invoice.objects.get().lines.get().quantity == 3


def test_seats_that_are_given_up_lower_the_renewal() -> None:
    make_price("cryptopass")
    subscription = make_subscription("cryptopass", commitment=True, quantity=3)
    make_administrator(subscription, ADA)
    give_up_seats(subscription=subscription, numbers=[1], asked_by=ADA, on=date(2026, 5, 4), at=NOON)
    assert invoice_renewals("cryptopass", date(2027, 3, 1), NOON) == 1
    assert InvoiceLine.objects.get().quantity == 2


def test_an_order_with_access_after_payment_waits_and_keeps_the_start_that_was_agreed() -> None:
    make_price()
    waiting = make_subscription(payment_confirmed_on=None, agreed_start=date(2026, 3, 10))
    assert (waiting.state, waiting.start, waiting.periods.count()) == ("pending", date(2026, 3, 10), 0)
    [invoice] = charge("secureflag")
    received: dict[str, Any] = {"method": "card", "currency": "GBP", "customer": waiting.customer}
    half = invoice.total / 2
    record_payment(key="half", amount=half, received_on=date(2026, 3, 5), at=NOON, **received)
    waiting.refresh_from_db()
    assert waiting.state == "pending"
    record_payment(key="rest", amount=invoice.total - half, received_on=date(2026, 3, 12), at=NOON, **received)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.start) == ("active", date(2026, 3, 10))
    assert waiting.periods.get().period_start == date(2026, 3, 10)
    began = waiting.state_changes.order_by("id")
    assert [(one.to_state, {item["clause"] for item in one.because}) for one in began] == [
        ("pending", {"2.3"}),
        ("active", {"13.1"}),
    ]


def test_a_first_payment_that_fails_cancels_the_order_and_ends_the_contract() -> None:
    make_price("cryptopass", cycle_months=1)
    contract = make_subscription("cryptopass", quantity=3)
    charge("cryptopass")
    page = f"/admin/accounts/subscription/{contract.pk}/act/payment-failed/"
    assert "5.3" in people.owner().post(page, {}).content.decode()
    decision = first_payment_failed(subscription=contract, on=MARCH, at=NOON)
    contract.refresh_from_db()
    assert (contract.state, contract.ends_on) == ("ended", MARCH)
    assert {item["clause"] for item in contract.ends_because} == {"5.3"} and decision.answer.cancelled
    assert OpenItem.objects.get().closed_on is not None
    with transaction.atomic():
        assert settle_ends("cryptopass", MARCH, NOON) == 1
    assert [str(one.total) for one in Invoice.objects.filter(kind="credit_note")] == ["2025.00"]
    with pytest.raises(NotPossible, match="nothing is owed"):
        first_payment_failed(subscription=contract, on=MARCH, at=NOON)


def test_elsewhere_a_first_payment_that_fails_leaves_the_order_waiting() -> None:
    make_price()
    contract = make_subscription(payment_confirmed_on=None)
    charge("secureflag")
    assert not first_payment_failed(subscription=contract, on=MARCH, at=NOON).answer.served
    contract.refresh_from_db()
    assert contract.state == "pending"
