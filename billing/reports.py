"""What a rehearsal tells of money: the invoices."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.reports import happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World
from billing.models import Invoice


def invoices(world: World) -> Iterator[Happening]:
    """Each invoice on the day it was issued."""
    for one in world.told(Invoice.objects.select_related("subscription__customer", "price")):
        says = (
            f"{one.amount} {one.currency} for {day_words(one.period_start)} to {day_words(one.period_end)}: "
            f"{one.quantity} at {one.price.amount} {one.currency} each, due on {day_words(one.due_on)}."
        )
        figures = {
            "amount": str(one.amount),
            "currency": one.currency,
            "quantity": one.quantity,
            "price": str(one.price.amount),
            **days_of(one, ["issued_on", "due_on", "period_start", "period_end"]),
        }
        yield happened_to(one.subscription, world, one.issued_on, "invoice", says, figures, one.because)


TELLERS = (invoices,)
