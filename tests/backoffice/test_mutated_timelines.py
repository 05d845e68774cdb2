"""Thousands of spoilt timelines: each is refused by line, field and reason, or played to its end. Nothing between."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO

import pytest
from django.db import transaction
from rich.console import Console

from backoffice import rehearsal, timeline
from backoffice.management.commands.rehearse import rehearse
from backoffice.timeline import Entry, TimelineError
from tests.backoffice.mutations import UNTIL, VALID, spoilt


def read(text: bytes) -> list[Entry] | TimelineError:
    """The events of a text, or the error that names one of its lines."""
    try:
        return timeline.read_lines(BytesIO(text))
    except TimelineError as error:
        assert 1 <= error.line <= text.count(b"\n") + 1
        assert " " in error.reason, "a reason is more than one word"
        return error


def play(entries: list[Entry]) -> rehearsal.Report | TimelineError:
    """The whole report of a playing, or the error that names a line of it; the books are as before afterwards."""
    before = transaction.savepoint()
    try:
        return rehearse(entries, UNTIL, None, Console(quiet=True))
    except TimelineError as error:
        assert error.line in {entry.line for entry in entries}
        assert " " in error.reason, "a reason is more than one word"
        return error
    finally:
        transaction.savepoint_rollback(before)


def test_ten_thousand_are_read_or_refused_by_line_and_reason() -> None:
    outcomes = Counter(isinstance(read(spoilt(number)), list) for number in range(10_000))
    assert outcomes[True] > 500, "some changes leave a timeline that can be read"
    assert outcomes[False] > 5000, "most do not"


def played(count: int, first: int, longest: int = 20 * 366) -> Counter[str]:
    """Plays so many spoilt timelines that can be read and span no more days, and counts how they ended."""
    outcomes: Counter[str] = Counter()
    for number in range(first, first + 50 * count):
        entries = read(spoilt(number))
        if isinstance(entries, TimelineError) or (entries and (entries[-1].on - entries[0].on).days > longest):
            continue
        report = play(entries)
        if isinstance(report, TimelineError):
            outcomes["refused"] += 1
            continue
        outcomes["told"] += 1
        told = json.loads(json.dumps(rehearsal.as_json(report)))
        kept = [entry for entry in entries if entry.on <= UNTIL]
        assert (told["events"], told["to"]) == (len(kept), UNTIL.isoformat() if kept else None)
        orders = sum(entry.verb.name == "subscription" for entry in kept)
        assert Counter(one["kind"] for one in told["happened"])["order"] == orders
        assert rehearsal.as_text(report).count("\n  order: ") == orders
        if outcomes.total() == count:
            break
    assert outcomes.total() >= count
    return outcomes


@pytest.mark.django_db
def test_fifty_are_played_to_the_end_or_refused() -> None:
    outcomes = played(50, first=0, longest=9)
    assert min(outcomes["told"], outcomes["refused"]) > 5, outcomes


@pytest.mark.long
@pytest.mark.django_db
def test_a_thousand_are_played_to_the_end_or_refused() -> None:
    outcomes = played(1000, first=100_000)
    assert min(outcomes["told"], outcomes["refused"]) > 100, outcomes


@pytest.mark.django_db
def test_the_valid_one_is_played_to_the_end() -> None:
    entries = read(b"".join(json.dumps(event).encode() + b"\n" for event in VALID))
    assert isinstance(entries, list)
    report = play(entries)
    assert isinstance(report, rehearsal.Report)
    assert (report.events, report.last) == (len(VALID), UNTIL)
