from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.jobs import states as jobs
from accounts.models import (
    TRANSITIONS,
    Notice,
    Period,
    Reason,
    StateChange,
    Subscription,
    Suspension,
)
from accounts.services import (
    NotPossible,
    confirm_payment,
    give_notice,
    note_overdue,
    note_paid,
    resume,
    suspend,
    terminate,
)
from accounts.services.states import Move, move_all
from tests.builders import NOON, make_end, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 4)
CLAUSES = [{"clause": "8", "says": "it may be suspended at once"}]


def at(day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def suspended(subscription: Subscription, reason: Reason = Reason.CONDUCT, **more: Any) -> Suspension:
    given = {"reason": reason, "because": CLAUSES, "on": DAY, "at": at(), **more}
    return suspend(subscription=subscription, **given)


def history() -> list[tuple[str, str, str]]:
    return list(StateChange.objects.order_by("id").values_list("from_state", "to_state", "reason"))


def state(subscription: Subscription) -> str:
    return Subscription.objects.get(pk=subscription.pk).state


def test_an_order_and_its_beginning_are_the_first_of_its_history() -> None:
    waiting = make_subscription("ethicmail", payment_confirmed_on=None)
    confirm_payment(subscription=waiting, on=DAY, at=at())
    assert history() == [("", "pending", "ordered"), ("pending", "active", "began")]
    first, begun = StateChange.objects.order_by("id")
    assert (first.on, begun.on, begun.sheet) == (date(2026, 3, 1), DAY, waiting.sheet)
    assert {item["clause"] for item in begun.because} == {"2.2.1"}


def test_who_is_suspended_is_told_why_and_for_how_long() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription, until=date(2026, 5, 18))
    assert state(subscription) == "suspended"
    change = StateChange.objects.get(to_state="suspended")
    assert (change.from_state, change.reason, change.on, change.because) == ("active", "conduct", DAY, CLAUSES)
    notice = Notice.objects.get()
    assert (notice.kind, notice.obligation) == ("suspension", f"suspension/{subscription.pk}/1")
    assert "is suspended from 4 May 2026 on, until 18 May 2026" in notice.body
    assert "because the rules of acceptable use were broken" in notice.body
    assert "Its fees run on meanwhile." in notice.body
    assert "- 8: it may be suspended at once." in notice.body


def test_who_is_suspended_again_on_the_same_day_is_told_again() -> None:
    subscription = make_subscription("securegroup")
    for _ in range(2):
        suspended(subscription)
        resume(subscription=subscription, on=DAY, at=at())
    kinds = Notice.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["suspension", "resumption"] * 2


def test_a_suspension_without_a_last_day_lasts_until_it_is_put_right() -> None:
    suspended(make_subscription("securegroup"))
    assert "until what it is suspended for is put right" in Notice.objects.get().body


def test_a_suspended_contract_renews_and_can_be_given_notice_for() -> None:
    subscription = make_subscription()
    suspended(subscription)
    assert Period.objects.to_invoice().count() == 1
    assert give_notice(subscription=subscription, notice_on=DAY, by="customer").answer.ends_on == date(2027, 2, 28)
    assert list(Subscription.objects.running()) == [subscription]


def test_it_is_served_again_when_the_last_of_its_suspensions_is_lifted() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription)
    suspended(subscription, Reason.UNPAID)
    assert resume(subscription=subscription, on=DAY, at=at(), reason="unpaid").state == "suspended"
    assert not Notice.objects.filter(kind="resumption").exists()
    assert resume(subscription=subscription, on=DAY, at=at()).state == "active"
    assert history()[1:] == [("active", "suspended", "conduct"), ("suspended", "active", "lifted")]
    assert "is served again from 4 May 2026 on" in Notice.objects.get(kind="resumption").body
    assert set(Suspension.objects.values_list("lifted_on", flat=True)) == {DAY}


