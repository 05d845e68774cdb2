"""Both directions: what the vendors' contracts want of us, whatever our customers do."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import Subscription, VendorClock, VendorContract
from accounts.services import (
    Incoming,
    NotPossible,
    Supply,
    end_vendor_contract,
    give_notice,
    meet,
    note_vendor_bill,
    note_vendor_outage,
    receive_notice,
    sign_vendor_contract,
    terminate,
    withdraw_notice,
)
from accounts.verbs import vendors as _verbs
from backoffice import days
from backoffice.rehearsal import report
from backoffice.timeline import World, play, read_lines
from tests import people
from tests.builders import NOON, make_price, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

assert _verbs


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def sign(vendor: str = "securegroup", start: date = date(2026, 1, 1), **changes: object) -> VendorContract:
    supply = Supply(**{"vendor": vendor, "reference": "K-1", "start": start, "cycle_months": 1, **changes})  # type: ignore[arg-type]
    return sign_vendor_contract(supply=supply, at=at(start))


def clock(kind: str, about: str = "period 0") -> VendorClock:
    return VendorClock.objects.get(kind=kind, about=about)


def live(day: date) -> None:
    days.catch_up(at=at(day))


def test_the_vendors_month_binds_us_with_all_its_days() -> None:
    """Trap 7 from the other side: ten days before the end, due with the renewal, disputed five days before that."""
    sign()
    stops, pays, disputes = (clock(kind) for kind in ("non_renewal", "payment", "dispute"))
    assert (stops.due_on, pays.due_on, disputes.due_on) == (date(2026, 1, 21), date(2026, 2, 1), date(2026, 1, 27))
    assert {item["clause"] for item in stops.because} >= {"TOS 8"}
    assert [item["clause"] for item in disputes.because] == ["TOS 7"]
    live(date(2026, 2, 1))
    assert clock("non_renewal", "period 1").due_on == date(2026, 2, 18)
    assert VendorContract.objects.get().opens_on == date(2026, 3, 1)


def test_staff_are_warned_at_four_fifths_and_told_of_what_was_missed() -> None:
    sign()
    live(date(2026, 1, 16))
    assert clock("non_renewal").warned_on is None
    live(date(2026, 1, 17))
    assert (clock("non_renewal").state, clock("non_renewal").warned_on) == ("open", date(2026, 1, 17))
    assert "deadlines with vendors past 80% of their time" in people.owner().get("/admin/").content.decode()
    live(date(2026, 1, 21))
    assert clock("non_renewal").state == "open"
    live(date(2026, 1, 22))
    assert (clock("non_renewal").state, clock("non_renewal").missed_on) == ("missed", date(2026, 1, 22))
    assert "deadlines with vendors that we missed" in people.owner().get("/admin/").content.decode()


def test_the_earlier_of_our_customers_day_and_the_vendors_alarms() -> None:
    """A customer's year that began in February ends before our own, so its day comes first."""
    resold = make_subscription("securegroup", cycle_months=12, accepted_on=date(2026, 2, 1))
    sign(start=date(2026, 3, 1), cycle_months=12, subscription=resold)
    ours = clock("non_renewal")
    assert resold.periods.get().non_renewal_by == date(2027, 1, 21)
    assert (ours.due_on, ours.customers_day, ours.binds_on) == (date(2027, 2, 18), date(2027, 1, 21), date(2027, 1, 21))
    later = make_subscription("securegroup", cycle_months=12, accepted_on=date(2026, 6, 1))
    sign(start=date(2026, 3, 1), cycle_months=12, subscription=later, reference="K-2")
    second = VendorClock.objects.get(kind="non_renewal", contract__reference="K-2")
    assert (second.customers_day, second.binds_on) == (None, date(2027, 2, 18))
    must_be_refused("vendor_clock_binds_in_time", VendorClock.objects.all(), binds_on=date(2030, 1, 1))


def behind_a_month(**changes: Any) -> tuple[Subscription, VendorContract]:
    """A year of ours, from March, behind a customer who renews every month."""
    resold = make_subscription("securegroup", cycle_months=1, accepted_on=date(2026, 3, 1))
    return resold, sign(start=date(2026, 3, 1), cycle_months=12, subscription=resold, **changes)


