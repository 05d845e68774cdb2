"""What the first period costs, and what its payment means for the order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.policy.ordering import OrderStanding, PaymentFacts, decide_order_payment, tell_standing
from backoffice.terms.book import book
from billing.policy.charges import FirstCharge, FirstFacts, decide_charge_first, tell_first
from tests.accounts.sheets import changed

ORDER = FirstFacts(
    currency="EUR",
    price=Decimal("9.90"),
    quantity=3,
    accepted_on=date(2026, 5, 20),
    starts_on=date(2026, 5, 20),
    commitment=False,
)


def test_without_commitment_the_first_month_is_charged_by_the_day() -> None:
    decision = decide_charge_first(book().newest("cryptopass"), ORDER)
    assert decision.answer == FirstCharge(Decimal("11.50"), date(2026, 5, 20), 12, 31)
    assert tell_first(decision.answer) == "The first period costs 11.50 for 12 of 31 days, due on 20 May 2026."


def test_a_month_that_begins_with_the_start_counts_from_it_and_not_from_the_order() -> None:
    later = ORDER.model_copy(update={"starts_on": date(2026, 6, 16)})
    assert decide_charge_first(book().newest("cryptopass"), later).answer.days_charged == 15


def test_a_contract_that_does_not_count_days_charges_the_whole_month() -> None:
    sheet = changed("cryptopass", "first_payment", by_day_uncommitted=False)
    assert decide_charge_first(sheet, ORDER).answer == FirstCharge(Decimal("29.70"), date(2026, 5, 20), None, None)
    assert tell_first(decide_charge_first(sheet, ORDER).answer) == "The first period costs 29.70, due on 20 May 2026."


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (OrderStanding(True, False), "The order is served."),
        (OrderStanding(False, False), "There is no service before the first payment has come in full."),
        (OrderStanding(False, True), "The order is cancelled, and the contract ends at once."),
    ],
)
def test_what_the_first_payment_means_in_words(standing: OrderStanding, sentence: str) -> None:
    assert tell_standing(standing) == sentence


def test_only_a_payment_that_failed_cancels_where_the_contract_says_so() -> None:
    sheet = changed("cryptopass", "first_payment", failed_cancels=False)
    assert decide_order_payment(sheet, PaymentFacts(payment="failed")).answer == OrderStanding(True, False)
