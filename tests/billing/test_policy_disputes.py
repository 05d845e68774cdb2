"""When a bill that was rightly disputed is credited."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from billing.policy.disputes import DisputeCreditFacts, decide_dispute_credit

FOUND, DUE, NEXT = date(2026, 5, 4), date(2026, 5, 10), date(2026, 6, 10)


def credited(sheet: Sheet, on: date = FOUND, following: date | None = NEXT) -> date | None:
    decision = decide_dispute_credit(sheet, DisputeCreditFacts(answered_on=on, due_on=DUE, next_due_on=following))
    return decision.outcome.credit_on if decision.outcome else None


@pytest.mark.parametrize(
    ("on", "following", "expected"),
    [
        (FOUND, NEXT, DUE),
        (DUE, NEXT, DUE),
        (date(2026, 5, 11), NEXT, NEXT),
        (date(2026, 5, 11), None, date(2026, 5, 11)),
    ],
)
def test_it_is_credited_when_fees_are_next_due(on: date, following: date | None, expected: date) -> None:
    assert credited(book().newest("securegroup"), on, following) == expected


def test_a_contract_may_credit_at_once_or_say_nothing_of_it() -> None:
    sheet = book().newest("securegroup")
    assert sheet.dispute is not None and sheet.dispute.credited is not None
    at_once = sheet.dispute.credited.model_copy(update={"value": "at_once"})
    assert (
        credited(sheet.model_copy(update={"dispute": sheet.dispute.model_copy(update={"credited": at_once})})) == FOUND
    )
    silent = sheet.model_copy(update={"dispute": sheet.dispute.model_copy(update={"credited": None})})
    assert credited(silent) is None and credited(book().newest("ethicmail")) is None
