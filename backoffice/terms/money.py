"""Amounts: decimals with a currency, exact fractions inside, rounded once where they come out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

# ISO 4217: currencies whose minor unit is not a hundredth.
MINOR_DIGITS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def minor_digits(currency: str) -> int:
    """Decimals of an amount in ``currency`` (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    return MINOR_DIGITS.get(currency, 2)


def from_minor(units: int, currency: str) -> Decimal:
    """``67500`` minor units of EUR are ``675.00``."""
    return Decimal(units).scaleb(-minor_digits(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """``675.00`` EUR are ``67500`` minor units; an amount with a fraction of a unit is a broken caller's."""
    scaled = amount.scaleb(minor_digits(currency))
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"{amount} is no whole number of minor units of {currency}")
    return units


class Ratio(NamedTuple):
    """An exact quotient that is only ever rounded: unlike a fraction it is not reduced, which is most of its cost."""

    numerator: int
    denominator: int


def rounded(exact: Fraction | Ratio, currency: str) -> Decimal:
    """An exact amount, 0 or more, rounded half up to the currency's minor unit (decisions, Rounding)."""
    return rounded_to(exact, minor_digits(currency))


def rounded_to(exact: Fraction | Ratio, digits: int) -> Decimal:
    """An exact number, 0 or more, rounded half up to a number of decimals."""
    numerator, denominator = exact.numerator * 10**digits, exact.denominator
    return Decimal((2 * numerator + denominator) // (2 * denominator)).scaleb(-digits)


def whole_units_below(exact: Fraction | Ratio, currency: str) -> Decimal:
    """An exact amount with its fraction of one whole unit dropped: 16.63 dollars are 16.00."""
    return from_minor(exact.numerator // exact.denominator * 10 ** minor_digits(currency), currency)


def zero(currency: str) -> Decimal:
    """Nothing, with the currency's decimals: ``0.00`` EUR, ``0`` JPY."""
    return from_minor(0, currency)
