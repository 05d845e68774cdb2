"""Special terms take the place of a sheet's own, where the sheet could have such a value."""

from __future__ import annotations

from datetime import time

import pytest

from backoffice.terms.book import book
from backoffice.terms.special import place_of, special_term, typed_value, with_special_terms

AGREED = {"clause": "Letter of 3 May", "says": "Agreed with this customer"}


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("period.notice_days", 3, 3),
        ("support.opens", "08:30:00", time(8, 30)),
        ("support.priorities.P1.count", 2, 2),
    ],
)
def test_an_agreed_value_is_read_in_place_of_the_contracts(key: str, value: object, kept: object) -> None:
    sheet = book().newest("secureflag")
    agreed = with_special_terms(sheet, {key: {"value": value, **AGREED}})
    term = place_of(agreed, key).term
    assert (term.value, term.clause, term.says) == (kept, AGREED["clause"], AGREED["says"])
    others = {place.key: place.term.value for place in sheet.places() if place.key != key}
    assert {place.key: place.term.value for place in agreed.places() if place.key != key} == others
    assert place_of(sheet, key).term.value != kept


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("period.nonsense", 1, "the terms have no value period.nonsense"),
        ("currency", "EUR", "the terms have no value currency"),
        ("support.opens", "half past eight", "a time of day is written as 09:00:00"),
        ("period.notice_days", -1, "greater than or equal to 0"),
    ],
)
def test_what_a_sheet_could_not_say_is_refused_with_its_reason(key: str, value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        special_term(book().newest("secureflag"), key, value, **AGREED)


@pytest.mark.parametrize(
    ("vendor", "key", "typed", "value"),
    [
        ("secureflag", "period.notice_days", " 3 ", 3),
        ("secureflag", "period.notice_days", "three", "three"),
        ("secureflag", "resale.barred", "No", False),
        ("secureflag", "resale.barred", "yes", True),
        ("secureflag", "resale.barred", "perhaps", "perhaps"),
        ("secureflag", "documents.order", "order, terms,", ["order", "terms"]),
        ("ethicmail", "period.months_offered", "1, 12", [1, 12]),
        ("secureflag", "support.opens", "08:30:00", "08:30:00"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_terms_own_kind(vendor: str, key: str, typed: str, value: object) -> None:
    found = typed_value(place_of(book().newest(vendor), key).term, typed)
    assert (found, type(found)) == (value, type(value))
