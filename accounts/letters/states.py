"""The letters about a contract that is suspended, served again, or ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.letters.writing import Letter, letter_about, one_line
from accounts.models import Subscription, Suspension
from backoffice.terms.words import day_words


def suspension_letter(suspension: Suspension) -> Letter:
    """Tells that a service is suspended: from when on, until when, and why."""
    subscription = suspension.subscription
    plan = one_line(subscription.plan)
    lasts = (
        f"until {day_words(suspension.until_on)}, that day included"
        if suspension.until_on
        else "until what it is suspended for is put right"
    )
    text = [
        f"Your subscription to {plan} ({subscription.terms.name}) is suspended from {day_words(suspension.from_on)} "
        f"on, {lasts}, because {suspension.get_reason_display()}.",
        "Its fees run on meanwhile.",
    ]
    return letter_about(f"Your subscription to {plan} is suspended", subscription, text, suspension.because)


def resumption_letter(suspension: Suspension, on: date) -> Letter:
    """Tells that a service is no longer suspended."""
    subscription = suspension.subscription
    plan = one_line(subscription.plan)
    text = [f"Your subscription to {plan} ({subscription.terms.name}) is served again from {day_words(on)} on."]
    return letter_about(f"Your subscription to {plan} is served again", subscription, text, [])


def termination_letter(subscription: Subscription, reason: str, on: date, because: Sequence[dict[str, Any]]) -> Letter:
    """Tells that a contract has ended, and why."""
    plan = one_line(subscription.plan)
    text = [
        f"Your subscription to {plan} ({subscription.terms.name}) has ended, because {reason}; {day_words(on)} was its "
        "last day."
    ]
    return letter_about(f"Your subscription to {plan} has ended", subscription, text, because)
