"""What late payment costs: charged day by day, and always what the rule answers for the last day counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Subscription
from accounts.services import NotPossible
from backoffice import days
from billing import ledger
from billing.models import Account, Entry, Invoice, Leg, OpenItem, Payment, RateStep, RecoveryCost
from billing.policy.late import LateFacts, decide_late_charges
from billing.services import note_recovery_cost
from billing.services.late import History, ask_charges
from billing.services.rates import Steps
from tests.billing.test_payments import owed, pay
from tests.builders import NOON, make_invoice, make_subscription

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 1)
DEVICES: dict[str, Any] = {
    "vendor": "securegroup_devices",
    "sheet": "securegroup_devices/2015-01-01",
    "subscription": None,
    "currency": "EUR",
}


def charge(day: date, vendor: str) -> int:
    """The day's job, as often as it finds something."""
    job = next(job for job in days.jobs() if job.name == "Late payment is charged")
    done = 0
    while count := job.work(vendor, day, datetime(day.year, day.month, day.day, 6, tzinfo=UTC)):
        done += count
    return done


def live(days_late: int, vendor: str) -> None:
    for number in range(1, days_late + 1):
        charge(DUE + timedelta(days=number), vendor)


def item_of(invoice: Invoice) -> OpenItem:
    return OpenItem.objects.select_related("invoice__subscription").get(invoice=invoice)


def booked(invoice: Invoice) -> int:
    legs = Leg.objects.filter(invoice=invoice, account=Account.LATE_CHARGES)
    return -(legs.aggregate(Sum("minor"))["minor__sum"] or 0)


def says(invoice: Invoice, day: date, **changes: Any) -> tuple[int, int]:
    """What the rule answers for the whole invoice, interest and fees in minor units."""
    known = {
        "principal": invoice.total, "currency": invoice.currency, "due_on": invoice.due_on, "as_of": day, "incidents": [],
        "costs": [], "rates": Steps().of(invoice.terms), "collection_on": None,
    }  # fmt: skip
    charges = decide_late_charges(invoice.terms, LateFacts.model_construct(**{**known, **changes})).answer
    return int(charges.interest * 100), int(sum(fee.amount for fee in charges.fees) * 100)


@pytest.mark.parametrize("vendor", ["cryptopass", "ethicmail", "secureflag", "securegroup", "securegroup_devices"])
def test_what_is_charged_day_by_day_is_what_the_rule_answers(vendor: str) -> None:
    devices = vendor == DEVICES["vendor"]
    invoice = make_invoice(make_subscription("ethicmail" if devices else vendor), **(DEVICES if devices else {}))
    for number in range(1, 60):
        day = DUE + timedelta(days=number)
        charge(day, vendor)
        item = item_of(invoice)
        assert (item.interest_charged_minor, item.costs_charged_minor) == says(invoice, day), day
    assert owed(invoice) == 10000 + booked(invoice)
    assert booked(invoice) > 0
    assert item.because


def test_a_day_charges_once_and_a_day_of_no_cent_posts_nothing() -> None:
    invoice = make_invoice(make_subscription("secureflag"))
    assert charge(DUE, "secureflag") == 0
    assert [charge(DUE + timedelta(days=1), "secureflag") for _ in range(2)] == [1, 0]
    live(4, "secureflag")
    posted = Entry.objects.filter(kind="late_charge").count()
    # 4.75 percent a year on 100.00 is 1.3 pence a day.
    assert (booked(invoice), posted) == (5, 4)


def test_a_contract_that_charges_nothing_is_not_counted_again() -> None:
    invoice = make_invoice(make_subscription("securepacket"))
    live(3, "securepacket")
    assert (item_of(invoice).count_on, booked(invoice)) == (None, 0)


def test_a_part_that_was_paid_late_bears_interest_until_then() -> None:
    invoice = make_invoice(make_subscription("securegroup"))
    live(10, "securegroup")
    pay(invoice.customer, "40.00", currency="USD", received_on=DUE + timedelta(days=10))
    for number in range(11, 31):
        charge(DUE + timedelta(days=number), "securegroup")
    # 22 percent a year: 60.00 for thirty days is 1.08, and 40.00 for ten is 0.24.
    assert item_of(invoice).interest_charged_minor == 108 + 24


def test_money_that_came_days_before_it_was_recorded_takes_interest_back() -> None:
    invoice = make_invoice(make_subscription("securegroup"))
    live(20, "securegroup")
    assert item_of(invoice).interest_minor == 121
    # On the tenth day 100.60 was all that was owed.
    pay(invoice.customer, "100.60", currency="USD", received_on=DUE + timedelta(days=10))
    item = item_of(invoice)
    assert (item.owed_minor, item.interest_charged_minor, booked(invoice)) == (0, 60, 60)
    assert item.closed_on is not None
    assert ledger.credit_of(invoice.customer_id, "USD") == 0


