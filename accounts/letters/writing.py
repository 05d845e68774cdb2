"""How letters are written. A reader always sees which clause a letter rests on, and what is only our reading is never
shown as the contract's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings

from accounts.models import Period, Subscription
from backoffice.terms.words import day_words


class Letter(NamedTuple):
    """Subject and body of a letter, as they go out."""

    subject: str
    body: str


def letter(subject: str, period: Period, text: Sequence[str], because: Sequence[dict[str, Any]]) -> Letter:
    """A letter to the customer of a period: greeting, paragraphs, the clauses it rests on, and who writes."""
    return letter_about(subject, period.subscription, text, because)


def letter_about(
    subject: str, subscription: Subscription, text: Sequence[str], because: Sequence[dict[str, Any]]
) -> Letter:
    """A letter to a customer about its contract, of the same parts."""
    customer = subscription.customer
    greeting = f"Dear {one_line(customer.contact_name or customer.name)},"
    parts = [greeting, *text, *reasons(subscription.terms.name, because), settings.OPERATOR_NAME]
    return Letter(subject, "\n\n".join(parts) + "\n")


def reasons(contract: str, because: Sequence[dict[str, Any]]) -> list[str]:
    """The clauses as paragraphs: first what the contract says, then what is our reading where it leaves it open."""
    heads = {
        False: f"What this rests on in your contract ({contract}), in our words:",
        True: "Our reading, where the contract leaves it open:",
    }
    paragraphs = []
    for is_reading, head in heads.items():
        items = [f"- {item['clause']}: {item['says']}." for item in because if item.get("reading", False) is is_reading]
        if items:
            paragraphs.append("\n".join([head, *items]))
    return paragraphs


def pay_by(period: Period) -> str:
    """The sentence about a renewal that is void when it is not paid, where the contract has such a thing."""
    return f"If it is not paid by {day_words(period.pay_by)}, the renewal is void." if period.pay_by else ""


def contract_name(period: Period) -> str:
    return period.subscription.terms.name


def one_line(text: str) -> str:
    """Text that people typed, made fit for a subject line, which may not break."""
    return " ".join(text.split())
