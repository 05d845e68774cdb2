"""What keeps a person's data from being erased now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.files import is_named
from accounts.models import (
    LIVE_CASES,
    OVER,
    AbuseReport,
    Administrator,
    Customer,
    EndUser,
    InboundMail,
    Licence,
    LooseFile,
    Membership,
    Notice,
    Reseller,
    Subscription,
    User,
)


def bars(person: Any, on: date) -> Iterator[str]:
    """``contract_open``, ``serves``, ``holds_licence``: the person is needed; ``letters_waiting``: some still leave;
    ``report_open``, ``mail_waits``, ``file_named``: what hangs on no contract is still in use."""
    yield from _of_strays(person)
    if isinstance(person, Administrator) and person.removed_on is None:
        yield "serves"
    if isinstance(person, User) and ((person.is_active and person.is_staff) or opens_anything(person)):
        yield "serves"
    if isinstance(person, Reseller) and person.customers.exists():
        yield "serves"
    if isinstance(person, EndUser) and held_licences(person).exists():
        yield "holds_licence"
    if isinstance(person, Customer):
        if Subscription.objects.filter(customer=person).exclude(state__in=OVER).exists():
            yield "contract_open"
        # A letter whose last try failed waits for staff, not for its sender.
        if Notice.objects.filter(customer=person, state=Notice.State.WAITING).exists():
            yield "letters_waiting"


def _of_strays(row: Any) -> Iterator[str]:
    if isinstance(row, AbuseReport) and in_hand(row):
        yield "report_open"
    if isinstance(row, InboundMail) and row.state == InboundMail.State.WAITING:
        yield "mail_waits"
    if isinstance(row, LooseFile) and is_named(row.file.name or ""):
        yield "file_named"


def in_hand(report: AbuseReport) -> bool:
    """Whether a report waits for staff, or the case goes on that it became."""
    return report.state == AbuseReport.State.WAITING or (report.case is not None and report.case.state in LIVE_CASES)


def held_licences(user: EndUser) -> QuerySet[Licence]:
    """Licences of contracts that are not over and that name the person."""
    return Licence.objects.filter(holder=user).exclude(subscription__state__in=OVER)


def opens_anything(user: User) -> bool:
    """Whether a membership lets the person see a reseller's customers, or a customer with a contract that the person
    serves."""
    if Membership.objects.filter(user=user, reseller__isnull=False).exists():
        return True
    serving = Administrator.objects.filter(removed_on=None, email__iexact=user.email, customer__memberships__user=user)
    running = Subscription.objects.filter(customer__in=serving.values("customer")).exclude(state__in=OVER)
    return running.exists()
