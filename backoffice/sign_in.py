"""The one door of the site, for staff and portal alike: django-allauth with the pages that we let it have."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, re_path, reverse

# Whoever wants into the staff's pages signs in by the same door, so that its limits on attempts hold there too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class Door(DefaultAccountAdapter):
    """Nobody signs up: people are invited by staff."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Who was invited and has chosen no password yet has the invitation's link for it, while that is open."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")


def home(request: HttpRequest) -> HttpResponseRedirect:
    """Leads everybody to the start page that is theirs."""
    user: Any = request.user
    return redirect("admin:index" if user.is_authenticated and user.is_staff else "portal:home")


# Changing one's address is left out: memberships and administrators are known by it, so staff do it.
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
