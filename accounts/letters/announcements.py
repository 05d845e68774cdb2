"""The letter about something that happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.letters.writing import Letter, letter_about, one_line
from accounts.models import Announcement, Subscription
from backoffice.terms.words import day_words

ABOUT = {
    Announcement.Kind.THIRD_PARTY_CHANGE: "A change of a third party's service",
    Announcement.Kind.THIRD_PARTY_END: "The end of a third party's service",
    Announcement.Kind.KNOWN_ERROR: "An error that was found",
    Announcement.Kind.FORCE_MAJEURE: "Something beyond our control",
}


def announcement_letter(
    announcement: Announcement, subscription: Subscription, says: str, because: Sequence[dict[str, Any]]
) -> Letter:
    """Tells what happened, when, and what the contract says of it."""
    plan = one_line(subscription.plan)
    subject = f"{ABOUT[Announcement.Kind(announcement.kind)]}: {plan}"
    when = f"This concerns your subscription to {plan}, since {day_words(announcement.happened_on)}."
    return letter_about(subject, subscription, [part for part in (announcement.text, when, says) if part], because)
