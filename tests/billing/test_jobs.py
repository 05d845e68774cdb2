from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Period
from accounts.services import close_periods, give_notice
from backoffice.days import Stuck
from billing.jobs import invoice_renewals, renewals_to_invoice
from billing.models import Invoice
from tests.builders import make_price, make_subscription

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("vendor", "order", "day", "due_on", "to"),
    [
        pytest.param("securegroup", {}, (2026, 3, 25), (2026, 4, 1), (2026, 4, 30), id="TOS 6: 7 days before"),
        pytest.param("secureflag", {}, (2027, 2, 21), (2027, 2, 28), (2028, 2, 28), id="13.2: with the notice"),
        pytest.param("ethicmail", {}, (2026, 4, 1), (2026, 4, 1), (2026, 4, 30), id="2.2.2: when it renews"),
        pytest.param("cryptopass", {}, (2026, 4, 1), (2026, 4, 1), (2026, 4, 30), id="5.1: in advance"),
        pytest.param("cryptopass", {"commitment": True}, (2027, 3, 1), (2027, 3, 1), (2028, 2, 29), id="5.1: a year"),
    ],
)
def test_each_contract_is_invoiced_on_its_day_and_not_before(
    vendor: str,
    order: dict[str, Any],
    day: tuple[int, int, int],
    due_on: tuple[int, int, int],
    to: tuple[int, int, int],
) -> None:
    subscription = make_subscription(vendor, **order)
    make_price(vendor, cycle_months=subscription.renewal_months)
    first = date(*day)
    before = date.fromordinal(first.toordinal() - 1)
    assert invoice_renewals(vendor, before, AT) == 0
    assert renewals_to_invoice({vendor: before}) == {}
    assert renewals_to_invoice({vendor: first}) == {vendor: 1}
    assert invoice_renewals(vendor, first, AT) == 1
    invoice = Invoice.objects.get()
    assert (invoice.issued_on, invoice.due_on, invoice.lines.get().period_end) == (first, date(*due_on), date(*to))
    assert invoice_renewals(vendor, first, AT) == 0


@pytest.mark.parametrize("vendor", ["securepacket", "securegroup_devices"])
def test_a_contract_without_periods_has_no_renewals(vendor: str) -> None:
    make_subscription(vendor)
    assert renewals_to_invoice({vendor: date(2036, 1, 1)}) == {}


def test_who_has_given_notice_is_not_invoiced() -> None:
    make_price()
    give_notice(subscription=make_subscription(), notice_on=date(2026, 5, 1), by="customer")
    assert invoice_renewals("secureflag", date(2027, 2, 21), AT) == 0


def test_who_gives_notice_too_late_is_invoiced_once_more() -> None:
    make_price("securegroup", cycle_months=1)
    subscription = make_subscription("securegroup")
    give_notice(subscription=subscription, notice_on=date(2026, 3, 25), by="customer")
    assert invoice_renewals("securegroup", date(2026, 3, 25), AT) == 1


def test_what_has_a_price_is_invoiced_before_the_job_gets_stuck() -> None:
    make_subscription()
    make_subscription(plan="Forgotten")
    make_price()
    assert invoice_renewals("secureflag", date(2027, 2, 21), AT) == 1
    with pytest.raises(
        Stuck, match=r"no price for the plan 'Forgotten' over 12 months on 1 March 2027\. .* 1 renewal waits\."
    ):
        invoice_renewals("secureflag", date(2027, 2, 21), AT)


def test_a_period_that_was_entered_late_is_invoiced_though_it_has_renewed() -> None:
    make_price("securegroup", cycle_months=1)
    make_subscription("securegroup")
    for index in (0, 1):
        close_periods([Period.objects.select_related("subscription").get(index=index)], on=AT.date(), at=AT)
    assert invoice_renewals("securegroup", date(2026, 5, 10), AT) == 2
    assert [invoice.key.rpartition("/")[2] for invoice in Invoice.objects.order_by("id")] == ["1", "2"]


def test_many_renewals_ask_no_more_queries_than_few() -> None:
    """So that a run's queries grow with its chunks, and never with its rows."""
    make_price()
    asked = []
    for rows in (3, 30):
        for _ in range(rows):
            make_subscription()
        with CaptureQueriesContext(connection) as captured:
            assert invoice_renewals("secureflag", date(2027, 2, 21), AT) == rows
        asked.append(len(captured))
    few, many = asked
    assert many <= few


def test_each_chunk_asks_as_much_as_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    make_price()
    for _ in range(12):
        make_subscription()
    monkeypatch.setattr("backoffice.days.CHUNK", 3)
    asked = []
    for _ in range(4):
        with CaptureQueriesContext(connection) as captured:
            assert invoice_renewals("secureflag", date(2027, 2, 21), AT) == 3
        asked.append(len(captured))
    assert max(asked[1:]) <= asked[0]