def test_our_day_follows_the_customers_months_until_the_vendors_own_comes_first() -> None:
    """A customer who renews makes us wait for its next day; nothing was missed because it stayed."""
    make_price("securegroup", cycle_months=1)
    behind_a_month()
    assert clock("non_renewal").binds_on == date(2026, 3, 21)
    live(date(2026, 3, 31))
    first = clock("non_renewal")
    assert (first.state, first.warned_on) == ("open", date(2026, 3, 17))
    live(date(2026, 4, 1))
    second = clock("non_renewal")
    assert (second.customers_day, second.binds_on, second.warned_on) == (date(2026, 4, 20), date(2026, 4, 20), None)
    live(date(2026, 4, 20))
    assert clock("non_renewal").warned_on is not None


def test_a_notice_of_the_customers_leaves_the_vendors_day_and_taken_back_brings_its_own_again() -> None:
    resold = make_subscription("securegroup", cycle_months=12, accepted_on=date(2026, 2, 1))
    sign(start=date(2026, 3, 1), cycle_months=12, subscription=resold)
    live(date(2026, 3, 2))
    assert clock("non_renewal").binds_on == date(2027, 1, 21)
    give_notice(subscription=resold, notice_on=date(2026, 3, 2), by="customer")
    live(date(2026, 3, 3))
    ours = clock("non_renewal")
    assert (ours.customers_day, ours.binds_on, ours.state) == (None, date(2027, 2, 18), "open")
    withdraw_notice(subscription=resold, on=date(2026, 3, 3), at=at(date(2026, 3, 3)), agreed=True)
    live(date(2026, 3, 4))
    ours = clock("non_renewal")
    assert (ours.customers_day, ours.binds_on, ours.warn_on) == (
        date(2027, 1, 21),
        date(2027, 1, 21),
        date(2026, 11, 16),
    )
    terminate(subscription=resold, reason="notice", because=[], on=date(2026, 3, 4), at=at(date(2026, 3, 4)))
    live(date(2026, 3, 5))
    ours = clock("non_renewal")
    assert (ours.customers_day, ours.binds_on) == (None, date(2027, 2, 18)), "we still have to stop what is behind it"


def test_a_contract_that_a_vendor_ends_rings_no_alarm_about_renewing() -> None:
    sign("ethicmail")
    told = Incoming("termination", "email", at(date(2026, 1, 10)), sender="vendor", vendor="ethicmail")
    receive_notice(incoming=told, at=at(date(2026, 1, 10)))
    live(date(2026, 2, 20))
    assert {one.kind: one.state for one in VendorClock.objects.all()} == {
        "non_renewal": "void",
        "payment": "void",
        "end": "missed",
    }
    with pytest.raises(NotPossible, match="needed no more already"):
        meet(clock=clock("payment"), on=date(2026, 2, 20))
    must_be_refused("vendor_clock_state", VendorClock.objects.filter(state="void"), missed_on=date(2026, 2, 1))


def test_a_notice_of_ours_that_came_too_late_rings_no_alarm_in_the_period_that_it_ends() -> None:
    contract = sign()
    live(date(2026, 1, 25))
    assert clock("non_renewal").state == "missed"
    decision = end_vendor_contract(contract=contract, on=date(2026, 1, 25), at=NOON)
    assert decision.answer.ends_on == date(2026, 2, 28)
    live(date(2026, 3, 2))
    assert not VendorClock.objects.filter(about="period 1").exists()
    assert clock("payment").due_on == date(2026, 2, 1), "the period that it ends was still to be paid"


def test_a_bill_of_a_vendors_is_due_and_may_be_disputed_once() -> None:
    contract = sign()
    for _ in range(2):
        note_vendor_bill(contract=contract, number="7", due_on=date(2026, 1, 20), on=date(2026, 1, 5), at=NOON)
    assert clock("payment", "bill 7").due_on == date(2026, 1, 20)
    assert clock("dispute", "bill 7").due_on == date(2026, 1, 15)
    meet(clock=clock("payment", "bill 7"), on=date(2026, 1, 19))
    with pytest.raises(NotPossible, match="done already"):
        meet(clock=clock("payment", "bill 7"), on=date(2026, 1, 20))
    live(date(2026, 1, 21))
    assert (clock("payment", "bill 7").state, clock("dispute", "bill 7").state) == ("met", "missed")
    same = VendorClock.objects.filter(kind="dispute", about="bill 7")
    must_be_refused("vendorclock|one_vendor_clock_per_period", same, kind="payment")


