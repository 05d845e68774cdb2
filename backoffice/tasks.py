"""Celery's entrances. Each message is a hint; what is to be done stands in the database."""

from datetime import date

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from backoffice import clocks, days, outbox


@shared_task
def catch_up() -> None:
    """Every minute: run the days that have begun, unless staff open the days by hand."""
    if not settings.DAYS_BY_HAND:
        days.catch_up(at=timezone.now())


@shared_task
def run_day(vendor: str, day: str) -> None:
    """Run one vendor's day (ISO 8601)."""
    days.run_day(vendor, date.fromisoformat(day), at=timezone.now())


@shared_task
def poll() -> None:
    """Every minute: look at the clocks that are shorter than a day."""
    clocks.poll(at=timezone.now())


@shared_task
def deliver() -> None:
    """Every few seconds: send what is due in the outbox."""
    outbox.deliver(at=timezone.now())
