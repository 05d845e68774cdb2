"""Who signs in for a test: an owner who may do everything, a clerk who may look, and somebody who is no staff."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, Reseller, User
from accounts.services import Guest, invite
from tests.builders import NOON


def owner(client: Client | None = None) -> Client:
    return _signed_in("owner", client, is_staff=True, is_superuser=True)


def clerk(client: Client | None = None) -> Client:
    signed_in = _signed_in("clerk", client, is_staff=True)
    who("clerk").user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in


def newcomer() -> Client:
    """Staff who were given no permission yet."""
    return _signed_in("newcomer", is_staff=True)


def outsider() -> Client:
    return _signed_in("outsider")


def member(name: str, to: Reseller | Customer, role: str = "manager", client: Client | None = None) -> Client:
    """Somebody whom staff invited to the portal; to a customer, one of its administrators."""
    invite(guest=Guest(address(name), role, name.title()), to=to, at=NOON)
    return _signed_in(name, client)


def address(name: str) -> str:
    """What somebody signs in with."""
    return f"{name}@example.com"


def who(name: str) -> User:
    """The person of that name, who has signed in before."""
    return User.objects.get(email=address(name))


def _signed_in(name: str, client: Client | None = None, **kind: bool) -> Client:
    user, _ = User.objects.get_or_create(email=address(name), defaults={"name": name.title(), **kind})
    client = client or Client()
    client.force_login(user)
    return client


def queries(client: Client, address: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
