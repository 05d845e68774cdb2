from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import TicketAlarm
from backoffice import clocks, tasks
from tests.builders import NOON, make_ticket


@pytest.fixture
def own_clocks(monkeypatch: pytest.MonkeyPatch) -> dict[str, clocks.Look]:
    """Clocks of this test's own in place of the apps'."""
    own: dict[str, clocks.Look] = {}
    monkeypatch.setattr(clocks, "looks", lambda: own)
    return own


def test_the_apps_bring_their_clocks() -> None:
    assert "Support tickets near their deadline" in clocks.looks()


def test_two_clocks_may_not_share_a_name() -> None:
    name, look = next(iter(clocks.looks().items()))
    with pytest.raises(ValueError, match=f"two clocks are named {name}"):
        clocks.clock(name)(look)


@pytest.mark.django_db
def test_a_clock_is_looked_at_until_it_has_nothing_left(own_clocks: dict[str, clocks.Look]) -> None:
    chunks = [3, 2, 0]
    own_clocks["One"] = lambda at: chunks.pop(0)
    assert clocks.poll(at=NOON) == {"One": 5}
    assert chunks == []


@pytest.mark.django_db
def test_a_clock_that_fails_stops_no_other_and_is_told_of(own_clocks: dict[str, clocks.Look]) -> None:
    seen: list[datetime] = []

    def broken(at: datetime) -> int:
        raise RuntimeError("no spring")

    def sound(at: datetime) -> int:
        seen.append(at)
        return 0

    own_clocks |= {"A broken one": broken, "Another": sound}
    with pytest.raises(ExceptionGroup, match="some clocks could not be looked at") as failed:
        clocks.poll(at=NOON)
    assert [str(error) for error in failed.value.exceptions] == ["no spring"]
    assert seen == [NOON]


@pytest.mark.django_db
def test_every_minute_the_clocks_are_looked_at() -> None:
    make_ticket("securegroup_devices", priority="critical")
    with time_machine.travel(datetime(2026, 3, 3, 12, 1, tzinfo=UTC), tick=False):
        tasks.poll()
        tasks.poll()
    assert TicketAlarm.objects.count() == 2
