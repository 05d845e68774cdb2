"""How available the services were, month by month, by the same rule that credits are given by."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

from backoffice.terms.book import book
from backoffice.terms.money import zero
from backoffice.terms.sheet import Sheet
from billing.models import Outage, Service
from billing.policy.service_levels import CreditFacts, decide_sla_credit
from billing.policy.service_levels import Outage as OutageFacts


class Month(NamedTuple):
    """For how long a service was down in a month in all that was recorded, and how available it was as the contract
    counts that (None where it does not)."""

    minutes: int
    availability: Decimal | None

    def words(self, month: date) -> str:
        share = f", {self.availability}% available" if self.availability is not None else ""
        return f"{month:%B %Y}: {self.minutes:,} minutes{share}"


# A month in which nothing was recorded.
QUIET = Month(0, None)


def minutes_down(first: date, last: date) -> dict[tuple[str, str], dict[date, Month]]:
    """For each vendor and service that was down in the months between two first days: those months, by their first
    day."""
    zone_of = {vendor: book().newest(vendor).zone for vendor in book().vendors()}
    rows: dict[tuple[str, str], dict[date, list[Outage]]] = defaultdict(lambda: defaultdict(list))
    since = datetime.combine(first, time(0), UTC) - timedelta(days=1)
    for outage in Outage.objects.filter(began_at__gte=since, ended_at__isnull=False).order_by("began_at"):
        month = outage.began_at.astimezone(zone_of[outage.vendor]).date().replace(day=1)
        for service in [outage.service] if outage.service else _services(outage.vendor):
            if first <= month <= last:
                rows[outage.vendor, service][month].append(outage)
    return {
        (vendor, str(Service(service).label)): {
            month: _month(vendor, service, month, outages) for month, outages in months.items()
        }
        for (vendor, service), months in rows.items()
    }


def _services(vendor: str) -> list[str]:
    """What an outage of all services was an outage of: each that the contract counts by itself, else one."""
    terms = book().newest(vendor).service_credit
    every = terms is not None and terms.by_month is not None
    return list(Service.values) if every else [Service.EMAIL.value]


def _month(vendor: str, service: str, month: date, outages: list[Outage]) -> Month:
    seconds = sum(((one.ended_at or one.began_at) - one.began_at).total_seconds() for one in outages)
    return Month(int(seconds) // 60, _availability(book().sheet_for(vendor, month), service, month, outages))


def _availability(sheet: Sheet, service: str, month: date, outages: list[Outage]) -> Decimal | None:
    facts = CreditFacts(
        service=cast(Any, service),
        month=f"{month:%Y-%m}",
        monthly_fee=zero(sheet.currency.value),
        outages=tuple(
            OutageFacts(
                from_=one.began_at, to=one.ended_at or one.began_at, cause=cast(Any, one.cause), reported_on=None
            )
            for one in outages
        ),
        claimed_on=None,
        traceroutes=0,
        users_affected=1,
        users_total=1,
        in_breach=False,
        billed_directly=True,
    )
    decision = decide_sla_credit(sheet, facts)
    return decision.outcome.availability if decision.outcome else None


def _fact(outage: Outage) -> OutageFacts:
    cause = cast(Any, outage.cause)
    return OutageFacts(from_=outage.began_at, to=outage.ended_at or outage.began_at, cause=cause, reported_on=None)
