"""Fees beside the service, from the quote or the breach to the bill."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Notice, Subscription
from accounts.services import NotPossible
from accounts.services.conduct import suspend_for
from backoffice import verify
from billing.models import FeeOrder, Invoice
from billing.services.fees import approve_fee, charge_fee, quote_fee
from tests.builders import make_administrator, make_case, make_subscription
from tests.stories.living import clauses, live, noon

pytestmark = pytest.mark.django_db

ASKED = date(2026, 3, 10)
ADA = "ada@example.com"


def contract(vendor: str = "securegroup") -> Subscription:
    made = make_subscription(vendor)
    make_administrator(made, ADA)
    return made


def quote(subscription: Subscription, **changes: Any) -> FeeOrder:
    known: dict[str, Any] = {"kind": "restoration", "text": "The mails of February.", "estimate": Decimal(2)}
    return quote_fee(subscription=subscription, on=ASKED, at=noon(ASKED), **{**known, **changes})


def approve(order: FeeOrder, by: str = ADA, backup: bool = False) -> None:
    approve_fee(order=order, administrator=by, backup_confirmed=backup, at=noon(ASKED))


def charge(order: FeeOrder, units: str = "1.5") -> Invoice:
    charge_fee(order=order, units=Decimal(units), on=ASKED, at=noon(ASKED))
    order.refresh_from_db()
    assert order.bill is not None
    return order.bill


def test_a_restoration_is_warned_of_approved_done_in_96_hours_and_charged() -> None:
    """SLA 3.4: 150 an hour and 100 at the least, approved by an administrator, after the warning."""
    order = quote(contract())
    told = Notice.objects.get(kind=Notice.Kind.FEE)
    assert "which cost 300.00 USD" in told.body and "key that was lost cannot be restored" in told.body
    assert "has to approve the fee before we begin" in told.body and clauses(told) >= {"SLA 3.4"}
    with pytest.raises(NotPossible, match="it lacks an administrator's approval"):
        charge(order)
    with pytest.raises(NotPossible, match="is no administrator"):
        approve(order, "eve@example.com")
    approve(order)
    order.refresh_from_db()
    assert order.do_by == noon(ASKED) + timedelta(hours=96)
    with pytest.raises(NotPossible, match="approved already"):
        approve(order)
    bill = charge(order)
    assert (bill.total_minor, bill.lines.get().kind) == (22500, "fee") and clauses(bill) >= {"SLA 3.4"}
    with pytest.raises(NotPossible, match="charged already"):
        charge(order)
    short = quote(order.subscription)
    approve(short)
    assert charge(short, "0.2").total_minor == 10000
    assert [one.told for one in verify.verify(at=noon(ASKED)) if one.wrong] == []


def test_support_and_migration_cost_what_was_quoted_by_what_they_really_were() -> None:
    """SLA 1.4, 1.5: a price for each case; data is moved once there is a backup, and charged by its actual volume."""
    subscription = contract()
    with pytest.raises(NotPossible, match="so one is to be set"):
        quote(subscription, kind="support")
    assert charge(quote(subscription, kind="support", unit_price=Decimal("80.00"))).total_minor == 12000
    moved = quote(subscription, kind="migration", unit_price=Decimal("4.00"), estimate=Decimal(10))
    told = Notice.objects.filter(kind=Notice.Kind.FEE).latest("id")
    assert "which cost 40.00 USD" in told.body and "reliable backup" in told.body
    with pytest.raises(NotPossible, match="that it has a backup"):
        charge(moved)
    approve(moved, backup=True)
    bill = charge(moved, "12.5")
    assert bill.total_minor == 5000 and clauses(bill) >= {"SLA 1.5"}


def test_excess_bandwidth_is_charged_under_its_clause() -> None:
    """TOS 9."""
    bill = charge(quote(contract(), kind="bandwidth", unit_price=Decimal("1.25")), "100")
    assert bill.total_minor == 12500 and clauses(bill) >= {"TOS 9"}


def test_a_contract_that_charges_nothing_for_it_refuses() -> None:
    with pytest.raises(NotPossible, match="charges nothing"):
        quote(contract("cryptopass"))


def test_a_suspension_for_spam_costs_500_dollars_and_the_investigation_as_much_again() -> None:
    """EM 3.1.2 to 3.1.5: told with its reason, date and period; ten days to put it right; 500 and 500."""
    subscription = make_subscription("ethicmail", cycle_months=12)
    case = make_case("ethicmail", subscription=subscription, violation="spam", helped_another=True, on=ASKED)
    plain = make_case("ethicmail", violation="spam", on=ASKED)
    for one in (case, plain):
        suspend_for(case=one, on=ASKED, at=noon(ASKED))
    told = Notice.objects.get(kind=Notice.Kind.SUSPENSION, subscription=subscription)
    assert clauses(told) >= {"3.1.2"}
    case.refresh_from_db()
    assert case.cure_until == date(2026, 3, 20)
    for day in (ASKED, ASKED + timedelta(days=1)):
        live(day)
    bill = Invoice.objects.get(key=f"conduct/{case.pk}")
    assert [(line.kind, line.net_minor) for line in bill.lines.all()] == [("fee", 50000), ("fee", 50000)]
    assert clauses(bill) >= {"3.1.5"} and bill.due_on == ASKED
    assert Invoice.objects.get(key=f"conduct/{plain.pk}").total_minor == 50000
    assert Invoice.objects.filter(key__startswith="conduct/").count() == 2