def test_credits_of_a_vendor_are_claimed_in_its_window_and_one_month_has_one() -> None:
    contract = sign()
    for day in (8, 20):
        note_vendor_outage(contract=contract, service="email", ended_on=date(2026, 1, day), at=NOON)
    claim = VendorClock.objects.get(kind="credit_claim")
    assert (claim.due_on, [item["clause"] for item in claim.because]) == (date(2026, 2, 7), ["SLA 2.7"])
    other = sign("cryptopass", reference="K-2")
    silent = note_vendor_outage(contract=other, service="voice", ended_on=date(2026, 1, 8), at=NOON)
    assert (silent.clock, silent.decision.covered) == (None, False)


def test_our_own_notice_ends_the_contract_and_meets_the_day() -> None:
    contract = sign()
    decision = end_vendor_contract(contract=contract, on=date(2026, 1, 20), at=NOON)
    assert decision.answer.ends_on == date(2026, 1, 31)
    assert (clock("non_renewal").state, clock("payment").state, clock("dispute").state) == ("met", "void", "void")
    assert clock("end", "end").due_on == date(2026, 1, 31)
    live(date(2026, 3, 1))
    assert not VendorClock.objects.filter(about="period 1").exists()


def test_a_vendors_notice_makes_our_days() -> None:
    """ETHICmail 1.5.2 and SecureFlag 5.5, with us as the customer."""
    ends = sign("ethicmail")
    told = Incoming("termination", "email", at(date(2026, 1, 10)), sender="vendor", vendor="ethicmail")
    noted = receive_notice(incoming=told, at=at(date(2026, 1, 10))).notice
    ends.refresh_from_db()
    assert noted.counts
    assert (ends.ends_on, ends.ends_because[0]["clause"]) == (date(2026, 1, 24), "1.5.2")
    assert clock("end", "end").notice == noted
    sign("secureflag", date(2026, 1, 1), reference="K-2", cycle_months=12)
    dearer = Incoming("price", "email", at(date(2026, 1, 14)), sender="vendor", vendor="secureflag")
    notice = receive_notice(incoming=dearer, at=at(date(2026, 1, 14))).notice
    about = f"notice {notice.pk}"
    assert (clock("leave", about).due_on, clock("change", about).due_on) == (date(2026, 12, 30), date(2026, 12, 31))
    assert {item["clause"] for item in clock("leave", about).because} == {"5.5"}


def test_a_contract_that_is_silent_gives_us_no_days() -> None:
    contract = sign("securepacket", cycle_months=None)
    assert (contract.opens_on, VendorClock.objects.count()) == (None, 0)
    told = Incoming("termination", "email", at(date(2026, 1, 10)), sender="vendor", vendor="securepacket")
    receive_notice(incoming=told, at=at(date(2026, 1, 10)))
    assert not VendorClock.objects.exists()


def test_a_rehearsal_plays_and_tells_of_our_own_deadlines() -> None:
    lines = [
        {"on": "2026-01-01", "do": "contract with a vendor", "ref": "ours", "vendor": "securegroup", "reference": "K-9", "months": 1},
        {"on": "2026-01-03", "do": "bill of a vendor", "contract": "ours", "number": "1", "due_on": "2026-01-20"},
        {"on": "2026-01-04", "do": "outage at a vendor", "contract": "ours", "service": "email"},
        {"on": "2026-01-19", "do": "deadline with a vendor is met", "contract": "ours", "kind": "payment", "about": "bill 1"},
        {"on": "2026-01-20", "do": "notice to stop to a vendor", "contract": "ours"},
    ]  # fmt: skip
    entries, world = read_lines([json.dumps(line).encode() for line in lines]), World()
    *_, last = play(entries, date(2026, 2, 10), world=world)
    told = report(entries, last, world)
    says = [one.says for one in told.happened if one.kind == "deadline of ours"]
    assert "Payment due (bill 1): 20 January 2026. It is done." in says
    assert "Last day to claim credits (email 2026-02-07): 7 February 2026. It is missed." in says
    assert not told.undone
