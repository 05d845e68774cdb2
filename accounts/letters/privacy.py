"""Letters about personal data: that it is held, that somebody asked about it, that it was in danger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from accounts.letters.writing import Letter, one_line, reasons
from accounts.models import Administrator, DataBreach, DataRequest, Subscription
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, moment_words

Because = Sequence[dict[str, Any]]


def information_letter(person: Administrator, sheet: Sheet, users_told_by_customer: bool, because: Because) -> Letter:
    """What somebody is told whose data another person gave us (GDPR, article 14)."""
    users = "When you give us the data of users, tell them so at that time." if users_told_by_customer else ""
    text = [
        f"your company named you as an administrator of its account for {sheet.name}. For that we hold your name, "
        "your e-mail address and, where it was given, your telephone number.",
        f"{settings.OPERATOR_NAME} uses them to carry out the contract: orders, deliveries, support and invoices. They "
        "are seen by those who work on it here and at the vendor, and go when they are needed no longer.",
        "You may ask to see them, to have them corrected, erased or given to you, and you may object; you may also "
        "complain to a data protection authority.",
        *([users] if users else []),
    ]
    return _letter("Your data is held", person.name, text, sheet.name, because)


def request_letter(request: DataRequest, contract: Subscription, because: Because) -> Letter:
    """What a customer is told when one of its people asks about their data; it names nobody."""
    text = [
        f"one of your people ({request.get_subject_display()} {request.subject_id}) has asked us for "
        f"{request.get_kind_display()} of the data held of them.",
        f"We answer by {day_words(request.answer_by)} at the latest.",
    ]
    greeted = contract.customer.contact_name or contract.customer.name
    return _letter("A request about personal data", greeted, text, contract.terms.name, because)


def breach_letter(breach: DataBreach, subscription: Subscription, because: Because) -> Letter:
    """What a customer is told of a breach."""
    customer = subscription.customer
    persons = "Please tell those of your users whom it may concern." if breach.persons_to_tell else ""
    return _breach_letter(breach, customer.contact_name or customer.name, subscription, persons, because)


def breach_letter_to(breach: DataBreach, person: Administrator, subscription: Subscription, because: Because) -> Letter:
    """What a person is told of a breach that is a high risk to them (GDPR, article 34)."""
    advice = "Change what you sign in with, and be wary of messages that speak of this."
    return _breach_letter(breach, person.name, subscription, advice, because)


def _breach_letter(breach: DataBreach, name: str, contract: Subscription, closing: str, because: Because) -> Letter:
    noticed = moment_words(breach.noticed_at.astimezone(contract.terms.zone))
    text = [
        f"on {noticed} a breach of personal data was noticed. {breach.what}",
        f"It concerns {breach.categories}; about {breach.persons} persons.",
        f"What is done about it: {breach.measures}" if breach.measures else "We will tell you what is done about it.",
        *([closing] if closing else []),
    ]
    return _letter("A breach of personal data", name, text, contract.terms.name, because)


def _letter(subject: str, name: str, text: Sequence[str], contract: str, because: Because) -> Letter:
    agreed = [item for item in because if not item["clause"].startswith("GDPR")]
    law = [f"- {item['clause']}: {item['says']}." for item in because if item["clause"].startswith("GDPR")]
    parts = [f"Dear {one_line(name)},", *text, *reasons(contract, agreed)]
    parts += ["\n".join(["The law:", *law])] if law else []
    return Letter(subject, "\n\n".join([*parts, settings.OPERATOR_NAME]) + "\n")
