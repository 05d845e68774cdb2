"""How a contract lives and ends, from the event to the notice or the record with its clause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import (
    Breach,
    Notice,
    NoticeWithdrawal,
    Period,
    StateChange,
    Subscription,
    Ticket,
)
from accounts.services import (
    NotPossible,
    end_over,
    give_notice,
    note_overdue,
    note_paid,
    put_right,
    suspend,
    suspend_over,
    tell_breach,
    tell_overdue,
    terminate,
    withdraw_notice,
)
from backoffice import outbox
from tests.builders import make_customer, make_end, make_price, make_subscription, make_ticket
from tests.refusals import must_be_refused
from tests.stories.living import MAY, clauses, live, noon, notice, now, stopped

pytestmark = pytest.mark.django_db


# Row 14: breaches.


def breach_of(subscription: Subscription, kind: Any = "material", **more: Any) -> Breach:
    given = {"detail": "The service is sold on without a licence.", "on": MAY, "at": noon(MAY), **more}
    told = tell_breach(subscription=subscription, kind=kind, **given)
    assert told.breach is not None
    outbox.deliver(at=given["at"])
    return told.breach


def test_a_breach_is_told_with_its_detail_and_ends_the_contract_when_it_is_not_put_right() -> None:
    subscription = make_subscription("secureflag", customer=make_customer(country="GB"))
    make_price(amount=Decimal(0))
    breach = breach_of(subscription)
    told = notice("breach")
    assert "The service is sold on without a licence." in told.body
    # 4 May is a holiday in England, so the notice counts from the day after.
    assert "put it right by 4 June 2026" in told.body
    assert {"13.4", "15.5"} <= clauses(told)
    last, after = date(2026, 6, 4), date(2026, 6, 5)
    live(MAY)
    live(last)
    assert Breach.objects.get().state == "open"
    assert end_over(breach=breach, on=last, at=noon(last)).answer.reason == "still_time"
    assert now(subscription).state == "active"
    live(after)
    assert Breach.objects.get().state == "due"
    assert end_over(breach=breach, on=after, at=noon(after)).answer.may_end
    assert (now(subscription).state, now(subscription).ends_on) == ("ended", after)
    assert "13.4" in clauses(StateChange.objects.get(to_state="ended"))
    assert "because a breach of the contract was not put right" in notice("termination").body


def test_the_time_to_cure_runs_from_the_day_on_which_the_notice_counts_as_received() -> None:
    saturday = date(2026, 5, 9)
    breach = breach_of(make_subscription("secureflag"), on=saturday, at=noon(saturday))
    assert (breach.received_on, breach.cure_by) == (date(2026, 5, 11), date(2026, 6, 10))
    later = datetime(2026, 5, 14, 9, tzinfo=UTC)
    Notice.objects.filter(kind="breach").update(deemed_at=later)
    make_price()
    live(date(2026, 6, 11))
    breach.refresh_from_db()
    assert (breach.state, breach.cure_by, breach.may_end_from) == ("open", date(2026, 6, 13), date(2026, 6, 14))


def test_a_breach_that_nobody_was_told_of_never_falls_due() -> None:
    breach = breach_of(make_subscription("secureflag"))
    Notice.objects.filter(kind="breach").update(state="bounced", sent_at=noon(MAY), deemed_at=None)
    live(date(2026, 7, 1))
    breach.refresh_from_db()
    assert (breach.state, breach.may_end_from) == ("open", None)


def test_of_a_contract_that_ended_otherwise_nothing_is_left_to_end() -> None:
    subscription = make_subscription("secureflag")
    breach_of(subscription)
    terminate(subscription=subscription, reason="death", because=[], on=MAY, at=noon(MAY))
    make_subscription("secureflag")
    make_price(amount=Decimal(0))
    live(date(2026, 7, 1))
    assert Breach.objects.get().state == "ended"


def test_a_notice_that_tells_too_little_is_none() -> None:
    subscription = make_subscription("securegroup")
    told = tell_breach(subscription=subscription, kind="material", detail=" ", on=MAY, at=noon(MAY))
    assert (told.breach, told.decision.answer.counts) == (None, False)
    assert clauses(told.decision) == {"TOS 8"}
    assert not Notice.objects.exists()


def test_a_breach_put_right_in_time_costs_nothing() -> None:
    subscription = make_subscription("secureflag")
    breach = breach_of(subscription)
    assert put_right(breach=breach, on=date(2026, 6, 3), at=noon(date(2026, 6, 3))).answer.reason == "put_right"
    live(date(2026, 7, 1))
    assert (now(subscription).state, Breach.objects.get().state) == ("active", "put_right")
    with pytest.raises(NotPossible, match="put right"):
        end_over(breach=breach, on=date(2026, 7, 1), at=noon(date(2026, 7, 1)))


def test_a_breach_put_right_too_late_may_still_end_the_contract() -> None:
    breach = breach_of(make_subscription("secureflag"))
    put_right(breach=breach, on=date(2026, 6, 8), at=noon(date(2026, 6, 8)))
    assert end_over(breach=breach, on=date(2026, 6, 9), at=noon(date(2026, 6, 9))).answer.may_end


def test_what_cannot_be_put_right_ends_the_contract_at_once() -> None:
    subscription = make_subscription("secureflag")
    breach = breach_of(subscription, remediable=False)
    assert "it may be ended" in notice("breach").body
    received = date(2026, 5, 5)
    end_over(breach=breach, on=received, at=noon(received))
    ended = StateChange.objects.get(to_state="ended")
    assert (now(subscription).state, ended.reason) == ("ended", "irremediable")


def test_a_service_is_suspended_over_a_breach_until_it_is_put_right() -> None:
    subscription = make_subscription("ethicmail")
    breach = breach_of(subscription, "software")
    suspend_over(breach=breach, on=MAY, at=noon(MAY))
    assert now(subscription).state == "suspended"
    assert "3.1.1 (c)" in clauses(notice("suspension"))
    put_right(breach=breach, on=date(2026, 5, 8), at=noon(date(2026, 5, 8)))
    assert now(subscription).state == "active"


def test_a_breach_of_the_vendors_is_kept_from_the_day_of_our_notice() -> None:
    subscription = make_subscription("secureflag")
    breach = breach_of(subscription, by="vendor", received_on=date(2026, 5, 5))
    assert (breach.notice, breach.cure_by) == (None, date(2026, 6, 4))
    assert not Notice.objects.exists()
    with pytest.raises(NotPossible):
        suspend_over(breach=breach, on=MAY, at=noon(MAY))


def test_a_breach_is_told_once() -> None:
    subscription = make_subscription("secureflag")
    assert breach_of(subscription) == breach_of(subscription, on=date(2026, 5, 6))
    assert Notice.objects.count() == 1


def test_where_the_contract_names_no_such_breach_nothing_is_told() -> None:
    subscription = make_subscription("securegroup")
    told = tell_breach(subscription=subscription, kind="software", detail="Games", on=MAY, at=noon(MAY))
    assert (told.breach, told.decision.covered) == (None, False)


# Row 15: stopped without notice.


def test_who_breaks_the_rules_is_ended_without_notice_and_gets_nothing_back() -> None:
    subscription = make_subscription("securegroup")
    stopped(subscription, "conduct", "end")
    ended = StateChange.objects.get(to_state="ended")
    assert (ended.reason, ended.nothing_back, ended.on) == ("conduct", True, MAY)
    assert clauses(ended) == {"AUP 8"}
    assert "because the rules of acceptable use were broken" in notice("termination").body


@pytest.mark.parametrize(
    ("vendor", "ground", "clause"),
    [
        ("ethicmail", "false_details", "2.12.1 (c)"),
        ("ethicmail", "insolvent", "2.12.1 (e)"),
        ("ethicmail", "guardian", "2.12.1 (i)"),
        ("securepacket", "conduct", "11"),
        ("securegroup_devices", "insolvent", "DEV 11.2"),
    ],
)
def test_each_contract_names_its_grounds(vendor: str, ground: str, clause: str) -> None:
    subscription = make_subscription(vendor)
    stopped(subscription, ground, "end")
    assert now(subscription).state == "ended"
    assert clause in clauses(StateChange.objects.get(to_state="ended"))


def test_what_only_suspends_ends_nothing() -> None:
    subscription = make_subscription("cryptopass")
    assert stopped(subscription, "unpaid", "end").answer.end is False
    assert now(subscription).state == "active"
    stopped(subscription, "unpaid", "suspend")
    assert now(subscription).state == "suspended"
    assert clauses(notice("suspension")) >= {"5.3"}


def test_fees_must_have_been_outstanding_for_thirty_days() -> None:
    subscription = make_subscription("secureflag")
    assert not stopped(subscription, "unpaid", "suspend", on=date(2026, 6, 2)).answer.suspend
    assert now(subscription).state == "active"
    stopped(subscription, "unpaid", "suspend", on=date(2026, 6, 3))
    assert now(subscription).state == "suspended"


def test_a_ground_that_the_contract_does_not_name_stops_nothing() -> None:
    subscription = make_subscription("securegroup")
    assert not stopped(subscription, "defamation", "end").covered
    assert now(subscription).state == "active"


# Row 84: support and what is overdue.


def test_support_stops_thirty_days_after_a_written_notice_of_what_is_overdue() -> None:
    subscription = make_subscription("secureflag", customer=make_customer(country="GB"))
    make_price()
    note_overdue(subscription=subscription, since=date(2026, 4, 30), on=MAY, at=noon(MAY))
    before = make_ticket(subscription=now(subscription), reported_at=noon(date(2026, 7, 1)))
    assert before.state == "open"
    tell_overdue(subscription=subscription, on=MAY, at=noon(MAY))
    tell_overdue(subscription=subscription, on=date(2026, 5, 6), at=noon(date(2026, 5, 6)))
    outbox.deliver(at=noon(MAY))
    assert "6.3" in clauses(notice("overdue"))
    last = make_ticket(subscription=now(subscription), reported_at=noon(date(2026, 6, 4)))
    first = make_ticket(subscription=now(subscription), reported_at=noon(date(2026, 6, 5)))
    assert (last.state, first.state, first.refused_for) == ("open", "refused", "overdue")
    assert {item["clause"] for item in first.who_because} == {"6.3"}


def test_the_day_tells_of_what_is_overdue_once_each_time_and_support_stops_thirty_days_after() -> None:
    subscription = make_subscription("secureflag", customer=make_customer(country="GB"))
    silent = make_subscription("securegroup", cycle_months=12)
    make_price(amount=Decimal(0))
    live(MAY)
    for one in (subscription, silent):
        note_overdue(subscription=one, since=date(2026, 4, 30), on=MAY, at=noon(MAY))
    for day in (5, 6, 7):
        live(date(2026, 5, day))
    told = notice("overdue")
    assert (told.subscription, told.written_on, clauses(told)) == (subscription, date(2026, 5, 5), {"6.3"})
    assert now(silent).overdue_told_on == date(2026, 5, 5), "its contract asks for no such notice"
    tell_overdue(subscription=subscription, on=date(2026, 5, 7), at=noon(date(2026, 5, 7)))
    assert Notice.objects.filter(kind="overdue").count() == 1
    asked = [make_ticket(subscription=now(subscription), reported_at=noon(date(2026, 6, day))) for day in (4, 5)]
    assert [one.state for one in asked] == ["open", "refused"]
    note_paid(subscription=subscription, on=date(2026, 5, 7), at=noon(date(2026, 5, 7)))
    note_overdue(subscription=subscription, since=date(2026, 5, 8), on=date(2026, 5, 8), at=noon(date(2026, 5, 8)))
    live(date(2026, 5, 8))
    days_told = Notice.objects.filter(kind="overdue").order_by("written_on").values_list("written_on", flat=True)
    assert list(days_told) == [date(2026, 5, 5), date(2026, 5, 8)]
    told_once = Subscription.objects.filter(pk=subscription.pk)
    must_be_refused("subscription_overdue_told|subscription_overdue_since", told_once, overdue_since=None)


def test_a_notice_that_came_back_stops_no_support() -> None:
    subscription = make_subscription("secureflag")
    with pytest.raises(NotPossible, match="nothing of subscription"):
        tell_overdue(subscription=subscription, on=MAY, at=noon(MAY))
    note_overdue(subscription=subscription, since=date(2026, 4, 30), on=MAY, at=noon(MAY))
    tell_overdue(subscription=subscription, on=MAY, at=noon(MAY))
    outbox.deliver(at=noon(MAY))
    Notice.objects.update(state="bounced")
    assert make_ticket(subscription=now(subscription), reported_at=noon(date(2026, 6, 5))).state == "open"
    assert Ticket.objects.count() == 1


# Row 85: the renewal's switch.


def test_a_renewal_is_switched_off_and_on_again_until_the_day_before() -> None:
    subscription = make_subscription("secureflag")
    make_price()
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    assert now(subscription).ends_on == date(2027, 2, 28)
    last = date(2027, 2, 27)
    decision = withdraw_notice(subscription=subscription, on=last, at=noon(last))
    assert decision.answer.allowed
    assert (now(subscription).ends_on, now(subscription).notice_on) == (None, None)
    kept = NoticeWithdrawal.objects.get()
    assert (kept.ends_on, kept.notice_on, kept.agreed) == (date(2027, 2, 28), date(2026, 5, 1), False)
    assert {"13.1", "13.2"} == clauses(kept)
    live(date(2027, 3, 1))
    assert Period.objects.get(state="open").period_start == date(2027, 3, 1)


def test_the_customer_is_told_of_the_renewal_seven_days_before() -> None:
    make_subscription("secureflag")
    make_price()
    live(date(2027, 2, 20))
    told = notice("renewal")
    # The 21st is a Sunday: to count as received by then it leaves on Friday.
    assert (told.due_on, told.written_on, told.state) == (date(2027, 2, 21), date(2027, 2, 19), "sent")
    assert {"13.2", "15.5"} <= clauses(told)


def test_who_cancels_keeps_access_to_the_end_and_no_fee_comes_back() -> None:
    subscription = make_subscription("secureflag")
    make_price(amount=Decimal(0))
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    live(date(2027, 2, 28))
    assert now(subscription).state == "active"
    live(date(2027, 3, 1))
    assert now(subscription).state == "ended"
    assert notice("invoice").obligation == f"invoice/period/{subscription.pk}/0"


def test_a_switch_on_the_renewal_date_comes_too_late() -> None:
    subscription = make_subscription("secureflag")
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    late = date(2027, 2, 28)
    assert not withdraw_notice(subscription=subscription, on=late, at=noon(late)).answer.allowed
    assert now(subscription).ends_on == late
    with pytest.raises(NotPossible, match="no notice of its customer's to stop"):
        withdraw_notice(subscription=subscription, on=date(2027, 3, 1), at=noon(date(2027, 3, 1)))


def test_where_the_contract_is_silent_a_notice_is_taken_back_only_with_the_vendors_consent() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    give_notice(subscription=subscription, notice_on=MAY, by="customer")
    assert not withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY)).covered
    assert now(subscription).ends_on == date(2027, 2, 28)
    withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY), agreed=True)
    assert (now(subscription).ends_on, NoticeWithdrawal.objects.get().agreed) == (None, True)


def test_what_else_ends_a_contract_stands_when_its_customers_notice_is_taken_back() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    give_notice(subscription=subscription, notice_on=date(2027, 2, 1), by="customer")
    ends_on = now(subscription).ends_on
    for later in (1, 2):
        make_end(subscription, date(2027, 3, 10 + later), reason="service_end", by="vendor")
    assert now(subscription).ends_on == ends_on == date(2027, 2, 28)
    withdraw_notice(subscription=subscription, on=date(2027, 2, 2), at=noon(date(2027, 2, 2)), agreed=True)
    contract = now(subscription)
    assert (contract.ends_on, contract.ends_reason, contract.notice_on) == (date(2027, 3, 11), "service_end", None)
    assert Period.objects.get().closes_on == date(2027, 2, 28)


def test_a_customer_takes_back_no_notice_of_the_vendors() -> None:
    subscription = make_subscription("securegroup", cycle_months=12)
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="vendor")
    give_notice(subscription=subscription, notice_on=date(2026, 5, 2), by="customer")
    withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY), agreed=True)
    contract = now(subscription)
    assert (contract.ends_on, contract.notice_on) == (date(2027, 2, 28), date(2026, 5, 1))
    with pytest.raises(NotPossible, match="no notice of its customer's"):
        withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY), agreed=True)


# The state machine with the days.


def test_a_contract_without_periods_ends_on_the_day_that_was_set() -> None:
    subscription = make_subscription("securepacket")
    because = [{"clause": "11", "says": "it may be ended"}]
    make_end(subscription, MAY, reason="service_end", by="vendor", because=because)
    live(MAY)
    assert now(subscription).state == "active"
    live(MAY + timedelta(days=1))
    ended = StateChange.objects.get(to_state="ended")
    assert (now(subscription).state, ended.reason, ended.because) == ("ended", "service_end", because)


def test_a_suspension_for_a_time_ends_by_itself() -> None:
    subscription = make_subscription("securepacket")
    suspend(subscription=subscription, reason="conduct", because=[], on=MAY, at=noon(MAY), until=date(2026, 5, 10))
    live(date(2026, 5, 10))
    assert now(subscription).state == "suspended"
    live(date(2026, 5, 11))
    assert now(subscription).state == "active"
