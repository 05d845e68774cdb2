"""The letters about who a customer is, and about what its contract wants it to show."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from accounts.letters.writing import Letter, letter_about, one_line, reasons
from accounts.models import EligibilityCase, Verification
from backoffice.terms.book import book
from backoffice.terms.words import day_words, listed

LACKS = {
    "outside_territory": "the registered office is not where the contract wants it",
    "no_european_contact": "there is neither a European telephone number nor a VAT number",
}


def verification_letter(verification: Verification) -> Letter:
    """Asks a customer to show who it is."""
    customer, contract = verification.customer, book().sheet(verification.sheet).name
    text = [
        f"Dear {one_line(customer.contact_name or customer.name)},",
        f"{contract} asks us to know who our customers are. Please show us a valid document: for a person a passport "
        "or an identity card, for a business an extract of its register.",
        "Do not send it by e-mail; ask us for a safe way. We keep the file sealed and destroy it after "
        f"{settings.IDENTITY_DOCUMENT_DAYS} days.",
        *reasons(contract, verification.because),
        settings.OPERATOR_NAME,
    ]
    return Letter("Please show us who you are", "\n\n".join(text) + "\n")


def eligibility_letter(case: EligibilityCase, may_end_from: date) -> Letter:
    """Reminds a customer of the documents that its contract wants, and of what follows without them."""
    plan = one_line(case.subscription.plan)
    text = [
        f"Your subscription to {plan} ({case.terms.name}) asks you to show by {day_words(case.documents_by)} that you "
        "are where the contract wants its customers to be. Your documents have not come.",
        f"If they have not come before {day_words(may_end_from)}, your subscription ends on that day and nothing is "
        "paid back.",
    ]
    return letter_about(f"Documents missing for your subscription to {plan}", case.subscription, text, case.because)


def eligibility_lost_letter(case: EligibilityCase) -> Letter:
    """Tells a customer that it is not what its contract wants it to be any more."""
    plan = one_line(case.subscription.plan)
    why = listed([LACKS[reason] for reason in case.reasons])
    text = [
        f"Your subscription to {plan} ({case.terms.name}) is for customers who meet its conditions for the whole term. "
        f"By what we know of you now you do not: {why}.",
        "If this is wrong, tell us, and show it.",
    ]
    return letter_about(f"Your subscription to {plan}: conditions not met", case.subscription, text, case.because)
