"""What a day does with our own contracts with vendors: opens their periods, and watches our deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Count

from accounts.models import VendorClock, VendorContract
from accounts.services.vendors import follow, open_period, watch
from backoffice import days
from backoffice.terms.book import book


@days.first_days
def first_vendor_days() -> dict[str, date]:
    """The earliest start of our contracts with each vendor."""
    found = (VendorContract.objects.filter(vendor=vendor).order_by("start").first() for vendor in book().vendors())
    return {contract.vendor: contract.start for contract in found if contract}


def contracts_to_open(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(VendorContract.objects.going_on(), "opens_on", days_)


@days.job("Our contracts with vendors go on", left=contracts_to_open)
def open_vendor_periods(vendor: str, day: date, at: datetime) -> int:
    """Makes the days of a contract's next period ours to watch, from the day on that it begins."""
    contracts = VendorContract.objects.claim(vendor, day, days.CHUNK)
    for contract in contracts:
        open_period(contract, at=at)
    return len(contracts)


def clocks_that_moved(days_: Mapping[str, date]) -> dict[str, int]:
    moved = VendorClock.objects.moved().filter(vendor__in=list(days_)).order_by()
    return dict(moved.values_list("vendor").annotate(Count("pk")))


@days.job("Our deadlines with vendors follow our customers' own", left=clocks_that_moved)
def follow_customers(vendor: str, day: date, at: datetime) -> int:
    """Winds the deadlines anew that stand behind a customer whose own last day for a notice has moved or is gone."""
    clocks = VendorClock.objects.claim_moved(vendor, days.CHUNK)
    follow(clocks)
    return len(clocks)


def clocks_to_watch(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(VendorClock.objects.to_watch(), "look_on", days_)


@days.job("Our own deadlines with vendors are watched", left=clocks_to_watch)
def watch_vendor_clocks(vendor: str, day: date, at: datetime) -> int:
    """Warns staff of deadlines of ours that come near, and notes those that have passed."""
    clocks = VendorClock.objects.to_watch().claim(vendor, day, days.CHUNK)
    watch(clocks, day=day)
    return len(clocks)
