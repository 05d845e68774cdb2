"""Which contracts a change reaches: it is planned for each of them, those included that begin while it is under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from accounts.models import Amendment, AmendmentNotice, Subscription


def reached_by(amendment: Amendment) -> QuerySet[Subscription]:
    """The running contracts that a change reaches."""
    contracts = Subscription.objects.running().filter(vendor=amendment.vendor)
    if amendment.old_sheet:
        contracts = contracts.filter(sheet=amendment.old_sheet)
    return contracts.filter(plan=amendment.plan) if amendment.plan else contracts


def plan_notices(amendment: Amendment, *, day: date, count: int) -> int:
    """Plans a change for some more of the contracts that it reaches, whose number it returns. The change is locked."""
    contracts = list(reached_by(amendment).filter(pk__gt=amendment.reached).order_by("pk")[: count + 1])
    now = contracts[:count]
    AmendmentNotice.objects.bulk_create((_planned(amendment, one, day) for one in now), ignore_conflicts=True)
    over = {"planned_on": day} if len(contracts) <= count else {}
    Amendment.objects.filter(pk=amendment.pk).update(reached=now[-1].pk if now else F("reached"), **over)
    return len(now)


def plan_for_new(contracts: Collection[Subscription], *, on: date) -> None:
    """Plans the changes that are under way for contracts that have only just come under the version which they replace,
    on a day: by an order, or by an earlier change that took effect later than this one was published."""
    under_way: dict[str, list[Amendment]] = defaultdict(list)
    for amendment in Amendment.objects.filter(old_sheet__in={one.sheet for one in contracts}):
        under_way[amendment.old_sheet].append(amendment)
    planned = [
        _planned(amendment, one, on)
        for one in contracts
        for amendment in under_way[one.sheet]
        if amendment.plan in ("", one.plan)
    ]
    AmendmentNotice.objects.bulk_create(planned, ignore_conflicts=True)


def _planned(amendment: Amendment, subscription: Subscription, day: date) -> AmendmentNotice:
    return AmendmentNotice(
        amendment=amendment,
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        tell_on=max(amendment.tell_on, day),
    )
