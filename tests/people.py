"""Who signs in for a test: an owner who may do everything, a clerk who may look, and somebody who is no staff."""

from __future__ import annotations

from django.contrib.auth.models import Permission, User
from django.test import Client


def owner(client: Client | None = None) -> Client:
    return _signed_in("owner", client, is_staff=True, is_superuser=True)


def clerk(client: Client | None = None) -> Client:
    signed_in = _signed_in("clerk", client, is_staff=True)
    User.objects.get(username="clerk").user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in


def newcomer() -> Client:
    """Staff who were given no permission yet."""
    return _signed_in("newcomer", is_staff=True)


def outsider() -> Client:
    return _signed_in("outsider")


def _signed_in(name: str, client: Client | None = None, **kind: bool) -> Client:
    user, _ = User.objects.get_or_create(username=name, defaults=kind)
    client = client or Client()
    client.force_login(user)
    return client
