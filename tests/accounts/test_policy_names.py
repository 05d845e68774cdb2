"""Which names of a list are the same as a name, or similar to it."""

from __future__ import annotations

import pytest

from accounts.policy.names import Index, Match, normal, similarity


@pytest.mark.parametrize(
    ("listed", "similar"),
    [
        pytest.param("PETROV, Iván", 1.0, id="order, capitals and accents do not count"),
        pytest.param("petrov_ivan", 1.0, id="an underscore parts words"),
        pytest.param("Ivan Petrow", 0.9, id="one wrong letter"),
        pytest.param("Ivan Dimitrov", None, id="the same first name only"),
        pytest.param("Xvan Xetrov", None, id="no word begins alike"),
        pytest.param("", None, id="no name"),
    ],
)
def test_a_name_is_found(listed: str, similar: float | None) -> None:
    found = Index([("E1", listed)]).find("Ivan Petrov")
    assert found == ([] if similar is None else [Match("E1", similar)])
    assert [match.same for match in found] == ([] if similar is None else [similar == 1])


def test_an_entry_is_found_once_by_its_best_name_and_the_most_similar_first() -> None:
    index = Index(
        [
            ("E3", "Ivan Petrow"),
            ("E1", "Ivan Petrow"),
            ("E2", "Ivan Petrow"),
            ("E2", "Ivan Petrov"),
            ("E4", "Ivan Ivov"),
        ]
    )
    assert index.find("Ivan Petrov") == [Match("E2", 1.0), Match("E1", 0.9), Match("E3", 0.9)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "b", 0.0),
        ("ab", "abc", 2 / 3),
        ("abab", "abab", 1.0),
        ("abcab", "bcabc", 0.75),
        ("aabaa", "abaaa", 1.0 - 0.01),  # the same pairs in another order
    ],
)
def test_a_similarity_is_twice_the_pairs_of_both_over_the_pairs_of_each(one: str, other: str, expected: float) -> None:
    assert similarity(one, other) == similarity(other, one) == pytest.approx(expected)


def test_the_form_in_which_names_are_compared() -> None:
    assert normal("  Søren ÁBEL-Groß ") == "abel gross søren"
