"""Sealing: bytes that only the right key opens, bound to the place where they lie.

AES-256-GCM (NIST SP 800-38D) with a fresh nonce of 96 bits each time. The place (table, row, field) is authenticated
with the bytes, so that what was copied to another row does not open there. A key is itself sealed under the key of the
house, which a deployment keeps outside the database: whoever has the database alone reads nothing, and once a key is
destroyed nobody reads what it sealed.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12


class NotOpened(Exception):
    """The key, the bytes or their place are not those of the sealing."""


def new_key() -> bytes:
    """A random key of 256 bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(plain: bytes, key: bytes, place: str) -> bytes:
    """The nonce followed by the sealed bytes and their tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def opened(sealed: bytes, key: bytes, place: str) -> bytes:
    """What was sealed; NotOpened for another key or place, or for bytes that were changed."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise NotOpened(f"what lies at {place} does not open") from error


def wrap_key(key: bytes, place: str) -> tuple[str, bytes]:
    """The name of the house's present key, and the key sealed under it."""
    name, house = next(iter(_house_keys().items()))
    return name, seal(key, house, place)


def unwrap_key(name: str, wrapped: bytes, place: str) -> bytes:
    """A key that ``wrap_key`` sealed; NotOpened where the house has no key of this name any more."""
    house = _house_keys().get(name)
    if house is None:
        raise NotOpened(f"the house has no key named {name}")
    return opened(wrapped, house, place)


def _house_keys() -> dict[str, bytes]:
    """By name, the present one first: derived from the secrets of the settings (HKDF, RFC 5869)."""
    return {_derived(secret, b"name")[:4].hex(): _derived(secret, b"key") for secret in settings.SEALING_SECRETS}


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
