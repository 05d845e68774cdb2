"""Events of a timeline about money, played through the real services."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backoffice import timeline
from billing.models import Invoice, OpenItem, Payment

pytestmark = pytest.mark.django_db


def play(folder: Path, *events: dict[str, Any]) -> None:
    file = folder / "timeline.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    for _ in timeline.play(timeline.read(file)):
        pass


def order(ref: str) -> list[dict[str, Any]]:
    known = {"vendor": "cryptopass", "plan": "Essential", "method": "bank_transfer", "months": None}
    return [
        {
            "on": "2026-03-10", "do": "customer", "ref": ref, "name": ref.title(), "email": f"{ref}@example.com",
            "country": "FR", "phone": "+33612345678",
        },
        {"on": "2026-03-10", "do": "subscription", "ref": f"{ref}-1", "customer": ref, **known},
    ]  # fmt: skip


PRICE = {"on": "2026-03-10", "do": "price", "vendor": "cryptopass", "plan": "Essential", "months": 1, "currency": "EUR", "amount": "9.90"}  # fmt: skip


def test_a_bank_statement_pays_what_is_due_but_for_who_is_late(tmp_path: Path) -> None:
    statement = {"on": "2026-04-01", "do": "bank statement", "but": ["late-1"]}
    play(tmp_path, PRICE, *order("prompt"), *order("late"), statement)
    rows = OpenItem.objects.order_by("due_on", "invoice_id").select_related("invoice__customer")
    # The 22 days that were left of March, and April.
    assert [(item.invoice.customer.name, str(item.invoice.total), str(item.principal)) for item in rows] == [
        ("Prompt", "7.03", "0.00"),
        ("Late", "7.03", "7.03"),
        ("Prompt", "9.90", "0.00"),
        ("Late", "9.90", "9.90"),
    ]
    paid = [(payment.received_on, payment.reference) for payment in Payment.objects.all()]
    numbers = Invoice.objects.filter(customer__name="Prompt").values_list("number", flat=True)
    assert sorted(paid) == sorted((date(2026, 4, 1), number) for number in numbers)


def test_a_payment_of_no_amount_pays_all_that_is_owed_for_the_contract(tmp_path: Path) -> None:
    paid = {"on": "2026-04-01", "do": "payment", "subscription": "acme-1", "key": "cheque 7", "method": "check"}
    play(tmp_path, PRICE, *order("acme"), paid, {**paid, "on": "2026-04-04", "key": "more", "amount": "5.00"})
    assert {item.closed_on for item in OpenItem.objects.all()} == {date(2026, 4, 1)}
    assert [(one.method, str(one.amount), str(one.left)) for one in Payment.objects.order_by("id")] == [
        ("check", "56.96", "0.00"),
        ("check", "5.00", "5.00"),
    ]


@pytest.mark.parametrize(
    ("event", "line", "reason"),
    [
        ({"do": "bank statement", "but": ["nobody-1"]}, 4, "no earlier line has made the subscription 'nobody-1'"),
        (
            {"on": "2026-03-10", "do": "payment", "subscription": "acme-1", "key": "x"},
            4,
            "nothing is owed for acme-1, so an amount is needed",
        ),
    ],
)
def test_a_bad_line_is_named_with_its_reason(event: dict[str, Any], line: int, reason: str, tmp_path: Path) -> None:
    with pytest.raises(timeline.TimelineError, match=reason) as refused:
        play(tmp_path, PRICE, *order("acme"), {"on": "2026-03-11", **event})
    assert refused.value.line == line
