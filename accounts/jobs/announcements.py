"""What a day does with events that customers are told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from accounts.models import Announcement
from accounts.services.circumstances import tell_announcement
from backoffice import days


def announcements_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Announcement.objects.to_tell(), "tell_on", days_)


@days.job("Customers are told of what happened", left=announcements_to_tell)
def tell_of_events(vendor: str, day: date, at: datetime) -> int:
    """Writes the letter about an event to each customer whose contract it concerns."""
    announcement = Announcement.objects.claim(vendor, day)
    # An event that concerns nobody is done all the same, and counts as one.
    return (tell_announcement(announcement, day=day, at=at, count=days.CHUNK) or 1) if announcement else 0
