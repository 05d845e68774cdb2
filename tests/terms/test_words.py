"""How numbers and lists are put into words."""

import pytest

from backoffice.terms.words import counted, listed


@pytest.mark.parametrize(
    ("number", "one", "many", "words"),
    [
        (0, "seat", "", "0 seats"),
        (1, "seat", "", "1 seat"),
        (2, "seat", "", "2 seats"),
        (1, "breach", "breaches", "1 breach"),
        (3, "breach", "breaches", "3 breaches"),
    ],
)
def test_things_are_counted_in_words(number: int, one: str, many: str, words: str) -> None:
    assert counted(number, one, many) == words


def test_a_list_ends_with_and() -> None:
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == ("a", "a and b", "a, b and c")
