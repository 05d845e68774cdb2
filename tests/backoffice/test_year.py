"""The demo's year is believable in its numbers, and comes out of its writer as it lies there."""

import json
from collections import Counter

from backoffice import timeline
from backoffice.management.commands.demo import BOOKS
from backoffice.terms.book import book
from tests.backoffice import year

EVENTS = [json.loads(line) for line in BOOKS.read_text().splitlines()]
COUNTS = Counter(event["do"] for event in EVENTS)


def test_it_is_what_its_writer_writes() -> None:
    assert [json.dumps(event, ensure_ascii=False) for event in EVENTS] == year.lines()


def test_it_reads_as_a_timeline_of_a_year() -> None:
    entries = timeline.read(BOOKS)
    assert (entries[-1].on - entries[0].on).days > 330


def test_it_holds_what_a_reseller_meets_in_a_year() -> None:
    assert COUNTS["customer"] >= 300
    assert {event["vendor"] for event in EVENTS if event["do"] == "subscription"} == set(book().vendors())
    late = {ref for event in EVENTS if event["do"] == "bank statement" for ref in event["but"]}
    assert len(late) >= 40
    assert COUNTS["add seats"] + COUNTS["give up seats"] + COUNTS["reassign a licence"] >= 60
    assert COUNTS["notice to stop"] >= 30
    assert COUNTS["change of terms"] >= 4
    assert COUNTS["letter comes back"] >= 10
    assert COUNTS["conduct case"] >= 12
    assert COUNTS["ticket"] >= 20
