"""API keys: made once, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db.models import Q

from accounts.models import SCOPES, ApiKey

# 8 characters to find the row by, 256 random bits to prove that one may use it.
PREFIX_BYTES = 4
SECRET_BYTES = 32
# How exactly "last used" is kept: more would write a row at each request.
LAST_USED_STEP = timedelta(minutes=1)


def make_key(
    *, name: str, scopes: Iterable[str], at: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can show again; ValueError for a scope that does not exist."""
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise ValueError(f"there is no scope {', '.join(unknown)}; there are {', '.join(SCOPES)}")
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(name=name, prefix=prefix, sha256=_digest(secret), scopes=wanted, created_at=at, expires_at=expires_at)
    key.save()
    return key, f"{prefix}.{secret}"


def find_key(shown: str, *, at: datetime) -> ApiKey | None:
    """The valid key that was shown, or None: unknown, wrong, expired and revoked look the same."""
    prefix, _, secret = shown.partition(".")
    key = ApiKey.objects.filter(prefix=prefix).first()
    # Compared also where there is no such key, so that the time an answer takes tells nothing about prefixes.
    right = compare_digest(_digest(secret), key.sha256 if key else _digest(""))
    return key if key and right and key.valid_at(at) else None


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Keeps when a key was last used, to the minute."""
    before = at - LAST_USED_STEP
    if key.last_used_at is None or key.last_used_at <= before:
        unused = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiKey.objects.filter(unused, pk=key.pk).update(last_used_at=at)


def revoke(key: ApiKey, *, at: datetime) -> None:
    """Closes a key for good; one that is closed already keeps its day."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
