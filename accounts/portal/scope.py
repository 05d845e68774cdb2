"""Who sees what: every query of the portal starts here, and nowhere else.

A reseller's member sees the reseller's customers; an administrator whom we invited sees the contracts that they
administer, for as long as they do. Being staff opens nothing here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.functional import cached_property

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
        self._roles = roles

    @cached_property
    def _held(self) -> tuple[list[int], list[int]]:
        """The person's resellers, and the customers of whom they were made a member.

        Read first: by a few numbers a database finds rows through its indexes; asked a question within the question,
        it goes through every customer there is.
        """
        held = Membership.objects.filter(user=self.user, role__in=self._roles)
        pairs = list(held.values_list("reseller", "customer"))
        return [sold for sold, _ in pairs if sold], [own for _, own in pairs if own]

    @cached_property
    def _served(self) -> list[tuple[int, str]]:
        """For which of those customers the person is an administrator now, and of which vendor's contracts."""
        serving = Administrator.objects.filter(removed_on=None, email__iexact=self.user.email)
        return list(serving.filter(customer__in=self._held[1]).values_list("customer", "vendor"))

    @cached_property
    def _own(self) -> list[int]:
        """The contracts that the person administers."""
        customers = {customer for customer, _ in self._served}
        known = Subscription.objects.filter(customer__in=customers).values_list("pk", "customer", "vendor")
        return [pk for pk, *served in known if tuple(served) in self._served]

    def customers(self) -> QuerySet[Customer]:
        sold = Q(reseller__in=self._held[0])
        return Customer.objects.filter(sold | Q(pk__in={customer for customer, _ in self._served}))

    def subscriptions(self) -> QuerySet[Subscription]:
        return Subscription.objects.filter(Q(customer__reseller__in=self._held[0]) | Q(pk__in=self._own))

    def licences(self) -> QuerySet[Licence]:
        return Licence.objects.filter(subscription__in=self.subscriptions(), gone=False)

    def end_users(self) -> QuerySet[EndUser]:
        return EndUser.objects.filter(customer__in=self.customers())

    def notices(self) -> QuerySet[Notice]:
        """Letters to customers; of one about no single contract, every administrator of the customer is told."""
        sold = Q(customer__reseller__in=self._held[0])
        general = Q(subscription=None, customer__in={customer for customer, _ in self._served})
        told = Notice.objects.filter(party=Notice.Party.CUSTOMER)
        return told.filter(sold | Q(subscription__in=self._own) | general)

    def changes(self) -> QuerySet[AmendmentNotice]:
        """Changes of their contracts that the customers were told of."""
        told = AmendmentNotice.objects.exclude(told_on=None)
        return told.filter(subscription__in=self.subscriptions())

    def documents(self) -> QuerySet[ContractDocument]:
        """The texts that contracts of theirs are made under."""
        return ContractDocument.objects.filter(sheet__in=self.subscriptions().values("sheet"))


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
