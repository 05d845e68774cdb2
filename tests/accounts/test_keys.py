from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.keys import find_key, make_key, note_use, revoke
from accounts.models import ApiKey
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def test_a_key_opens_and_its_secret_is_not_kept() -> None:
    key, shown = make_key(name="Shop", scopes=["decisions"], at=NOON)
    assert find_key(shown, at=NOON) == key
    secret = shown.partition(".")[2]
    assert len(secret) >= 43  # 256 bits in base 64
    assert secret not in str(ApiKey.objects.values().get())


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key[:-1],
        lambda key: key + "x",
        lambda key: ("1" if key[0] == "0" else "0") + key[1:],
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.partition(".")[0],
        lambda key: "",
        str.swapcase,
    ],
)
def test_anything_else_opens_nothing(change: Callable[[str], str]) -> None:
    _, shown = make_key(name="Shop", scopes=["decisions"], at=NOON)
    assert find_key(shown, at=NOON) is not None
    assert find_key(change(shown), at=NOON) is None


def test_an_expired_key_opens_nothing() -> None:
    _, shown = make_key(name="Shop", scopes=["decisions"], at=NOON, expires_at=NOON + timedelta(days=1))
    assert find_key(shown, at=NOON + timedelta(hours=23)) is not None
    assert find_key(shown, at=NOON + timedelta(days=1)) is None


def test_a_revoked_key_opens_nothing_and_keeps_its_day() -> None:
    key, shown = make_key(name="Shop", scopes=["decisions"], at=NOON)
    revoke(key, at=NOON)
    revoke(key, at=NOON + timedelta(days=1))
    assert find_key(shown, at=NOON) is None
    assert ApiKey.objects.get().revoked_at == NOON


def test_a_scope_has_to_exist() -> None:
    with pytest.raises(ValueError, match="there is no scope everything; there are decisions"):
        make_key(name="Shop", scopes=["everything"], at=NOON)


def test_the_last_use_is_kept_to_the_minute() -> None:
    key, _ = make_key(name="Shop", scopes=["decisions"], at=NOON)
    for seconds, kept in ((0, 0), (59, 0), (60, 60), (61, 60)):
        note_use(ApiKey.objects.get(), at=NOON + timedelta(seconds=seconds))
        assert ApiKey.objects.get(pk=key.pk).last_used_at == NOON + timedelta(seconds=kept)
    with CaptureQueriesContext(connection) as queries:
        note_use(ApiKey.objects.get(), at=NOON + timedelta(seconds=90))
    assert [query["sql"][:6] for query in queries] == ["SELECT"]