def test_the_same_ground_suspends_once() -> None:
    subscription = make_subscription("securegroup")
    assert suspended(subscription) == suspended(subscription, until=date(2026, 6, 1))
    assert (Suspension.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_suspension_for_a_time_ends_on_the_day_after_its_last() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription, until=date(2026, 5, 18))
    for day, expected in ((date(2026, 5, 18), "suspended"), (date(2026, 5, 19), "active")):
        jobs.end_suspensions("securegroup", day, at(day))
        assert state(subscription) == expected
    assert StateChange.objects.latest("id").reason == "time_over"
    assert jobs.suspensions_to_end({"securegroup": date(2027, 1, 1)}) == {}


def test_the_days_job_passes_over_what_lasts_and_over_other_vendors() -> None:
    suspended(make_subscription("securegroup"))
    suspended(make_subscription("ethicmail"), until=DAY)
    assert jobs.end_suspensions("securegroup", date(2027, 1, 1), NOON) == 0
    assert jobs.suspensions_to_end({"securegroup": DAY, "ethicmail": DAY + timedelta(days=1)}) == {"ethicmail": 1}


def test_what_is_overdue_makes_it_past_due_until_it_is_paid() -> None:
    subscription = make_subscription()
    assert note_overdue(subscription=subscription, since=date(2026, 5, 1), on=DAY, at=at()).state == "past_due"
    again = note_overdue(subscription=subscription, since=DAY, on=DAY, at=at())
    assert (again.state, again.overdue_since) == ("past_due", date(2026, 5, 1))
    paid = note_paid(subscription=subscription, on=DAY, at=at())
    assert (paid.state, paid.overdue_since) == ("active", None)
    assert history()[1:] == [("active", "past_due", "overdue"), ("past_due", "active", "paid")]
    assert note_paid(subscription=subscription, on=DAY, at=at()).state == "active"


def test_payment_lifts_the_suspension_for_want_of_it_and_no_other() -> None:
    subscription = make_subscription("securegroup")
    note_overdue(subscription=subscription, since=DAY, on=DAY, at=at())
    suspended(subscription, Reason.UNPAID)
    suspended(subscription, Reason.CONDUCT)
    assert note_paid(subscription=subscription, on=DAY, at=at()).state == "suspended"
    assert list(Suspension.objects.lasting().values_list("reason", flat=True)) == ["conduct"]


def test_payment_alone_serves_who_was_suspended_for_want_of_it() -> None:
    subscription = make_subscription("securegroup")
    note_overdue(subscription=subscription, since=DAY, on=DAY, at=at())
    suspended(subscription, Reason.UNPAID)
    assert note_paid(subscription=subscription, on=DAY, at=at()).state == "active"
    assert StateChange.objects.latest("id").reason == "paid"


def test_who_still_owes_is_past_due_after_a_suspension() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription)
    assert note_overdue(subscription=subscription, since=DAY, on=DAY, at=at()).state == "suspended"
    assert resume(subscription=subscription, on=DAY, at=at()).state == "past_due"


def test_payment_while_suspended_for_something_else_is_remembered() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription)
    note_overdue(subscription=subscription, since=DAY, on=DAY, at=at())
    assert note_paid(subscription=subscription, on=DAY, at=at()).state == "suspended"
    assert resume(subscription=subscription, on=DAY, at=at()).state == "active"


def test_a_contract_ends_at_once_with_its_period_and_its_suspensions() -> None:
    subscription = make_subscription("secureflag")
    suspended(subscription)
    ended = terminate(subscription=subscription, reason=Reason.CONDUCT, because=CLAUSES, on=DAY, at=at())
    assert (ended.state, ended.ends_on, ended.ends_because, ended.ends_reason) == ("ended", DAY, CLAUSES, "conduct")
    assert Subscription.objects.values_list("state", "ends_on").get() == ("ended", DAY)
    assert Period.objects.values_list("state", "closes_on").get() == ("ended", DAY)
    assert not Suspension.objects.lasting().exists()
    notice = Notice.objects.get(kind="termination")
    assert notice.obligation == f"termination/{subscription.pk}"
    assert "has ended, because the rules of acceptable use were broken; 4 May 2026 was its last day" in notice.body


