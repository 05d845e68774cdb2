"""The letters about breaches and about what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.letters.writing import Letter, letter_about, one_line
from accounts.models import Breach, Subscription
from backoffice.terms.words import day_words


def breach_letter(breach: Breach) -> Letter:
    """Tells a customer what it has to put right, and until when."""
    subscription = breach.subscription
    plan = one_line(subscription.plan)
    cure = (
        f"Please put it right by {day_words(breach.cure_by)}; after that the contract may be ended."
        if breach.cure_by
        else "The contract gives no time to put it right, so it may be ended."
    )
    text = [
        f"This is a notice of a breach of your contract for {plan} ({subscription.terms.name}): "
        f"{breach.get_kind_display()}.",
        breach.detail.strip(),
        cure,
    ]
    return letter_about(f"Notice of a breach of your contract for {plan}", subscription, text, breach.because)


def overdue_letter(subscription: Subscription, since: date, because: Sequence[dict[str, Any]]) -> Letter:
    """Tells in writing that a payment is overdue, and what may stop because of it."""
    plan = one_line(subscription.plan)
    text = [
        f"A payment for your subscription to {plan} ({subscription.terms.name}) is overdue since {day_words(since)}. "
        "Please pay it now.",
        *(["If it stays unpaid, we may stop answering requests for support."] if because else []),
    ]
    return letter_about(f"A payment for {plan} is overdue", subscription, text, because)
