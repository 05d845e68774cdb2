"""The letter before a renewal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.letters.writing import Letter, contract_name, letter, one_line, pay_by
from accounts.models import Period
from backoffice.terms.words import day_words


def renewal_letter(period: Period, because: Sequence[dict[str, Any]]) -> Letter:
    """Tells that a subscription is about to renew, and until when it can still be kept from renewing."""
    plan = one_line(period.subscription.plan)
    text = [
        f"Your subscription to {plan} ({contract_name(period)}) runs until {day_words(period.period_end)}. "
        f"Unless you tell us otherwise, it renews on {day_words(period.renews_on)}.",
        f"If you do not want it to renew, tell us by {day_words(period.non_renewal_by)} at the latest.",
        f"Payment for the next period is due on {day_words(period.due_on)}. {pay_by(period)}".rstrip(),
    ]
    return letter(f"Your subscription to {plan} renews on {day_words(period.renews_on)}", period, text, because)
