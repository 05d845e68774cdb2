"""The letter that goes with an invoice."""

from __future__ import annotations

from accounts.letters import Letter, letter, one_line, pay_by
from accounts.models import Period
from backoffice.terms.words import day_words
from billing.models import Invoice


def invoice_letter(invoice: Invoice, period: Period) -> Letter:
    """Tells what the next period costs, until when it is to be paid, and how to keep it from renewing where it is not
    too late; ``period`` is the one before."""
    plan = one_line(invoice.plan)
    amount = f"{invoice.amount} {invoice.currency}"
    text = [
        f"Here is invoice {invoice.reference} for your subscription to {plan}: {amount} "
        f"for the period from {day_words(invoice.period_start)} to {day_words(invoice.period_end)}.",
        f"It is due on {day_words(invoice.due_on)}. {pay_by(period)}".rstrip(),
    ]
    if invoice.issued_on <= period.non_renewal_by:
        text.append(f"If you do not want to renew, tell us by {day_words(period.non_renewal_by)} at the latest.")
    return letter(
        f"Invoice {invoice.reference}: {amount}, due on {day_words(invoice.due_on)}", period, text, invoice.because
    )
