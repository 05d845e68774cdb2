"""What staff do with contracts on their pages: shown with its why before it is confirmed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import Breach, DataStep, EndRequest, Notice, NoticeWithdrawal, Subscription, Succession
from accounts.services import note_overdue, note_succession, request_end, tell_breach
from tests import people
from tests.accounts.acts import ask, do, mark, now, page, words
from tests.builders import make_subscription

pytestmark = pytest.mark.django_db


SINCE = "2026-05-04"


def test_a_stop_is_shown_with_its_clause_before_anything_happens() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    stop = {"how": "end", "ground": "conduct", "since": SINCE}
    told = ask(client, subscription, "stop", **stop)
    assert "The service may be suspended and the contract ended without notice" in told
    assert "AUP 8" in told
    assert "State: active becomes <strong>ended</strong>" in told
    assert "A letter leaves: <strong>Your subscription to Team has ended</strong>" in told
    assert (now(subscription).state, Notice.objects.count(), DataStep.objects.count()) == ("active", 0, 0)
    do(client, subscription, "stop", **stop)
    assert now(subscription).state == "ended"
    assert LogEntry.objects.get().change_message == "Suspend or end at once"


def test_what_the_contract_refuses_cannot_be_confirmed() -> None:
    subscription, client = make_subscription("cryptopass"), people.owner()
    told = ask(client, subscription, "stop", how="end", ground="unpaid", since=SINCE)
    assert "but the contract not ended" in told
    assert "Nothing would change." in told and 'name="confirm"' not in told
    answered = client.post(
        page(subscription, "stop"), {"how": "end", "ground": "unpaid", "since": SINCE, "confirm": "1"}
    )
    assert answered.status_code == 200
    assert now(subscription).state == "active"


def test_what_was_not_read_is_not_done() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    suspend = {"how": "suspend", "ground": "conduct", "since": SINCE}
    read = mark(client.post(page(subscription, "stop"), suspend))
    ended = client.post(page(subscription, "stop"), {**suspend, "how": "end", "confirm": read})
    assert "This has changed since you looked. Please read it again." in words(ended)
    assert mark(ended) not in ("", read)
    forged = client.post(page(subscription, "stop"), {**suspend, "confirm": "1"})
    assert mark(forged) == read
    assert now(subscription).state == "active"


def test_a_contract_is_suspended_and_served_again() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    do(client, subscription, "stop", how="suspend", ground="conduct", since=SINCE)
    assert now(subscription).state == "suspended"
    text = words(client.get(f"/admin/accounts/subscription/{subscription.pk}/change/"))
    assert "Serve it again" in text and "the rules of acceptable use were broken" in text
    assert "becomes <strong>active</strong>" in ask(client, subscription, "resume", reason="")
    do(client, subscription, "resume", reason="conduct")
    assert now(subscription).state == "active"


def test_a_renewal_is_switched_off_and_on() -> None:
    start = timezone.now().date() - timedelta(days=10)
    subscription, client = make_subscription("secureflag", accepted_on=start), people.owner()
    assert "The service ends on" in ask(client, subscription, "notice", by="customer")
    do(client, subscription, "notice", by="customer")
    assert now(subscription).ends_on is not None
    assert "The notice may be taken back, until" in ask(client, subscription, "withdraw")
    do(client, subscription, "withdraw")
    assert (now(subscription).ends_on, NoticeWithdrawal.objects.count()) == (None, 1)


def test_a_breach_is_told_settled_and_ends_the_contract() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    told = ask(client, subscription, "breach", kind="material", detail="", remediable="on")
    assert "The notice does not count" in told
    assert "the contract may be ended" not in told
    do(client, subscription, "breach", kind="material", detail="Sold on.", remediable="on")
    breach = Breach.objects.get()
    assert "there is still time" in ask(client, breach, "end")
    do(client, breach, "put-right")
    assert now(breach).state == "put_right"
    assert client.get(page(breach, "end")).status_code == 404
    old = make_subscription("securegroup")
    tell_breach(subscription=old, kind="payment", detail="Unpaid", on=date(2026, 5, 4), at=timezone.now())
    unpaid = Breach.objects.get(kind="payment")
    do(client, unpaid, "suspend")
    assert now(old).state == "suspended"
    do(client, unpaid, "end")
    assert now(old).state == "ended"
    for one in (breach, unpaid):
        assert "TOS 8" in words(client.get(f"/admin/accounts/breach/{one.pk}/change/"))


def test_what_is_overdue_is_told() -> None:
    subscription, client = make_subscription("secureflag"), people.owner()
    assert client.get(page(subscription, "overdue")).status_code == 404
    day = timezone.now().date()
    note_overdue(subscription=subscription, since=day - timedelta(days=3), on=day, at=timezone.now())
    assert "A payment for Team is overdue" in ask(client, subscription, "overdue")
    do(client, subscription, "overdue")
    assert Notice.objects.get().kind == "overdue"


def test_an_end_that_was_asked_for_is_told_complete() -> None:
    subscription, client = make_subscription("ethicmail"), people.owner()
    assert "It is not complete yet." in ask(client, subscription, "request")
    do(client, subscription, "request")
    request = EndRequest.objects.get()
    assert "2.11.1" in words(client.get(f"/admin/accounts/endrequest/{request.pk}/change/"))
    do(client, request, "complete")
    assert EndRequest.objects.get().notice is not None


def test_a_merger_is_noted_and_the_contract_ended_over_it() -> None:
    subscription, client = make_subscription("ethicmail"), people.owner()
    do(client, subscription, "succession", event="merger", in_writing="on")
    merger = Succession.objects.get()
    assert "2.10.2" in words(client.get(f"/admin/accounts/succession/{merger.pk}/change/"))
    do(client, merger, "end")
    assert now(subscription).state == "ended"


def test_a_space_is_left_out_of_the_backups_instructed_and_confirmed() -> None:
    subscription, client = make_subscription("ethicmail"), people.owner()
    assert "It is gone, because it was excluded from the backups." in ask(client, subscription, "exclude")
    do(client, subscription, "exclude")
    step = DataStep.objects.get()
    do(client, step, "instruct")
    do(client, step, "confirm")
    assert now(step).state == "done"
    text = words(client.get(f"/admin/accounts/datastep/{step.pk}/change/"))
    assert "6.4" in text and "Nothing now." in text


def test_who_may_not_change_contracts_may_do_nothing_with_them() -> None:
    subscription, client = make_subscription("securegroup"), people.clerk()
    assert client.get(page(subscription, "stop")).status_code == 403
    assert client.post(page(subscription, "stop"), {"confirm": "1"}).status_code == 403
    assert people.owner().get(page(subscription, "nothing")).status_code == 404
    assert people.owner().get("/admin/accounts/subscription/999999/act/stop/").status_code == 404


def test_what_is_not_possible_is_said_on_the_form() -> None:
    subscription, client = make_subscription("securegroup"), people.owner()
    Subscription.objects.filter(pk=subscription.pk).update(start=date(2099, 1, 1))
    assert "It is not possible:" in ask(client, subscription, "notice", by="customer")
    told = ask(client, subscription, "stop", how="suspend", ground="conduct", since=SINCE, until="2020-01-01")
    assert "suspension_ends_after" in told or "violated" in told


@pytest.mark.parametrize("name", ["breach", "endrequest", "succession", "datastep"])
def test_a_list_asks_as_often_for_many_rows_as_for_few(name: str) -> None:
    client = people.clerk()

    def grow(count: int) -> None:
        for _ in range(count):
            given: dict[str, Any] = {"subscription": make_subscription("ethicmail"), "on": date(2026, 5, 4)}
            request_end(**given, at=timezone.now())
            tell_breach(**given, kind="material", detail="Sold on.", at=timezone.now())
            note_succession(**given, event="death", in_writing=True, at=timezone.now())

    grow(2)
    address = f"/admin/accounts/{name}/"
    people.queries(client, address)
    few = people.queries(client, address)
    grow(10)
    assert people.queries(client, address) == few


def test_the_first_page_tells_what_waits_for_somebody() -> None:
    subscription = make_subscription("ethicmail")
    request_end(subscription=subscription, on=date(2026, 5, 4), at=timezone.now())
    told = words(people.clerk().get("/admin/"))
    assert "ends that were asked for" in told
