"""Who may sign in and what they may do is changed by owners alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from tests import people

pytestmark = pytest.mark.django_db


def helper() -> Client:
    """A clerk who was given every right over users and groups, one by one."""
    client = people.clerk()
    rights = Permission.objects.filter(content_type__model__in=["user", "group"])
    people.who("clerk").user_permissions.add(*rights)
    return client


def test_nobody_gives_themselves_rights() -> None:
    client = helper()
    people.owner()
    clerk, owner = people.who("clerk"), people.who("owner")
    group = Group.objects.create(name="Desk")
    every_right = {"email": "clerk@example.com", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    password = {"password1": "a-long-new-password-1", "password2": "a-long-new-password-1"}
    refused = {
        f"/admin/accounts/user/{clerk.pk}/change/": every_right,
        f"/admin/accounts/user/{owner.pk}/password/": password,
        f"/admin/accounts/user/{owner.pk}/delete/": {"post": "yes"},
        "/admin/accounts/user/add/": {"email": "Second@example.com", **password},
        f"/admin/auth/group/{group.pk}/change/": {"name": "Desk", "permissions": ["1"]},
        "/admin/auth/group/add/": {"name": "Another"},
    }
    assert {client.post(address, data).status_code for address, data in refused.items()} == {403}
    clerk.refresh_from_db()
    assert not clerk.is_superuser
    assert client.get(f"/admin/accounts/user/{clerk.pk}/change/").status_code == 200


def test_an_owner_makes_a_new_user() -> None:
    password = {"password1": "a-long-new-password-1", "password2": "a-long-new-password-1"}
    answered = people.owner().post(
        "/admin/accounts/user/add/", {"email": "Second@example.com", "usable_password": "true", **password}
    )
    assert answered.status_code == 302, answered.content
    assert User.objects.filter(email="second@example.com").exists()
