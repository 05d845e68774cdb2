"""What a day does with changes of contracts: plans them, tells customers of them, and lets them take effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.models import Amendment, AmendmentNotice
from accounts.services.amendment_plans import plan_notices
from accounts.services.amendments import take_effect, tell_customers
from backoffice import days


def amendments_to_plan(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Amendment.objects.to_plan(), "published_on", days_)


@days.job("Changes of terms reach their contracts", left=amendments_to_plan)
def plan_amendments(vendor: str, day: date, at: datetime) -> int:
    """Plans a change for the contracts that it reaches; what a chunk does belongs to one change."""
    amendment = Amendment.objects.claim(vendor, day)
    # A change that reaches nobody is done all the same, and counts as one.
    return (plan_notices(amendment, day=day, count=days.CHUNK) or 1) if amendment else 0


def customers_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(AmendmentNotice.objects.to_tell(), "tell_on", days_)


@days.job("Customers are told of changes of terms", left=customers_to_tell)
def tell_of_amendments(vendor: str, day: date, at: datetime) -> int:
    """Writes the letter about a change to each customer, with what changes, from when on, and what it may do."""
    notices = AmendmentNotice.objects.to_tell().claim(vendor, "tell_on", day, days.CHUNK)
    tell_customers(notices, day=day, at=at)
    return len(notices)


def changes_to_make(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(AmendmentNotice.objects.to_move(), "moves_on", days_)


@days.job("Changes of terms take effect", left=changes_to_make)
def let_amendments_take_effect(vendor: str, day: date, at: datetime) -> int:
    """Puts the contracts whose customers stayed under the new version, from the day on that the contract said."""
    notices = AmendmentNotice.objects.to_move().claim(vendor, "moves_on", day, days.CHUNK)
    take_effect(notices, day=day)
    return len(notices)
