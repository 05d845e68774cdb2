"""What is done with people who come to the portal: staff invite them, and they choose their password once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.models import (
    Administrator,
    Agreement,
    Customer,
    Invitation,
    Membership,
    Reseller,
    Subscription,
    User,
)
from accounts.services.agreements import Signatory
from accounts.services.customers import NotPossible
from backoffice.terms.words import day_words

SECRET_BYTES = 32
# Long enough for a week's holiday, short enough that a forgotten letter opens nothing.
VALID_FOR = timedelta(days=7)


class Guest(NamedTuple):
    """Who is invited, and as what."""

    email: str
    role: str
    name: str = ""


class Invited(NamedTuple):
    """The membership, and the secret of the invitation; None for somebody who has a password already."""

    membership: Membership
    secret: str | None


def register_reseller(*, name: str, email: str, country: str, at: datetime, language: str = "en") -> Reseller:
    """A new reseller; ValidationError names each field that is not right."""
    reseller = Reseller(name=name, email=email, country=country, language=language, created_at=at)
    reseller.full_clean()
    reseller.save()
    return reseller


@transaction.atomic
def invite(*, guest: Guest, to: Reseller | Customer, at: datetime) -> Invited:
    """Lets a person see a reseller's customers, or a customer's contracts as its administrator.

    Somebody invited again has the new role, and an earlier link opens nothing any more. NotPossible for a customer
    that the person does not serve as an administrator, and for a person whose sign-in was closed; ValidationError for
    what is no address.
    """
    if isinstance(to, Customer) and not _serves(to, guest.email):
        raise NotPossible(f"{guest.email} is no administrator of {to}; name them as one first")
    user = _person(guest, at)
    where = {"reseller": to} if isinstance(to, Reseller) else {"customer": to}
    membership, _ = Membership.objects.update_or_create(
        user=user, **where, defaults={"role": guest.role}, create_defaults={"role": guest.role, "created_at": at}
    )
    return Invited(membership, None if user.has_usable_password() else _new_link(user, at))


def _serves(customer: Customer, email: str) -> bool:
    return Administrator.objects.filter(customer=customer, removed_on=None, email__iexact=email).exists()


def _person(guest: Guest, at: datetime) -> User:
    """The person of an address, locked; a new one cannot sign in until the invitation is accepted."""
    known = User.objects.select_for_update().filter(email=guest.email.lower()).first()
    if known is None:
        known = User(email=guest.email.lower(), name=guest.name, date_joined=at)
        known.set_unusable_password()
        known.full_clean()
        known.save()
    if not known.is_active:
        raise NotPossible(f"the sign-in of {known} was closed")
    return known


def _new_link(user: User, at: datetime) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = {"sha256": _digest(secret), "created_at": at, "expires_at": at + VALID_FOR}
    Invitation.objects.update_or_create(user=user, used_at=None, defaults=link)
    return secret


def open_invitation(secret: str, *, at: datetime) -> Invitation | None:
    """The invitation that a secret opens; unknown, used and expired look the same."""
    open_ones = Invitation.objects.select_related("user").filter(used_at=None, expires_at__gt=at, user__is_active=True)
    return open_ones.filter(sha256=_digest(secret)).first()


@transaction.atomic
def accept_invitation(*, secret: str, password: str, at: datetime) -> User:
    """Gives an invited person the password they chose; the link opens nothing after that.

    NotPossible for a link that opens nothing, ValidationError for a password that is too weak.
    """
    found = open_invitation(secret, at=at)
    held = Invitation.objects.select_for_update().filter(pk=found.pk, used_at=None).first() if found else None
    if held is None:
        raise NotPossible("this invitation opens nothing: it was used, or it is too old")
    user = User.objects.select_for_update().get(pk=held.user_id)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    Invitation.objects.filter(pk=held.pk).update(used_at=at)
    return user


def signatory_of(*, user: User, subscription: Subscription) -> Signatory:
    """As whom a person of the portal accepts for a contract's customer, and by what authority.

    Whom the customer has designated accepts as its administrator, or for themselves where the customer is that very
    person; whoever sells to the customer is its agent. NotPossible for anybody else.
    """
    name, customer = user.name or user.email, subscription.customer
    own = Membership.objects.filter(user=user, customer=customer).exists()
    serving = Administrator.objects.filter(
        customer=customer, vendor=subscription.vendor, email__iexact=user.email, removed_on=None
    ).first()
    if own and serving is not None:
        if customer.kind == Customer.Kind.INDIVIDUAL and customer.email.lower() == user.email:
            return Signatory(name)
        since = f"its designation as an administrator on {day_words(serving.added_on)}"
        return Signatory(name, capacity=Agreement.Capacity.ADMINISTRATOR, authority=since)
    sells = Membership.objects.filter(user=user, reseller=customer.reseller_id, reseller__isnull=False).first()
    if sells is None:
        raise NotPossible(f"{user} neither administers this contract nor sells it")
    where = f"{sells.get_role_display()} of {customer.reseller}, which sells to it, in the portal"
    return Signatory(name, capacity=Agreement.Capacity.AGENT, authority=where)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
