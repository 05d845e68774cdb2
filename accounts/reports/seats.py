"""What a rehearsal tells of seats."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import SeatChange
from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import counted, day_words
from backoffice.timeline import World


def seats(world: World) -> Iterator[Happening]:
    """Each change of seats, and what the added ones cost until the period ends."""
    for one in world.told(SeatChange.objects.select_related("subscription__customer")):
        figures: Figures = {
            "seats": one.seats,
            **days_of(one, ["asked_on", "effective_on", "charged_until"]),
            "amount": None if one.charge is None else str(one.charge),
            "currency": one.currency,
        }
        changed = f"{counted(one.seats, 'seat')} {one.get_kind_display()}"
        cost = "" if one.charge is None else f", {one.charge} {one.currency} for the rest of the period"
        says = f"{changed} from {day_words(one.effective_on)} on{cost}."
        yield happened_to(one.subscription, world, one.asked_on, "change of seats", says, figures, one.because)
