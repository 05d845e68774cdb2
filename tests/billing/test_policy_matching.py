"""Whose money a line of a bank statement is."""

from __future__ import annotations

import pytest

from billing.policy.matching import Named, numbers_in, payer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INV-000012", [12]),
        ("thanks for inv 12 and Inv.No. 000013", [12, 13]),
        ("INV000012/INV-12", [12]),
        ("invoice no: 7", [7]),
        ("INV/12,INV/13", [12, 13]),
        ("no number at all", []),
        ("12", []),
        ("REINV-12", []),
        ("INV-1234567890123", []),
        ("INV-\N{ARABIC-INDIC DIGIT ONE}", []),
        ("CN-000012", []),
    ],
)
def test_numbers_are_found_however_they_are_spelt(text: str, found: list[int]) -> None:
    assert numbers_in(text, "INV") == found


@pytest.mark.parametrize(
    ("minor", "named", "found"),
    [
        pytest.param(100, [Named(1, "EUR", 100)], 1, id="just this"),
        pytest.param(150, [Named(1, "EUR", 100), Named(1, "EUR", 50)], 1, id="two of one customer"),
        pytest.param(99, [Named(1, "EUR", 100)], None, id="too little"),
        pytest.param(101, [Named(1, "EUR", 100)], None, id="too much"),
        pytest.param(150, [Named(1, "EUR", 100), Named(2, "EUR", 50)], None, id="two customers"),
        pytest.param(100, [Named(1, "USD", 100)], None, id="another currency"),
        pytest.param(100, [], None, id="nobody"),
    ],
)
def test_money_is_a_customer_s_only_where_nothing_is_in_doubt(
    minor: int, named: list[Named], found: int | None
) -> None:
    assert payer(minor, "EUR", named) == found
