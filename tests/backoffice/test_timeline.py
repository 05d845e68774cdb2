"""Timelines: what is wrong with one is said by line, field and reason; what is right is lived through."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Customer, Notice, Subscription
from backoffice import timeline
from backoffice.models import Run
from backoffice.timeline import TimelineError
from billing.models import InvoiceLine

CUSTOMER = {
    "on": "2026-03-02",
    "do": "customer",
    "ref": "c",
    "name": "Acme",
    "email": "c@acme.example",
    "country": "FR",
    "phone": "+33612345678",
}
PRICE = {
    "on": "2026-03-02", "do": "price", "vendor": "cryptopass", "plan": "Essential", "months": 1, "currency": "EUR", "amount": "9.90",
}  # fmt: skip
ORDER = {
    "on": "2026-03-10", "do": "subscription", "ref": "s", "customer": "c", "vendor": "cryptopass", "plan": "Essential",
    "quantity": 3, "method": "card",
}  # fmt: skip
SHOWN = [
    {"on": "2026-03-12", "do": "identity document", "customer": "c", "vendor": "cryptopass", "kind": "register"},
    {"on": "2026-03-12", "do": "eligibility shown", "subscription": "s"},
]
STOP = {"on": "2026-04-20", "do": "notice to stop", "subscription": "s"}


def written(folder: Path, *events: dict[str, Any] | str) -> Path:
    file = folder / "events.jsonl"
    file.write_text("".join((event if isinstance(event, str) else json.dumps(event)) + "\n" for event in events))
    return file


@pytest.mark.parametrize(
    ("event", "field", "reason"),
    [
        ("nonsense", "", "not JSON"),
        ("[1]", "", "an event is a JSON object"),
        ({**CUSTOMER, "on": "soon"}, "on", "YYYY-MM-DD"),
        ({**CUSTOMER, "on": 3}, "on", "YYYY-MM-DD"),
        ({**CUSTOMER, "on": "2026-02-28"}, "on", "comes after"),
        ({**CUSTOMER, "do": "dance"}, "do", "notice to stop"),
        ({key: value for key, value in CUSTOMER.items() if key != "name"}, "name", "required"),
        ({**CUSTOMER, "colour": "red"}, "colour", "not permitted"),
        ({**PRICE, "amount": "a lot"}, "amount", "decimal"),
        ({**ORDER, "method": "gold"}, "method", "card"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_played(
    tmp_path: Path, event: dict[str, Any] | str, field: str, reason: str
) -> None:
    with pytest.raises(TimelineError) as refused:
        timeline.read(written(tmp_path, CUSTOMER, "", event))
    assert (refused.value.line, refused.value.field) == (3, field)
    assert reason in refused.value.reason
    assert str(refused.value).startswith("line 3: ")


@pytest.mark.django_db
def test_events_and_days_are_lived_through_in_order(tmp_path: Path) -> None:
    entries = timeline.read(written(tmp_path, CUSTOMER, PRICE, ORDER, *SHOWN, STOP))
    days = list(timeline.play(entries, until=date(2026, 6, 2)))
    assert (days[0], days[-1], len(days)) == (date(2026, 3, 2), date(2026, 6, 2), 93)
    subscription = Subscription.objects.get()
    assert (subscription.state, subscription.ends_on) == (Subscription.State.ENDED, date(2026, 5, 31))
    invoices = InvoiceLine.objects.order_by("period_start").values_list("period_start", "net_minor")
    assert list(invoices) == [(date(2026, 3, 10), 2108), (date(2026, 4, 1), 2970), (date(2026, 5, 1), 2970)]
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.SENT}
    assert not Run.objects.exclude(state=Run.State.DONE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("events", "line", "reason"),
    [
        ([CUSTOMER, {**ORDER, "customer": "d"}], 2, "no earlier line has made the customer 'd'"),
        ([CUSTOMER, CUSTOMER], 2, "the name 'c' is taken"),
        ([CUSTOMER, {**ORDER, "months": 7}], 2, "not offered"),
        ([CUSTOMER, {**ORDER, "vendor": "nobody"}], 2, "nobody"),
        ([{**PRICE, "currency": "USD"}], 1, "EUR"),
        ([{**CUSTOMER, "country": "France"}], 1, "country"),
    ],
)
def test_an_event_that_the_books_do_not_allow_is_named(
    tmp_path: Path, events: list[dict[str, Any]], line: int, reason: str
) -> None:
    with pytest.raises(TimelineError, match=reason) as refused:
        list(timeline.play(timeline.read(written(tmp_path, *events))))
    assert refused.value.line == line


@pytest.mark.django_db
def test_an_empty_timeline_is_over_at_once(tmp_path: Path) -> None:
    assert list(timeline.play(timeline.read(written(tmp_path)))) == []
    assert not Customer.objects.exists()


def test_two_verbs_may_not_share_a_name() -> None:
    timeline.verbs()
    with pytest.raises(ValueError, match="two verbs"):
        timeline.verb("customer")(lambda world, fields, at: None)
