"""What a day does with terms: tells customers of renewals, and renews or ends the terms that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.letters import renewal_letter
from accounts.models import Notice, Period, Subscription
from accounts.notices import about_period, write_notices
from accounts.services import close_periods, together
from backoffice import days
from backoffice.terms.book import book


@days.first_days
def first_starts() -> dict[str, date]:
    """The earliest start of each vendor's running subscriptions; vendors without any are left out."""
    running = Subscription.objects.running().order_by("start")
    firsts = (running.filter(vendor=vendor).values_list("vendor", "start").first() for vendor in book().vendors())
    return {first[0]: first[1] for first in firsts if first and first[1]}


def renewals_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Period.objects.to_notice(), "tell_on", days_)


@days.job("Customers are told of renewals", left=renewals_to_tell)
def tell_of_renewals(vendor: str, day: date, at: datetime) -> int:
    """Writes the renewal notice that a contract asks for, with every date and clause, and lets the outbox send it."""
    periods = Period.objects.to_notice().due(vendor, "tell_on", day).claim(days.CHUNK)
    drafts = [
        about_period(
            Notice.Kind.RENEWAL,
            period,
            because,
            due_on=period.renewal_notice_on,
            written_on=day,
            letter=renewal_letter(period, because),
        )
        for period, because in ((one, together(one.because, one.tell_because)) for one in periods)
        if period.renewal_notice_on
    ]
    write_notices(drafts, at=at)
    Period.objects.filter(pk__in=[period.pk for period in periods]).update(noticed_on=day)
    return len(periods)


def terms_to_close(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Period.objects.to_close(), "closes_on", {v: _day_before(day) for v, day in days_.items()})


@days.job("Terms renew or end", left=terms_to_close)
def renew_or_end(vendor: str, day: date, at: datetime) -> int:
    """Where the last day of a period was yesterday or before: opens the next one, or ends the subscription."""
    periods = Period.objects.to_close().due(vendor, "closes_on", _day_before(day)).claim(days.CHUNK)
    close_periods(periods, on=day, at=at)
    return len(periods)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
