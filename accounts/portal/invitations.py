"""The page behind an invitation's link: who was invited chooses a password there, once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.services import NotPossible, accept_invitation, open_invitation
from accounts.services.members import VALID_FOR, Invited
from backoffice.terms.words import day_words

# In the query, which the log of requests leaves out.
PARAMETER = "key"


class Passwords(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=password_validators_help_text_html(),
    )
    again = forms.CharField(
        label="The same again", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        self.user = user

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.user)
        return str(self.cleaned_data["password"])

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password", self.cleaned_data["again"]):
            raise forms.ValidationError("The two are not the same.")
        return str(self.cleaned_data["again"])


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    now, secret = timezone.now(), request.GET.get(PARAMETER, "")
    invitation = open_invitation(secret, at=now)
    if invitation is None:
        return TemplateResponse(request, "portal/welcome.html", status=404)
    form = Passwords(invitation.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = accept_invitation(secret=secret, password=form.cleaned_data["password"], at=now)
        except NotPossible:
            return TemplateResponse(request, "portal/welcome.html", status=404)
        login(request, user)
        return redirect("home")
    return TemplateResponse(request, "portal/welcome.html", {"form": form, "invited": invitation.user})


def send_invitation(request: HttpRequest, invited: Invited) -> None:
    """Writes to who was invited; raises where the mail server does not take it. The secret is in the mail alone."""
    membership = invited.membership
    address = reverse("portal:welcome") + f"?{PARAMETER}={invited.secret}" if invited.secret else reverse("home")
    words = {
        "to": membership.reseller or membership.customer,
        "address": request.build_absolute_uri(address),
        "is_new": invited.secret is not None,
        "until": day_words((timezone.now() + VALID_FOR).date()),
        "operator": settings.OPERATOR_NAME,
    }
    subject = f"{settings.OPERATOR_NAME}: you are invited to the portal"
    send_mail(subject, render_to_string("portal/invitation.txt", words), None, [membership.user.email])


# Nobody has signed in yet who comes here, so it is no page of the portal's own.
urlpatterns = [path("welcome/", welcome, name="welcome")]
