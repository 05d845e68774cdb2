"""New rows go in by the thousand, and those that are there stay as they are."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from backoffice.bulk import insert_new
from backoffice.models import Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(key: str, **changes: object) -> Event:
    known: dict[str, object] = {
        "kind": "notice",
        "payload": {"text": 'tab\t, "quote", back\\slash, é\n'},
        "due_at": NOON,
    }
    return Event(key=key, created_at=NOON, **{**known, **changes})


def test_rows_are_written_as_they_are_read_again() -> None:
    insert_new([event("one"), event("two", error="\\N")])
    one, two = Event.objects.order_by("key")
    assert one.payload == {"text": 'tab\t, "quote", back\\slash, é\n'}
    assert (one.due_at, one.done_at, one.attempts, two.error) == (NOON, None, 0, "\\N")


def test_a_row_whose_key_is_taken_stays_as_it_is() -> None:
    insert_new([event("one", kind="first")])
    insert_new([event("one", kind="second"), event("two")])
    assert list(Event.objects.order_by("key").values_list("key", "kind")) == [("one", "first"), ("two", "notice")]


def test_nothing_to_write_is_nothing_written() -> None:
    insert_new([])
    assert not Event.objects.exists()


def test_what_is_rolled_back_is_not_written_by_the_next_one() -> None:
    with transaction.atomic():
        insert_new([event("lost")])
        transaction.set_rollback(True)
    insert_new([event("kept")])
    assert [one.key for one in Event.objects.all()] == ["kept"]
