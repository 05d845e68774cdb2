"""Sealed bytes open with their key, in their place, and nowhere else."""

import pytest
from django.conf import LazySettings

from backoffice.sealed import NotOpened, new_key, opened, seal, unwrap_key, wrap_key

PLACE = "accounts.document:7:file"


def test_what_was_sealed_opens_with_its_key_in_its_place() -> None:
    key = new_key()
    sealed = seal(b"a passport", key, PLACE)
    assert b"passport" not in sealed
    assert opened(sealed, key, PLACE) == b"a passport"
    assert seal(b"a passport", key, PLACE) != sealed


@pytest.mark.parametrize("place", ["accounts.document:8:file", "", PLACE + " "])
def test_it_does_not_open_in_another_place(place: str) -> None:
    key = new_key()
    with pytest.raises(NotOpened, match="does not open"):
        opened(seal(b"a passport", key, PLACE), key, place)


def test_it_does_not_open_with_another_key_nor_when_it_was_changed() -> None:
    key = new_key()
    sealed = seal(b"a passport", key, PLACE)
    for wrong, bytes_ in ((new_key(), sealed), (key, sealed[:-1] + b"?"), (key, b""), (key, sealed[:12])):
        with pytest.raises(NotOpened):
            opened(bytes_, wrong, PLACE)


def test_a_key_opens_under_an_older_secret_until_that_is_gone(settings: LazySettings) -> None:
    settings.SEALING_SECRETS = ["the first secret, long enough to be one"]
    key = new_key()
    name, wrapped = wrap_key(key, PLACE)
    settings.SEALING_SECRETS = ["the second secret, long enough to be one", *settings.SEALING_SECRETS]
    assert unwrap_key(name, wrapped, PLACE) == key
    assert wrap_key(key, PLACE)[0] != name
    settings.SEALING_SECRETS = settings.SEALING_SECRETS[:1]
    with pytest.raises(NotOpened, match="no key named"):
        unwrap_key(name, wrapped, PLACE)
