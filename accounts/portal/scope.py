"""Who sees what: every query of the portal starts here, and nowhere else.

A reseller's member sees the reseller's customers; an administrator whom we invited sees the contracts that they
administer, for as long as they do. Being staff opens nothing here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import (
    Administrator,
    AmendmentNotice,
    ContractDocument,
    Customer,
    EndUser,
    Licence,
    Membership,
    Notice,
    Subscription,
    User,
)

Row = TypeVar("Row", bound=Model)
READING = tuple(Membership.Role.values)
ACTING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)


class Scope:
    """The rows that one signed-in person may see, or, for ``roles`` that act, may act on."""

    def __init__(self, user: User, roles: Collection[str] = READING) -> None:
        self.user = user
        held = Membership.objects.filter(user=user, role__in=roles)
        self._resellers = held.filter(reseller__isnull=False).values("reseller")
        self._customers = held.filter(customer__isnull=False).values("customer")

    def customers(self) -> QuerySet[Customer]:
        serves = Exists(self._served(customer=OuterRef("pk")))
        return Customer.objects.filter(Q(reseller__in=self._resellers) | Q(pk__in=self._customers) & Q(serves))

    def subscriptions(self) -> QuerySet[Subscription]:
        serves = Exists(self._served(customer=OuterRef("customer"), vendor=OuterRef("vendor")))
        sold = Q(customer__reseller__in=self._resellers)
        return Subscription.objects.filter(sold | Q(customer__in=self._customers) & Q(serves))

    def licences(self) -> QuerySet[Licence]:
        return Licence.objects.filter(subscription__in=self.subscriptions(), gone=False)

    def end_users(self) -> QuerySet[EndUser]:
        return EndUser.objects.filter(customer__in=self.customers())

    def notices(self) -> QuerySet[Notice]:
        """Letters to customers; of one about no single contract, every administrator of the customer is told."""
        general = Q(subscription=None, customer__in=self.customers())
        told = Notice.objects.filter(party=Notice.Party.CUSTOMER)
        return told.filter(Q(subscription__in=self.subscriptions()) | general)

    def changes(self) -> QuerySet[AmendmentNotice]:
        """Changes of their contracts that the customers were told of."""
        told = AmendmentNotice.objects.exclude(told_on=None)
        return told.filter(subscription__in=self.subscriptions())

    def documents(self) -> QuerySet[ContractDocument]:
        """The texts that contracts of theirs are made under."""
        return ContractDocument.objects.filter(sheet__in=self.subscriptions().values("sheet"))

    def _served(self, **where: Any) -> QuerySet[Administrator]:
        return Administrator.objects.filter(removed_on=None, email__iexact=self.user.email, **where)


def one(rows: QuerySet[Row], number: int) -> Row:
    """The row with a number; the same 404 whether it is somebody else's or there is none."""
    row = rows.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def acting(user: User) -> Scope:
    """What a person may act on."""
    return Scope(user, ACTING)


def act_on(rows: QuerySet[Row], actable: QuerySet[Row], number: int) -> Row:
    """The row with a number, for somebody who may act on it: 404 for one they may not see, 403 for one they may."""
    row = one(rows, number)
    if not actable.filter(pk=number).exists():
        raise PermissionDenied
    return row