def test_interest_that_was_paid_and_is_not_owed_comes_back_as_credit() -> None:
    # DEV 6.4: a payment pays interest before the debt.
    invoice = make_invoice(make_subscription("ethicmail"), **DEVICES)
    live(20, "securegroup_devices")
    pay(invoice.customer, "0.67", "interest", received_on=DUE + timedelta(days=20))
    assert (owed(invoice), item_of(invoice).interest_minor) == (10000, 0)
    pay(invoice.customer, "100.00", "early", received_on=DUE + timedelta(days=10))
    assert (owed(invoice), booked(invoice)) == (0, 33)
    assert ledger.credit_of(invoice.customer_id, "EUR") == 34
    assert Payment.objects.get(method="credit").left_minor == 34


def test_a_payment_is_charged_up_to_its_day_before_it_is_spent() -> None:
    invoice = make_invoice(make_subscription("securegroup"))
    pay(invoice.customer, "100.60", currency="USD", received_on=DUE + timedelta(days=10))
    assert (owed(invoice), booked(invoice)) == (0, 60)


def test_no_interest_is_counted_without_a_rate_and_staff_are_told() -> None:
    RateStep.objects.all().delete()
    invoice = make_invoice(make_subscription("secureflag"))
    live(2, "secureflag")
    assert (item_of(invoice).rate_missing, booked(invoice)) == (True, 0)
    RateStep.objects.create(table_id="bank_of_england", from_on=DUE, rate=Decimal("0.0375"), source="The bank")
    charge(DUE + timedelta(days=3), "secureflag")
    assert (item_of(invoice).rate_missing, booked(invoice)) == (False, 4)


def test_incidents_and_costs_are_charged_as_the_contract_says() -> None:
    invoice = make_invoice(make_subscription("securegroup"))
    live(5, "securegroup")
    known: dict[str, Any] = {"invoice": invoice, "on": DUE + timedelta(days=5), "at": NOON}
    note_recovery_cost(kind="returned_check", **known)
    note_recovery_cost(kind="collection", amount=Decimal("80.00"), **known)
    item = item_of(invoice)
    # TOS 6: 60.00 for a cheque that came back, and the collection at cost.
    assert (item.costs_minor, item.interest_minor) == (14000, 30)
    assert "TOS 6" in {one["clause"] for one in item.because}
    with pytest.raises(NotPossible, match="an amount is needed"):
        note_recovery_cost(kind="bank", **known)
    with pytest.raises(NotPossible, match="no amount is needed"):
        note_recovery_cost(kind="investigation", amount=Decimal(1), **known)
    assert RecoveryCost.objects.count() == 2


def test_a_debt_that_is_paid_has_no_costs_any_more() -> None:
    invoice = make_invoice(make_subscription("securegroup"))
    pay(invoice.customer, "100.00", currency="USD", received_on=DUE)
    with pytest.raises(NotPossible, match="nothing is owed"):
        note_recovery_cost(invoice=invoice, kind="investigation", on=DUE, at=NOON)


EVENTS = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.one_of(
            st.tuples(st.just("pay"), st.integers(1, 6000), st.integers(0, 5)),
            st.tuples(st.just("cost"), st.integers(1, 9000), st.just(0)),
            st.tuples(st.just("incident"), st.just(0), st.just(0)),
        ),
    ),
    max_size=6,
)


class AnyOrder(TestCase):
    @settings(max_examples=15)
    @given(vendor=st.sampled_from(["securegroup", "cryptopass", "ethicmail", "secureflag"]), events=EVENTS)
    def test_whatever_happens_what_was_charged_is_what_the_rule_answers(
        self, vendor: str, events: list[tuple[int, tuple[str, int, int]]]
    ) -> None:
        subscription: Subscription = make_subscription(vendor)
        invoice = make_invoice(subscription)
        day = DUE
        for number, (wait, (what, minor, before)) in enumerate(events):
            for _ in range(wait):
                day += timedelta(days=1)
                charge(day, vendor)
            amount = Decimal(minor) / 100
            if what == "pay":
                received = max(day - timedelta(days=before), DUE)
                pay(invoice.customer, str(amount), f"{number}", currency=invoice.currency, received_on=received)
            elif item_of(invoice).closed_on is None:
                cost = {"kind": "collection", "amount": amount} if what == "cost" else {"kind": "investigation"}
                note_recovery_cost(invoice=invoice, on=day, at=NOON, **cost)
            item = item_of(invoice)
            if item.counted_on is not None:
                charged = ask_charges(item, item.counted_on, History([item]), Steps())
                assert charged is not None
                assert (charged.interest, charged.costs) == (item.interest_charged_minor, item.costs_charged_minor)
                assert booked(invoice) == charged.interest + charged.costs
            assert ledger.owed_on([invoice.pk])[invoice.pk] == item.owed_minor
