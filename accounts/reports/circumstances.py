"""What a rehearsal tells of what comes from outside."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Handover, MovedDeadline
from accounts.policy.assigning import ASSIGNING
from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World


def handovers(world: World) -> Iterator[Happening]:
    """Each contract that was to be handed on, and what the contract said to that."""
    for one in world.told(Handover.objects.select_related("subscription__customer")):
        says = ASSIGNING.get(one.reason, "The contract does not say whether it may be handed on.")
        figures: Figures = {"allowed": one.allowed, "reason": one.reason}
        yield happened_to(one.subscription, world, one.on, "handed on", says, figures, one.because)


def moved_deadlines(world: World) -> Iterator[Happening]:
    """Each deadline that a force majeure moved."""
    rows = MovedDeadline.objects.select_related(
        "event", "ticket__subscription__customer", "breach__subscription__customer"
    )
    for way in ("ticket", "breach"):
        found = world.told(rows.filter(**{f"{way}__isnull": False}), f"{way}__subscription__customer")
        for one in found:
            contract = getattr(one, way).subscription
            what = "The answer of support" if way == "ticket" else "The time to put a breach right"
            says = f"{what} is due on {day_words(one.new_due_on)} in place of {day_words(one.old_due_on)}."
            on = one.event.over_on or one.event.began_on
            days = days_of(one, ["old_due_on", "new_due_on"])
            yield happened_to(contract, world, on, "force majeure", says, days, one.because)
