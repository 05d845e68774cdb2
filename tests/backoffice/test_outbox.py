from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backoffice import outbox
from backoffice.models import Event
from backoffice.outbox import Courier, Delivery

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Postman:
    """Notes what was sent, and fails as often as a test says."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.log = failures, list[tuple[str, Any]]()

    def send(self, payload: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError("the server of alice@example.com is down")
        self.log.append(("send", payload["id"]))

    def sent(self, payload: Any, at: datetime) -> None:
        self.log.append(("sent", payload["id"]))

    def gave_up(self, payload: Any, at: datetime) -> None:
        self.log.append(("gave up", payload["id"]))


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postman]:
    one = Postman()
    monkeypatch.setattr(outbox, "couriers", lambda: {"card": Courier(one.send, one.sent, one.gave_up)})
    yield one


def post(*numbers: int) -> None:
    outbox.post("card", [(f"card/{number}", {"id": number}) for number in numbers], at=AT)


def test_what_was_posted_is_sent_once(postman: Postman) -> None:
    post(1, 2)
    post(2)
    assert outbox.deliver(at=AT) == Delivery(sent=2, failed=0)
    assert outbox.deliver(at=AT) == Delivery(sent=0, failed=0)
    assert postman.log == [("send", 1), ("sent", 1), ("send", 2), ("sent", 2)]
    assert set(Event.objects.values_list("done_at", "attempts", "claimed_until")) == {(AT, 1, None)}
    assert not outbox.waiting().exists()


def test_more_than_a_batch_is_sent_in_one_go(postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 2)
    post(1, 2, 3, 4, 5)
    assert outbox.deliver(at=AT) == Delivery(sent=5, failed=0)


def test_two_senders_never_hold_the_same_event(postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 2)
    post(1, 2, 3)
    first, second = outbox.claim(at=AT), outbox.claim(at=AT)
    assert [event.payload["id"] for event in first + second] == [1, 2, 3]
    assert outbox.claim(at=AT) == []


def test_a_killed_sender_leaves_its_events_to_the_next_when_its_lease_is_out(postman: Postman) -> None:
    post(1)
    outbox.claim(at=AT)
    assert outbox.deliver(at=AT + outbox.LEASE - timedelta(seconds=1)) == Delivery()
    assert outbox.deliver(at=AT + outbox.LEASE) == Delivery(sent=1)
    assert Event.objects.get().attempts == 2


def test_a_sender_whose_lease_ran_out_closes_nothing(postman: Postman) -> None:
    post(1)
    [slow] = outbox.claim(at=AT)
    [fast] = outbox.claim(at=AT + outbox.LEASE)
    outbox._send(slow, AT)
    assert Event.objects.get().done_at is None
    outbox._send(fast, AT + outbox.LEASE)
    assert Event.objects.get().done_at == AT + outbox.LEASE
    assert postman.log == [("send", 1), ("send", 1), ("sent", 1)]


def test_a_failure_is_tried_again_after_ever_longer_waits(postman: Postman) -> None:
    post(1)
    postman.failures = 3
    moment, waits = AT, []
    while outbox.waiting().exists():
        outbox.deliver(at=moment)
        event = Event.objects.get()
        if event.done_at is None:
            assert event.error == "ConnectionRefusedError"
            assert outbox.deliver(at=event.due_at - timedelta(seconds=1)) == Delivery()
            waits.append(event.due_at - moment)
            moment = event.due_at
    assert waits == list(outbox.RETRY_AFTER[:3])
    assert waits == sorted(waits)
    assert (event.done_at, event.attempts, event.error) == (moment, 4, "")


def test_after_the_last_try_an_event_is_given_up_and_shown(postman: Postman) -> None:
    post(1)
    postman.failures = 100
    moment = AT
    for _ in range(len(outbox.RETRY_AFTER) + 1):
        assert outbox.deliver(at=moment) == Delivery(failed=1)
        moment = max(moment, Event.objects.get().due_at)
    event = Event.objects.get()
    assert (event.failed_at, event.error) == (moment, "ConnectionRefusedError")
    assert postman.log == [("gave up", 1)]
    assert outbox.deliver(at=moment + timedelta(days=30)) == Delivery()


def test_a_failure_does_not_hold_up_the_rest(postman: Postman) -> None:
    post(1, 2)
    postman.failures = 1
    assert outbox.deliver(at=AT) == Delivery(sent=1, failed=1)
    assert postman.log == [("send", 2), ("sent", 2)]


def test_an_event_nobody_can_deliver_is_tried_again_and_then_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "couriers", dict)
    monkeypatch.setattr(outbox, "RETRY_AFTER", ())
    post(1)
    assert outbox.deliver(at=AT) == Delivery(failed=1)
    assert Event.objects.get().failed_at == AT


def test_a_slow_sender_gives_the_rest_of_its_batch_back(postman: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    post(1, 2, 3)
    clock = iter([0.0, 0.0, outbox.PATIENCE_SECONDS + 1])
    monkeypatch.setattr(outbox, "monotonic", lambda: next(clock))
    assert outbox._deliver(outbox.claim(at=AT), AT) == Delivery(sent=1)
    rest = Event.objects.filter(done_at=None).values_list("payload__id", "attempts", "claimed_until")
    assert sorted(rest) == [(2, 0, None), (3, 0, None)]


def test_two_couriers_of_one_kind_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_couriers", {})
    postman = Postman()
    courier = Courier(postman.send, postman.sent, postman.gave_up)
    outbox.register("card", courier)
    with pytest.raises(ValueError, match="two couriers"):
        outbox.register("card", courier)
