"""The one door: by e-mail and password, for staff and portal alike, and not for ever so many tries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests import people
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-fine-password"


@pytest.fixture(autouse=True)
def first_try() -> Iterator[None]:
    """Nobody has tried anything yet."""
    cache.clear()
    yield
    cache.clear()


def make_user(email: str = "ada@example.com", **kind: bool) -> User:
    return User.objects.create_user(email, PASSWORD, **kind)


def sign_in(email: str, password: str = PASSWORD, after: str = "") -> tuple[Client, str]:
    """The browser of who tried, and where it was led; empty where the form came back."""
    client = Client()
    answered = client.post(
        "/account/login/" + (f"?next={after}" if after else ""),
        {"login": email, "password": password, **({"next": after} if after else {})},
    )
    return client, answered.headers.get("Location", "")


def test_an_address_is_known_in_any_case_and_given_once() -> None:
    make_user("Ada@Example.com")
    assert User.objects.get().email == "ada@example.com"
    assert sign_in("ADA@example.COM")[1] == "/"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("ADA@EXAMPLE.COM")
    must_be_refused("user_email_in_lower_case", User.objects.all(), email="ADA@example.com")


def test_passwords_are_kept_by_argon2() -> None:
    assert identify_hasher(make_user().password).algorithm == "argon2"


def test_the_commands_of_django_find_a_person_by_address_in_any_case() -> None:
    call_command("createsuperuser", interactive=False, email="Boss@example.com")
    assert User.objects.get_by_natural_key("BOSS@example.com").is_superuser


@pytest.mark.parametrize(("is_staff", "home"), [(True, "/admin/"), (False, "/portal/")])
def test_everybody_is_led_to_their_own_start_page(is_staff: bool, home: str) -> None:
    make_user(is_staff=is_staff)
    client, _ = sign_in("ada@example.com")
    answered = client.get("/", follow=True)
    assert answered.redirect_chain[-1][0] == home
    assert answered.status_code == 200


def test_staff_come_in_by_the_same_door() -> None:
    assert Client().get("/admin/login/").headers["Location"].startswith("/account/login/?next=")
    assert Client().post("/admin/login/", {"username": "ada@example.com", "password": PASSWORD}).status_code == 302
    make_user(is_staff=True)
    client, led = sign_in("ada@example.com", after="/admin/terms/")
    assert led == "/admin/terms/"
    assert client.get(led).status_code == 200


def test_who_is_no_staff_is_told_so_and_not_sent_round_in_a_circle() -> None:
    make_user()
    client, _ = sign_in("ada@example.com")
    answered = client.get("/admin/", follow=True)
    assert answered.status_code == 403
    assert len(answered.redirect_chain) == 1


@pytest.mark.parametrize("is_staff", [True, False])
def test_after_five_wrong_passwords_the_right_one_opens_nothing_for_a_while(is_staff: bool) -> None:
    make_user(is_staff=is_staff)
    for _ in range(5):
        assert sign_in("ada@example.com", "wrong")[1] == ""
    assert sign_in("ada@example.com")[1] == ""
    make_user("ben@example.com")
    assert sign_in("ben@example.com")[1] == "/", "who knows the password of another address is let in"


def test_a_closed_person_is_not_let_in() -> None:
    make_user(is_active=False)
    client, _ = sign_in("ada@example.com")
    assert client.get("/portal/").status_code == 302


def test_a_forgotten_password_is_chosen_anew_by_mail_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    make_user()
    assert Client().post("/account/password/reset/", {"email": "ADA@example.com"}).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.com"]
    address = re.search(r"http://testserver(\S+)", str(letter.body))
    assert address is not None
    browser = Client()
    form = browser.get(address[1], follow=True)
    new = {"password1": "another-long-password", "password2": "another-long-password"}
    assert browser.post(form.redirect_chain[-1][0], new).status_code == 302
    assert sign_in("ada@example.com", "another-long-password")[1] == "/"
    assert "/password/reset/key/" in caplog.text
    assert address[1].rstrip("/").rpartition("/")[2] not in caplog.text, "the key is in no log"
    assert "already been used" in Client().get(address[1], follow=True).content.decode()


def test_a_strangers_address_is_written_nothing_and_answered_the_same() -> None:
    make_user()
    known = Client().post("/account/password/reset/", {"email": "ada@example.com"}, follow=True)
    mail.outbox.clear()
    unknown = Client().post("/account/password/reset/", {"email": "eve@example.com"}, follow=True)
    assert mail.outbox == []
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_nobody_signs_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert "sign up" not in Client().get("/account/login/").content.decode().lower()
    assert Client().post("/account/signup/", {"email": "eve@example.com"}).status_code == 404


def test_signing_out_needs_a_form() -> None:
    client = people.owner()
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/admin/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/admin/").status_code == 302
