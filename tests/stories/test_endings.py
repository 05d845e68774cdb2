"""How contracts end, and what becomes of the data, from the event to the record with its clause."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from accounts.models import (
    DataStep,
    Disposal,
    EndRequest,
    Licence,
    Notice,
    Period,
    SeatChange,
    StateChange,
    Subscription,
    Succession,
)
from accounts.policy.amendment import AmendmentFacts, decide_amendment
from accounts.policy.disposition import RestoreFacts, decide_data_restore
from accounts.services import (
    NotPossible,
    assign_licence,
    end_after_merger,
    exclude_from_backups,
    give_notice,
    give_up_seats,
    note_succession,
    request_end,
    tell_end_complete,
)
from accounts.services.data_steps import confirm, instruct
from backoffice import clocks, outbox
from tests.builders import make_administrator, make_end_user, make_price, make_subscription
from tests.stories.living import MAY, clauses, live, noon, notice, now, stopped

pytestmark = pytest.mark.django_db


def steps() -> dict[str, tuple[date, str]]:
    return {step.kind: (step.due_on, step.state) for step in DataStep.objects.all()}


# Row 16: what becomes of the data.


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
    make_price("ethicmail", cycle_months=1, amount=Decimal(0))
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
    make_price("cryptopass", cycle_months=1, currency="EUR", amount=Decimal(0))
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
