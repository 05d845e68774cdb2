"""What is done with customers themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.models import Customer, Erasure, Reseller
from accounts.refusals import NotPossible

__all__ = ["Details", "NotPossible", "locked_customer", "note_verification", "register_customer"]


class Details(TypedDict, total=False):
    """What may be known of a customer beyond its name, address and country."""

    kind: str
    contact_name: str
    billing_email: str
    phone: str
    language: str
    time_zone: str
    street: str
    postcode: str
    city: str
    region: str
    vat_id: str
    business_attested_on: date | None
    reseller: Reseller | None
    billed_by: str
    users_known_on: date | None


def register_customer(*, name: str, email: str, country: str, at: datetime, **details: Unpack[Details]) -> Customer:
    """A new customer; ValidationError names each field that is not right."""
    customer = Customer(name=name, email=email, country=country, created_at=at, **details)
    customer.full_clean()
    customer.save()
    return customer


def locked_customer(customer: Customer) -> Customer:
    """The customer as it is now, locked until the transaction ends, to be given something new; NotPossible for one that
    was erased: nobody knows any more who that is."""
    known = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if Erasure.objects.filter(customer=known, subject=known._meta.label_lower, state=Erasure.State.DONE).exists():
        raise NotPossible(f"customer {known.pk} was erased")
    return known


@transaction.atomic
def note_verification(*, customer: Customer, state: str, on: date) -> Customer:
    """Notes that a customer was asked who it is, or how that ended; ValidationError for a state that there is not.

    NotPossible for a day before the last such note.
    """
    known = Customer.objects.select_for_update().get(pk=customer.pk)
    if known.verification_on is not None and on < known.verification_on:
        raise NotPossible(f"the verification of {known} was noted on {known.verification_on} already")
    known.verification, known.verification_on = state, on
    known.full_clean()
    known.save(update_fields=["verification", "verification_on"])
    return known


@transaction.atomic
def note_affiliate(*, customer: Customer, head: Customer | None) -> Customer:
    """Notes which customer heads the group that a customer belongs to, or that it belongs to none.

    NotPossible for itself, and for chains: the head of a group belongs to no other group.
    """
    known = Customer.objects.select_for_update().get(pk=customer.pk)
    if head is not None and (head.pk == known.pk or head.affiliate_of_id or known.affiliates.exists()):
        raise NotPossible(f"customer {known.pk} and customer {head.pk} cannot be a group so")
    known.affiliate_of = head
    known.save(update_fields=["affiliate_of"])
    return known
