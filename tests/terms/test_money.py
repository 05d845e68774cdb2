"""Amounts in currencies with two, no and three decimals, rounded once."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.terms import money


@pytest.mark.parametrize(
    ("exact", "currency", "amount"),
    [
        (Fraction(1, 3), "EUR", "0.33"),
        (Fraction(5, 1000), "EUR", "0.01"),
        (Fraction(4999, 1_000_000), "EUR", "0.00"),
        (Fraction(1, 2), "JPY", "1"),
        (Fraction(5, 10_000), "KWD", "0.001"),
        (Fraction(10**17, 3), "USD", "33333333333333333.33"),
        (Fraction(0), "CLF", "0.0000"),
    ],
)
def test_rounded_half_up_to_the_minor_unit(exact: Fraction, currency: str, amount: str) -> None:
    assert str(money.rounded(exact, currency)) == amount


def test_a_fraction_of_a_unit_is_dropped() -> None:
    assert str(money.whole_units_below(Fraction(1699, 100), "USD")) == "16.00"
    assert str(money.whole_units_below(Fraction(1, 2), "USD")) == "0.00"
    assert str(money.whole_units_below(Fraction(5, 2), "JPY")) == "2"


@given(st.integers(0, 10**20), st.integers(1, 10**6), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_ratio_is_rounded_as_the_fraction_it_stands_for(numerator: int, denominator: int, currency: str) -> None:
    ratio, fraction = money.Ratio(numerator, denominator), Fraction(numerator, denominator)
    assert money.rounded(ratio, currency) == money.rounded(fraction, currency)
    assert money.whole_units_below(ratio, currency) == money.whole_units_below(fraction, currency)


@given(st.integers(0, 10**18), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_minor_units_go_there_and_back(units: int, currency: str) -> None:
    assert money.to_minor(money.from_minor(units, currency), currency) == units


def test_no_part_of_a_minor_unit_is_lost() -> None:
    with pytest.raises(ValueError, match="no whole number of minor units"):
        money.to_minor(Decimal("1.005"), "EUR")


def test_zero_has_the_currencys_decimals() -> None:
    assert [str(money.zero(code)) for code in ("EUR", "JPY", "KWD")] == ["0.00", "0", "0.000"]
