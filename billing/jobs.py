"""What a day does with money: invoices the renewals that may be charged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.template.defaultfilters import pluralize

from accounts.models import Period
from backoffice import days
from backoffice.days import Stuck
from backoffice.terms.words import day_words
from billing.services import issue_renewals, priced, unpriced


def renewals_to_invoice(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Period.objects.to_invoice(), "invoice_on", days_)


@days.job("Renewals are invoiced", left=renewals_to_invoice)
def invoice_renewals(vendor: str, day: date, at: datetime) -> int:
    """Issues the invoice of each next period that may be charged by now; Stuck where a price is missing, once
    everything that has one is invoiced."""
    due = Period.objects.to_invoice().due(vendor, "invoice_on", day)
    periods = priced(due).claim(days.CHUNK)
    if periods:
        issue_renewals(periods, on=day, at=at)
    elif lacking := unpriced(due).select_related("subscription").first():
        plan, months = lacking.subscription.plan, lacking.subscription.renewal_months
        waiting = unpriced(due).count()
        renewals = f"{waiting} renewal{pluralize(waiting, ' waits,s wait')}"
        raise Stuck(
            f"There is no price for the plan {plan!r} over {months} month{pluralize(months)} on "
            f"{day_words(lacking.renews_on)}. Add it under Prices: {renewals}."
        )
    return len(periods)
