"""How a contract lives and ends, from the event to the notice or the record with its clause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import (
    Breach,
    DataStep,
    Disposal,
    EndRequest,
    Licence,
    Notice,
    NoticeWithdrawal,
    Period,
    SeatChange,
    StateChange,
    Subscription,
    Succession,
    Ticket,
)
from accounts.policy.amendment import AmendmentFacts, decide_amendment
from accounts.policy.disposition import RestoreFacts, decide_data_restore
from accounts.services import (
    NotPossible,
    assign_licence,
    end_after_merger,
    end_over,
    exclude_from_backups,
    give_notice,
    give_up_seats,
    note_overdue,
    note_succession,
    plan_end,
    put_right,
    request_end,
    stop_at_once,
    suspend,
    suspend_over,
    tell_breach,
    tell_end_complete,
    tell_overdue,
    withdraw_notice,
)
from accounts.services.data_steps import confirm, instruct
from backoffice import clocks, days, outbox
from tests.builders import make_administrator, make_customer, make_end_user, make_price, make_subscription, make_ticket

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live(until: date) -> None:
    """Lives through the days until one, that day included."""
    at = noon(until)
    assert days.catch_up(at=at) == {}
    clocks.poll(at=at)
    outbox.deliver(at=at)


def clauses(row: Any) -> set[str]:
    return {item["clause"] for item in row.because}


def now(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def notice(kind: str) -> Notice:
    return Notice.objects.get(kind=kind)


MAY = date(2026, 5, 4)


# Row 14: breaches.


def breach_of(subscription: Subscription, kind: Any = "material", **more: Any) -> Breach:
    given = {"detail": "The service is sold on without a licence.", "on": MAY, "at": noon(MAY), **more}
    told = tell_breach(subscription=subscription, kind=kind, **given)
    assert told.breach is not None
    return told.breach


def test_a_breach_is_told_with_its_detail_and_ends_the_contract_when_it_is_not_put_right() -> None:
    subscription = make_subscription("secureflag", customer=make_customer(country="GB"))
    make_price()
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


def stopped(subscription: Subscription, ground: Any, how: Any, on: date = MAY, since: date = MAY) -> Any:
    return stop_at_once(subscription=subscription, ground=ground, since=since, how=how, on=on, at=noon(on))


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


def test_fees_run_on_while_a_service_is_suspended() -> None:
    subscription = make_subscription("ethicmail")
    make_price("ethicmail", cycle_months=1)
    stopped(subscription, "conduct", "suspend")
    live(date(2026, 6, 2))
    assert now(subscription).state == "suspended"
    assert Notice.objects.filter(kind="invoice").count() == 3
    assert Period.objects.filter(state="open").get().period_start == date(2026, 6, 1)


# Row 16: what becomes of the data.


def steps() -> dict[str, tuple[date, str]]:
    return {step.kind: (step.due_on, step.state) for step in DataStep.objects.all()}


def test_an_ended_account_is_closed_and_its_data_can_be_moved_for_a_while() -> None:
    subscription = make_subscription("securegroup")
    make_price("securegroup", cycle_months=1)
    give_notice(subscription=subscription, notice_on=date(2026, 3, 10), by="customer")
    live(date(2026, 4, 1))
    told = notice("termination")
    assert "Move whatever you want to keep by 15 April 2026" in told.body
    assert "messages are not forwarded" in told.body
    assert "nothing is restored or handed over" in told.body
    assert {"SLA 1.8", "TOS 9"} <= clauses(told)
    assert steps() == {
        "close": (date(2026, 4, 1), "due"),
        "migration": (date(2026, 4, 15), "waiting"),
        "delete": (date(2026, 4, 16), "waiting"),
        "backups": (date(2026, 5, 1), "waiting"),
    }
    make_subscription("securegroup")
    live(date(2026, 5, 1))
    assert {kind: state for kind, (_, state) in steps().items()} == {
        "close": "due",
        "migration": "done",
        "delete": "due",
        "backups": "due",
    }


def test_after_abuse_there_is_no_time_to_move_data() -> None:
    stopped(make_subscription("securegroup"), "conduct", "end")
    assert "Move whatever" not in notice("termination").body
    assert {kind: day for kind, (day, _) in steps().items()} == {
        "close": date(2026, 5, 5),
        "delete": date(2026, 5, 5),
        "backups": date(2026, 5, 20),
    }


def test_a_deletion_is_instructed_through_the_one_way_out_and_confirmed() -> None:
    stopped(make_subscription("securegroup"), "conduct", "end")
    make_subscription("securegroup")
    make_price("securegroup", cycle_months=1)
    step = DataStep.objects.get(kind="delete")
    with pytest.raises(NotPossible, match="to come"):
        instruct(step=step, on=MAY, at=noon(MAY))
    live(date(2026, 5, 5))
    instruct(step=step, on=date(2026, 5, 6), at=noon(date(2026, 5, 6)))
    gone = Disposal.objects.get()
    assert (gone.kind, gone.counts, gone.vendor) == ("contract_end", {"vendor.delete": 1}, "securegroup")
    assert "SLA 1.8" in clauses(gone)
    assert confirm(step=step, on=date(2026, 5, 8)).done_on == date(2026, 5, 8)
    with pytest.raises(NotPossible, match="is done"):
        confirm(step=step, on=date(2026, 5, 8))


def test_users_are_disconnected_at_the_end() -> None:
    subscription = make_subscription("cryptopass")
    make_price("cryptopass", cycle_months=1, plan="Team", currency="EUR")
    make_administrator(subscription)
    licence, holder = subscription.licences.get(), make_end_user(subscription.customer)
    assign_licence(licence=licence, holder=holder, asked_by="ada@example.com", on=date(2026, 3, 2))
    give_notice(subscription=subscription, notice_on=date(2026, 3, 10), by="customer")
    live(date(2026, 4, 1))
    assert Licence.objects.get().holder is None
    assert licence.assignments.get().until_on == date(2026, 4, 1)
    assert "4.2" in clauses(DataStep.objects.get(kind="disconnect"))


def test_each_step_of_a_contract_is_planned_once() -> None:
    stopped(make_subscription("securegroup"), "conduct", "end")
    step = DataStep.objects.get(kind="delete")
    DataStep.objects.bulk_create([DataStep(**{f.attname: getattr(step, f.attname) for f in step._meta.fields if f.name != "id"})], ignore_conflicts=True)  # fmt: skip
    assert DataStep.objects.filter(kind="delete").count() == 1


# Row 38: backups.


def test_space_is_left_out_of_the_backups_on_request() -> None:
    subscription = make_subscription("ethicmail")
    decision = exclude_from_backups(subscription=subscription, on=MAY, at=noon(MAY))
    exclude_from_backups(subscription=subscription, on=date(2026, 5, 6), at=noon(date(2026, 5, 6)))
    step = DataStep.objects.get()
    assert (step.kind, step.state, step.due_on) == ("exclusion", "due", MAY)
    assert "6.4" in clauses(step) & clauses(decision)
    instruct(step=step, on=MAY, at=noon(MAY))
    assert not Disposal.objects.exists()


def test_where_no_exclusion_is_offered_none_is_noted() -> None:
    exclude_from_backups(subscription=make_subscription("securegroup"), on=MAY, at=noon(MAY))
    assert not DataStep.objects.exists()


def test_backups_of_an_ended_contract_go_when_their_age_is_reached() -> None:
    stopped(make_subscription("securegroup"), "conduct", "end")
    step = DataStep.objects.get(kind="backups")
    assert step.due_on == date(2026, 5, 20)
    assert "SLA 2.2" in clauses(step)


@pytest.mark.parametrize(
    ("data", "days_kept", "clause"),
    [("exchange_backup", 7, "SLA 3.2"), ("deleted_items", 7, "SLA 3.4"), ("backup", 15, "SLA 2.2")],
)
def test_what_was_deleted_is_kept_for_so_many_days(data: Any, days_kept: int, clause: str) -> None:
    terms = make_subscription("securegroup").terms
    last = MAY + timedelta(days=days_kept)
    kept = decide_data_restore(terms, RestoreFacts(data=data, deleted_on=MAY, on=last, excluded=False))
    gone = decide_data_restore(
        terms, RestoreFacts(data=data, deleted_on=MAY, on=last + timedelta(days=1), excluded=False)
    )
    assert (kept.answer.kept_until, clause in clauses(kept)) == (last, True)
    assert (kept.answer.possible, gone.answer.possible) == (data != "backup", False)


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
    make_price()
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    live(date(2027, 2, 28))
    assert now(subscription).state == "active"
    live(date(2027, 3, 1))
    assert now(subscription).state == "ended"
    assert not Notice.objects.filter(kind="invoice").exists()


def test_a_switch_on_the_renewal_date_comes_too_late() -> None:
    subscription = make_subscription("secureflag")
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    late = date(2027, 2, 28)
    assert not withdraw_notice(subscription=subscription, on=late, at=noon(late)).answer.allowed
    assert now(subscription).ends_on == late
    with pytest.raises(NotPossible, match="no notice to stop that could be taken back"):
        withdraw_notice(subscription=subscription, on=date(2027, 3, 1), at=noon(date(2027, 3, 1)))


def test_where_the_contract_is_silent_a_notice_is_taken_back_only_with_the_vendors_consent() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    give_notice(subscription=subscription, notice_on=MAY, by="customer")
    assert not withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY)).covered
    assert now(subscription).ends_on == date(2027, 2, 28)
    withdraw_notice(subscription=subscription, on=MAY, at=noon(MAY), agreed=True)
    assert (now(subscription).ends_on, NoticeWithdrawal.objects.get().agreed) == (None, True)


# Row 104: death and merger.


def succeeded(subscription: Subscription, event: Any, in_writing: bool = True) -> Any:
    return note_succession(subscription=subscription, event=event, in_writing=in_writing, on=MAY, at=noon(MAY))


def test_a_death_ends_the_contract_and_deletes_its_data() -> None:
    subscription = make_subscription("ethicmail")
    succeeded(subscription, "death")
    assert (now(subscription).state, now(subscription).ends_on) == ("ended", MAY)
    assert StateChange.objects.get(to_state="ended").reason == "death"
    assert steps() == {"delete": (date(2026, 5, 5), "waiting"), "backups": (date(2026, 5, 12), "waiting")}
    assert "2.10.1" in clauses(DataStep.objects.get(kind="delete"))


def test_after_a_merger_the_vendor_may_end_the_contract_for_fourteen_days() -> None:
    ended, passed_on = make_subscription("ethicmail"), make_subscription("ethicmail")
    make_price("ethicmail", cycle_months=1)
    for subscription in (ended, passed_on):
        succeeded(subscription, "merger")
    last = date(2026, 5, 18)
    live(last)
    end_after_merger(succession=Succession.objects.get(subscription=ended), on=last, at=noon(last))
    live(date(2026, 5, 19))
    assert (now(ended).state, now(passed_on).state) == ("ended", "active")
    open_still = Succession.objects.get(subscription=passed_on)
    assert open_still.state == "passed_on"
    assert "2.10.2" in clauses(open_still)
    with pytest.raises(NotPossible, match="cannot be ended over the merger"):
        end_after_merger(succession=open_still, on=date(2026, 5, 19), at=noon(date(2026, 5, 19)))


def test_a_merger_that_was_not_told_in_writing_begins_no_time() -> None:
    subscription = make_subscription("ethicmail")
    assert not succeeded(subscription, "merger", in_writing=False).answer.told_well
    assert Succession.objects.get().state == "void"
    succeeded(subscription, "merger")
    succeeded(subscription, "merger")
    assert Succession.objects.exclude(state="void").get().may_end_until == date(2026, 5, 18)


def test_where_the_contract_is_silent_on_death_nothing_ends() -> None:
    subscription = make_subscription("secureflag")
    assert not succeeded(subscription, "death").covered
    assert now(subscription).state == "active"


# Row 106: complete when it is told.


def test_an_end_that_was_asked_for_is_complete_when_its_notice_is_sent() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    request_end(subscription=subscription, on=MAY, at=noon(MAY))
    request_end(subscription=subscription, on=date(2026, 5, 6), at=noon(date(2026, 5, 6)))
    request = EndRequest.objects.get()
    assert (request.asked_on, now(subscription).state, now(subscription).ends_on) == (MAY, "active", None)
    done = date(2026, 5, 8)
    tell_end_complete(request=request, on=done, at=noon(done))
    assert now(subscription).state == "active"
    sent = date(2026, 5, 11)
    outbox.deliver(at=noon(sent))
    clocks.poll(at=noon(sent))
    assert (now(subscription).state, now(subscription).ends_on) == ("ended", sent)
    assert EndRequest.objects.get().ended_on == sent
    assert "2.11.1" in clauses(StateChange.objects.get(to_state="ended"))
    assert (Notice.objects.filter(kind="termination").count(), len(mail.outbox)) == (1, 1)
    with pytest.raises(NotPossible, match="told already"):
        tell_end_complete(request=request, on=sent, at=noon(sent))


def test_where_ends_need_no_completion_none_is_asked_for() -> None:
    assert not request_end(subscription=make_subscription("secureflag"), on=MAY, at=noon(MAY)).covered
    assert not EndRequest.objects.exists()


# The state machine with the days.


def test_a_contract_without_periods_ends_on_the_day_that_was_set() -> None:
    subscription = make_subscription("securepacket")
    because = [{"clause": "11", "says": "it may be ended"}]
    plan_end(subscription=subscription, reason="service_end", because=because, ends_on=MAY)
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


# Traps.


def given_up(subscription: Subscription, number: int, on: date) -> SeatChange:
    give_up_seats(subscription=subscription, numbers=[number], asked_by="ada@example.com", on=on, at=noon(on))
    return SeatChange.objects.latest("id")


def test_trap_6_with_commitment_a_user_leaves_on_a_months_notice_and_all_on_fifteen_days() -> None:
    subscription = make_subscription("cryptopass", commitment=True, quantity=3)
    make_administrator(subscription)
    assert given_up(subscription, 3, date(2027, 1, 28)).effective_on == date(2027, 3, 1)
    assert given_up(subscription, 2, date(2027, 1, 29)).effective_on == date(2028, 3, 1)
    in_time = give_notice(subscription=subscription, notice_on=date(2027, 2, 13), by="customer").answer
    assert (in_time.ends_on, in_time.in_time) == (date(2027, 2, 28), True)
    other = make_subscription("cryptopass", commitment=True)
    late = give_notice(subscription=other, notice_on=date(2027, 2, 14), by="customer").answer
    assert (late.ends_on, late.in_time) == (date(2028, 2, 29), False)


def test_trap_6_by_the_month_the_days_count_to_different_ends() -> None:
    subscription = make_subscription("cryptopass", quantity=2)
    make_administrator(subscription)
    # Fifteen days to the first of the month for a user, to its last day for all of them, thirty for the vendor.
    assert given_up(subscription, 2, date(2026, 3, 17)).effective_on == date(2026, 4, 1)
    of_all = make_subscription("cryptopass")
    too_late = give_notice(subscription=of_all, notice_on=date(2026, 3, 17), by="customer").answer
    assert too_late.ends_on == date(2026, 4, 30)
    of_all = make_subscription("cryptopass")
    assert give_notice(subscription=of_all, notice_on=date(2026, 3, 16), by="customer").answer.ends_on == date(
        2026, 3, 31
    )
    by_vendor = make_subscription("cryptopass")
    assert give_notice(subscription=by_vendor, notice_on=date(2026, 3, 2), by="vendor").answer.ends_on == date(
        2026, 4, 30
    )


def test_trap_6_an_order_on_the_twentieth_has_missed_its_first_deadline() -> None:
    subscription = make_subscription("cryptopass", accepted_on=date(2026, 3, 20))
    make_price("cryptopass", cycle_months=1, currency="EUR")
    give_notice(subscription=subscription, notice_on=date(2026, 3, 20), by="customer")
    live(date(2026, 4, 30))
    assert now(subscription).state == "active"
    live(date(2026, 5, 1))
    assert (now(subscription).state, now(subscription).ends_on) == ("ended", date(2026, 4, 30))
    assert "4.1.1" in clauses(StateChange.objects.get(to_state="ended"))


def test_trap_3_an_end_that_was_asked_for_is_neither_at_the_request_nor_at_the_end_of_the_period() -> None:
    subscription = make_subscription("ethicmail", cycle_months=12)
    request_end(subscription=subscription, on=date(2026, 5, 20), at=noon(date(2026, 5, 20)))
    done = date(2026, 5, 29)
    tell_end_complete(request=EndRequest.objects.get(), on=done, at=noon(done))
    live(done)
    live(date(2026, 5, 30))
    assert now(subscription).ends_on == done
    period = Period.objects.get()
    assert (period.state, period.closes_on, period.period_end) == ("ended", done, date(2027, 2, 28))


def test_trap_7_the_days_of_a_month_at_whose_end_one_may_leave() -> None:
    subscription = make_subscription("securegroup")
    period = Period.objects.get()
    assert (period.period_end, period.non_renewal_by) == (date(2026, 3, 31), date(2026, 3, 21))
    # Charged seven days before it is due.
    assert (period.due_on, period.invoice_on) == (date(2026, 4, 1), date(2026, 3, 25))
    late = give_notice(subscription=subscription, notice_on=date(2026, 3, 22), by="customer").answer
    assert (late.ends_on, late.in_time) == (date(2026, 4, 30), False)


def test_trap_6_a_new_price_binds_the_orders_from_the_ninety_first_day_on() -> None:
    terms = make_subscription("cryptopass", commitment=True).terms
    facts = AmendmentFacts(
        subject="price",
        published_on=date(2026, 3, 1),
        emergency=False,
        material=True,
        exempt=False,
        period_end=None,
        old_price=None,
        new_price=None,
    )
    decision = decide_amendment(terms, facts)
    assert decision.answer.effective_on == date(2026, 3, 1) + timedelta(days=91)
    assert "5.1" in clauses(decision)
