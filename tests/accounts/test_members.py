"""Invitations to the portal: staff send them, they open once and not for ever, and nobody else can make them."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Customer, Invitation, Membership, User
from accounts.services import Guest, NotPossible, accept_invitation, invite, open_invitation
from tests import people
from tests.builders import NOON, make_administrator, make_customer, make_reseller, make_subscription
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-and-fine-password"
ADA = Guest("Ada@Example.com", "manager", "Ada Ader")
A_WEEK = timedelta(days=7)


def test_an_invited_person_chooses_a_password_once() -> None:
    membership, secret = invite(guest=ADA, to=make_reseller(), at=NOON)
    assert secret is not None
    assert not membership.user.has_usable_password()
    user = accept_invitation(secret=secret, password=PASSWORD, at=NOON + timedelta(hours=1))
    assert user.email == "ada@example.com"
    assert user.check_password(PASSWORD)
    with pytest.raises(NotPossible, match="opens nothing"):
        accept_invitation(secret=secret, password="another-long-password", at=NOON + timedelta(hours=2))


def test_an_invitation_is_open_for_a_week_and_only_its_hash_is_kept() -> None:
    _, secret = invite(guest=ADA, to=make_reseller(), at=NOON)
    assert secret is not None
    assert open_invitation(secret, at=NOON + A_WEEK - timedelta(seconds=1)) is not None
    assert open_invitation(secret, at=NOON + A_WEEK) is None
    assert secret not in str(Invitation.objects.values().get())


@pytest.mark.parametrize("secret", ["", "x", "\0", "é" * 500])
def test_what_is_no_secret_opens_nothing(secret: str) -> None:
    invite(guest=ADA, to=make_reseller(), at=NOON)
    assert open_invitation(secret, at=NOON) is None


def test_who_is_invited_again_has_one_link_and_the_new_role() -> None:
    reseller = make_reseller()
    _, first = invite(guest=ADA, to=reseller, at=NOON)
    membership, second = invite(guest=ADA._replace(role="viewer"), to=reseller, at=NOON)
    assert first is not None and second is not None
    assert open_invitation(first, at=NOON) is None
    assert open_invitation(second, at=NOON) is not None
    assert membership.role == "viewer"
    assert Membership.objects.count() == 1


def test_who_has_a_password_keeps_it() -> None:
    User.objects.create_user("ada@example.com", PASSWORD)
    membership, secret = invite(guest=ADA, to=make_reseller(), at=NOON)
    assert secret is None
    assert membership.user.check_password(PASSWORD)
    assert not Invitation.objects.exists()


def test_only_an_administrator_is_invited_to_a_customer() -> None:
    subscription = make_subscription()
    with pytest.raises(NotPossible, match="no administrator"):
        invite(guest=ADA, to=subscription.customer, at=NOON)
    make_administrator(subscription, "ADA@example.com")
    assert invite(guest=ADA, to=subscription.customer, at=NOON).membership.customer == subscription.customer


def test_who_was_closed_is_not_let_in_again_by_an_invitation() -> None:
    User.objects.create_user("ada@example.com", PASSWORD, is_active=False)
    with pytest.raises(NotPossible, match="closed"):
        invite(guest=ADA, to=make_reseller(), at=NOON)


def test_a_weak_password_leaves_the_invitation_open() -> None:
    _, secret = invite(guest=ADA, to=make_reseller(), at=NOON)
    assert secret is not None
    with pytest.raises(ValidationError):
        accept_invitation(secret=secret, password="password1234", at=NOON)
    assert open_invitation(secret, at=NOON) is not None


def test_the_database_keeps_memberships_in_order() -> None:
    reseller, customer = make_reseller(), make_customer(reseller=make_reseller())
    invite(guest=ADA, to=reseller, at=NOON)
    held = Membership.objects.all()
    must_be_refused("membership_of_one", held, customer=customer)
    must_be_refused("membership_of_one", held, reseller=None)
    must_be_refused("membership_role", held, role="king")
    must_be_refused("invitation_expires_later", Invitation.objects.all(), expires_at=NOON)
    invitation = Invitation.objects.get()
    invitation.pk, invitation.sha256 = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        invitation.save()
    must_be_refused(
        "customer_billed_by_known", Customer.objects.filter(pk=customer.pk), billed_by="reseller", reseller=None
    )


def link_in(letter: Any) -> str:
    found = re.search(r"http://testserver(\S+)", str(letter.body))
    assert found is not None
    return found[1]


def invite_on_the_page(client: Client, **fields: Any) -> str:
    answered = client.post("/admin/accounts/membership/add/", {"name": "", "role": "owner", **fields}, follow=True)
    return answered.content.decode()


def test_staff_invite_and_the_guest_comes_in() -> None:
    cache.clear()
    reseller = make_reseller(name="Pond Ltd")
    assert "was written to" in invite_on_the_page(people.owner(), email="ada@example.com", reseller=reseller.pk)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.com"]
    assert "Pond Ltd" in str(letter.body)
    guest, link = Client(), link_in(letter)
    assert "ada@example.com" in guest.get(link).content.decode()
    wrong = guest.post(link, {"password": PASSWORD, "again": "something-else-entirely"})
    assert "The two are not the same." in wrong.content.decode()
    weak = guest.post(link, {"password": "short", "again": "short"})
    assert "at least 12 characters" in weak.content.decode()
    assert guest.post(link, {"password": PASSWORD, "again": PASSWORD}, follow=True).redirect_chain[-1][0] == "/portal/"
    again = Client().get(link)
    assert again.status_code == 404
    assert "opens nothing" in again.content.decode()
    later = Client()
    assert later.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD}).status_code == 302


def test_before_it_is_accepted_a_forgotten_password_mails_nothing() -> None:
    cache.clear()
    invite(guest=ADA, to=make_reseller(), at=NOON)
    assert Client().post("/account/password/reset/", {"email": "ada@example.com"}).status_code == 302
    assert mail.outbox == []


def test_an_old_link_says_so() -> None:
    _, secret = invite(guest=ADA, to=make_reseller(), at=timezone.now() - A_WEEK)
    assert Client().get(f"/portal/welcome/?key={secret}").status_code == 404


def test_an_administrator_is_invited_from_their_list() -> None:
    subscription = make_subscription()
    make_administrator(subscription, "ada@example.com")
    row = subscription.customer.administrators.get()
    people.owner().post("/admin/accounts/administrator/", {"action": "invite_to_portal", "_selected_action": [row.pk]})
    assert len(mail.outbox) == 1
    assert Membership.objects.get().customer == subscription.customer
    answered = people.clerk().post(
        "/admin/accounts/administrator/", {"action": "invite_to_portal", "_selected_action": [row.pk]}, follow=True
    )
    assert len(mail.outbox) == 1, answered.status_code


def test_an_invitation_needs_a_reseller_or_a_customer_and_only_one() -> None:
    owner, reseller, customer = people.owner(), make_reseller(), make_customer()
    for both in ({}, {"reseller": reseller.pk, "customer": customer.pk}):
        assert "Choose a reseller or a customer" in invite_on_the_page(owner, email="ada@example.com", **both)
    assert "is no administrator of" in invite_on_the_page(owner, email="ada@example.com", customer=customer.pk)
    assert not User.objects.filter(email="ada@example.com").exists()
    assert mail.outbox == []


def test_a_letter_that_could_not_be_sent_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, reseller = people.owner(), make_reseller()

    def no_server(*_: Any) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr("accounts.admin.portal.send_invitation", no_server)
        assert "could not be mailed" in invite_on_the_page(owner, email="ada@example.com", reseller=reseller.pk)
    membership = Membership.objects.get()
    owner.post("/admin/accounts/membership/", {"action": "send_again", "_selected_action": [membership.pk]})
    assert Client().get(link_in(mail.outbox[0])).status_code == 200


def test_who_has_a_password_is_told_where_to_sign_in() -> None:
    User.objects.create_user("ada@example.com", PASSWORD)
    invite_on_the_page(people.owner(), email="ada@example.com", reseller=make_reseller().pk)
    assert link_in(mail.outbox[0]) == "/"
    assert "the password you have" in str(mail.outbox[0].body)


def test_a_clerk_invites_nobody() -> None:
    answered = people.clerk().post("/admin/accounts/membership/add/", {"email": "eve@example.com", "role": "owner"})
    assert answered.status_code == 403


def test_an_invitations_secret_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    _, secret = invite(guest=ADA, to=make_reseller(), at=timezone.now())
    assert Client().get(f"/portal/welcome/?key={secret}").status_code == 200
    assert "/portal/welcome/" in caplog.text
    assert str(secret) not in caplog.text


def test_a_membership_is_taken_back_by_staff() -> None:
    people.member("ada", make_reseller())
    membership = Membership.objects.get()
    assert (
        people.owner().post(f"/admin/accounts/membership/{membership.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert not Membership.objects.exists()
