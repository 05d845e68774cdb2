from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.authentication import KeyHolder, staff_or_scope
from accounts.keys import make_key
from accounts.models import ApiKey, User
from tests.builders import NOON

pytestmark = pytest.mark.django_db


class Door(APIView):
    permission_classes = [staff_or_scope("decisions")]

    def get(self, request: object) -> Response:
        return Response("in")


def knock(authorization: str | None = None, user: User | None = None) -> Response:
    request = APIRequestFactory().get("/", headers={"authorization": authorization} if authorization else None)
    if user:
        force_authenticate(request, user)
    response: Response = Door.as_view()(request)
    return response


def test_a_key_with_the_scope_enters() -> None:
    key, shown = make_key(name="Shop", scopes=["decisions"], at=NOON)
    assert knock(f"Bearer {shown}").status_code == 200
    assert knock(f"bearer {shown}").status_code == 200
    last_used_at = ApiKey.objects.get(pk=key.pk).last_used_at
    assert last_used_at is not None
    assert timezone.now() - last_used_at < timedelta(minutes=1)


def test_a_key_without_the_scope_does_not() -> None:
    _, shown = make_key(name="Shop", scopes=[], at=NOON)
    response = knock(f"Bearer {shown}")
    assert response.status_code == 403
    assert "the scope decisions" in response.data["detail"]


@pytest.mark.parametrize("shown", ["", "abc", "00000000.secret", "x" * 5000, "\xff.\xfe"])
def test_a_wrong_key_is_refused(shown: str) -> None:
    response = knock(f"Bearer {shown}")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert "unknown, expired or revoked" in response.data["detail"]


@pytest.mark.parametrize(("is_staff", "status"), [(True, 200), (False, 403)])
def test_of_people_only_staff_enter(is_staff: bool, status: int) -> None:
    user = User.objects.create_user("ada@example.com", is_staff=is_staff)
    assert knock(user=user).status_code == status


def test_nobody_is_refused() -> None:
    assert knock().status_code == 401
    assert knock("Basic YTpi").status_code == 401


def test_who_asks_by_key_is_known_but_nobody() -> None:
    key, _ = make_key(name="Shop", scopes=["decisions"], at=NOON)
    holder = KeyHolder(key)
    assert isinstance(holder, AnonymousUser)
    assert holder.is_authenticated
    assert not holder.is_staff
    assert str(holder) == f"API key {key.prefix}"