@pytest.mark.parametrize(
    "changes", [{"vendor": "ethicmail", "payment_confirmed_on": None}, {"agreed_start": date(2026, 6, 1)}]
)
def test_what_had_not_begun_is_void(changes: dict[str, Any]) -> None:
    subscription = make_subscription(**changes)
    assert terminate(subscription=subscription, reason="withdrawn", because=[], on=DAY, at=at()).state == "void"


def test_an_end_that_is_planned_is_never_put_off() -> None:
    subscription = make_subscription("securegroup")
    for ends_on, last_day in (
        (date(2026, 6, 15), date(2026, 6, 15)),
        (date(2026, 7, 15), date(2026, 6, 15)),
        (date(2026, 3, 20), date(2026, 3, 20)),
    ):
        make_end(subscription, ends_on, reason=Reason.SERVICE_END, because=CLAUSES)
        assert (subscription.ends_on, subscription.ends_because) == (last_day, CLAUSES)
    assert Period.objects.get().closes_on == date(2026, 3, 20)


def test_what_is_over_stays_over() -> None:
    subscription = make_subscription("securegroup")
    terminate(subscription=subscription, reason="conduct", because=CLAUSES, on=DAY, at=at())
    many: dict[str, Any] = {"subscription": subscription, "on": DAY, "at": at()}
    with pytest.raises(NotPossible, match="is ended and cannot become ended"):
        terminate(**many, reason="conduct", because=CLAUSES)
    with pytest.raises(NotPossible, match="nothing to suspend"):
        suspend(**many, reason="conduct", because=CLAUSES)
    with pytest.raises(NotPossible, match="not suspended"):
        resume(**many)
    with pytest.raises(NotPossible, match="nothing of it is past due"):
        note_overdue(**many, since=DAY)
    with pytest.raises(NotPossible, match="nothing to end"):
        make_end(subscription, DAY)
    assert note_paid(**many).state == "ended"


def test_a_suspension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValidationError):
        suspended(make_subscription("securegroup"), until=date(2026, 5, 3))
    assert not StateChange.objects.filter(to_state="suspended").exists()


def test_a_move_from_a_state_that_is_no_more_moves_nothing() -> None:
    stale, other = make_subscription("securegroup"), make_subscription("securegroup")
    suspended(stale)
    moves = [Move(one, "past_due", Reason.OVERDUE, []) for one in (other, stale)]
    with pytest.raises(NotPossible, match="not active any more"):
        move_all(moves, on=DAY, at=at(), columns={"overdue_since": DAY})
    assert state(other) == "active"


@pytest.mark.parametrize("old", TRANSITIONS)
def test_the_database_keeps_to_the_table_of_moves(old: str) -> None:
    make_subscription("securegroup")
    rows = StateChange.objects.all()
    for new in ("pending", "active", "past_due", "suspended", "ended", "void", "lost"):
        if new not in TRANSITIONS[old]:
            must_be_refused("state_change_allowed", rows, from_state=old, to_state=new)


def test_what_the_database_refuses_of_a_history() -> None:
    subscription = make_subscription("securegroup")
    terminate(subscription=subscription, reason="conduct", because=CLAUSES, on=DAY, at=at())
    must_be_refused("state_change_reason", StateChange.objects.all(), reason="whim")
    unique = "subscription_(begins|ends)_once|UNIQUE constraint failed: accounts_statechange.subscription_id"
    must_be_refused(unique, StateChange.objects.all(), from_state="", to_state="active")
    must_be_refused(unique, StateChange.objects.all(), from_state="active", to_state="ended")


def test_what_the_database_refuses_of_a_suspension() -> None:
    subscription = make_subscription("securegroup")
    suspended(subscription)
    suspended(subscription, Reason.UNPAID)
    rows = Suspension.objects.all()
    must_be_refused("suspension_reason", rows, reason="whim")
    must_be_refused("suspension_ends_after", rows, until_on=date(2026, 1, 1))
    must_be_refused("one_suspension_per_reason|UNIQUE constraint failed", rows, reason="breach")
