"""The letters about a contract that is suspended, served again, or ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.letters.writing import Letter, letter_about, one_line
from accounts.models import EndRequest, Reason, Subscription, Suspension
from accounts.policy.disposition import DataEnd, tell_data_end
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


def termination_letter(
    subscription: Subscription, because: Sequence[dict[str, Any]], data: DataEnd | None = None
) -> Letter:
    """Tells that a contract has ended, why, and what becomes of the account and its data."""
    last = f"; {day_words(subscription.ends_on)} was its last day" if subscription.ends_on else ""
    plan = one_line(subscription.plan)
    text = [
        f"Your subscription to {plan} ({subscription.terms.name}) has ended, "
        f"because {Reason(subscription.ends_reason).label}{last}.",
        *_data_words(data),
    ]
    return letter_about(f"Your subscription to {plan} has ended", subscription, text, because)


def _data_words(data: DataEnd | None) -> list[str]:
    """What the customer has to know of its data, and until when it can still move it."""
    if data is None:
        return []
    words = [f"What becomes of your account and data: {tell_data_end(data)}"]
    if data.migrate_until:
        words.append(f"Move whatever you want to keep by {day_words(data.migrate_until)}; you cannot do so later.")
    return words


def completion_letter(subscription: Subscription, request: EndRequest) -> Letter:
    """Tells that the end which a customer asked for is done; with this letter it is complete."""
    plan = one_line(subscription.plan)
    text = [
        f"On {day_words(request.asked_on)} you asked us to end your subscription to {plan} "
        f"({subscription.terms.name}). This is done: the end is complete with the sending of this message.",
    ]
    return letter_about(f"Your subscription to {plan} has ended", subscription, text, request.because)
