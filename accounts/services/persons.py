"""Which rows are one and the same person, and who an address belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, Q

from accounts.models import AbuseReport, Administrator, Customer, EndUser, InboundMail, Reseller, User

# Who we can know, by the columns that hold an address or what takes its place.
KINDS: Mapping[type[Model], tuple[str, ...]] = {
    Customer: ("email", "billing_email"),
    Administrator: ("email",),
    EndUser: ("username",),
    User: ("email",),
    Reseller: ("email",),
    AbuseReport: ("email",),
    InboundMail: ("sender",),
}


def rows_of(person: Any) -> list[Any]:
    """All rows that are this one person, the given one first: an administrator of several of a customer's contracts who
    also signs in is one, and so is a customer who is no business and manages its own account."""
    if isinstance(person, Administrator):
        same = Administrator.objects.filter(customer=person.customer_id, email__iexact=person.email)
        signs_in = User.objects.filter(email__iexact=person.email, memberships__customer=person.customer_id)
        return [person, *same.exclude(pk=person.pk).order_by("pk"), *signs_in.order_by("pk")]
    if isinstance(person, User):
        theirs = Q(customer__memberships__user=person, email__iexact=person.email)
        alone = Q(memberships__user=person, email__iexact=person.email, kind=Customer.Kind.INDIVIDUAL)
        serves = Administrator.objects.filter(theirs).distinct().order_by("pk")
        return [person, *serves, *Customer.objects.filter(alone).distinct().order_by("pk")]
    return [person]


def found_by(address: str) -> list[Any]:
    """Everybody whom an address belongs to, each row once."""
    found: dict[tuple[str, int], Any] = {}
    for model, columns in KINDS.items():
        same = Q(*((f"{column}__iexact", address) for column in columns), _connector=Q.OR)
        for row in model._base_manager.filter(same).order_by("pk"):
            for one in rows_of(row):
                found.setdefault((one._meta.label_lower, one.pk), one)
    return list(found.values())
