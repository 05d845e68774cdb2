"""What a rehearsal tells of the states of contracts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import OVER, Reason, StateChange
from accounts.reports.happened import happened_to
from backoffice.rehearsal import Happening
from backoffice.timeline import World

# The order, the beginning and the end are told with their days by the teller of contracts.
TOLD_ELSEWHERE = Q(reason__in=(Reason.ORDERED, Reason.BEGAN)) | Q(to_state__in=OVER)


def state_changes(world: World) -> Iterator[Happening]:
    """Each move of a contract from one state to another, and why."""
    changes = StateChange.objects.exclude(TOLD_ELSEWHERE).select_related("subscription__customer")
    for one in world.told(changes):
        figures = {"from": one.from_state, "to": one.to_state, "reason": one.reason}
        says = f"It is {one.get_to_state_display()}, because {one.get_reason_display()}."
        yield happened_to(one.subscription, world, one.on, "change of state", says, figures, one.because)
