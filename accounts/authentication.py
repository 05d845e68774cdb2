"""How a program proves who it is: ``Authorization: Bearer <key>``, and which endpoints its key opens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.keys import find_key, note_use
from accounts.models import ApiKey

SCHEME = "Bearer"
# Longer than any key we make; a header that is longer is not looked at.
LONGEST_KEY = 100


class KeyHolder(AnonymousUser):
    """Who asks by an API key: nobody who can sign in, but known."""

    def __init__(self, key: ApiKey) -> None:
        super().__init__()
        self.key = key

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    def __str__(self) -> str:
        return f"API key {self.key.prefix}"


class ApiKeyAuthentication(BaseAuthentication):
    """Reads an API key from the header; without one, other ways of signing in get their turn."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        scheme, _, shown = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        now = timezone.now()
        key = find_key(shown.strip(), at=now) if len(shown) <= LONGEST_KEY else None
        if key is None:
            raise AuthenticationFailed("This API key opens nothing: it is unknown, expired or revoked.")
        note_use(key, at=now)
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def staff_or_scope(scope: str, permission: str = "") -> type[BasePermission]:
    """A permission for signed-in staff, who hold a permission where one is named, and for API keys with a scope."""

    class StaffOrScope(BasePermission):
        message = f"This needs a staff sign-in, or an API key with the scope {scope}."

        def has_permission(self, request: Request, view: Any) -> bool:
            if isinstance(request.auth, ApiKey):
                return scope in request.auth.scopes
            staff = bool(request.user and request.user.is_active and request.user.is_staff)
            return staff and (not permission or request.user.has_perm(permission))

    return StaffOrScope


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the key in the API's description."""

    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, as staff made it."}
