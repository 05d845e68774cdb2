"""What a rehearsal tells of breaches, of ends asked for and taken back, of successions, and of data."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Breach, DataStep, EndRequest, NoticeWithdrawal, PlannedEnd, Reason, Succession
from accounts.reports.happened import happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World


def breaches(world: World) -> Iterator[Happening]:
    """Each breach that was told, and the time to put it right."""
    for one in world.told(Breach.objects.select_related("subscription__customer")):
        figures = {"kind": one.kind, "by": one.by, "state": one.state, **days_of(one, ["cure_by", "may_end_from"])}
        until = f"until {day_words(one.cure_by)}" if one.cure_by else "with no time to put it right"
        says = f"{one.get_by_display().capitalize()} was told of a breach ({one.get_kind_display()}), {until}; "
        says += f"{one.get_state_display()}."
        yield happened_to(one.subscription, world, one.noticed_on, "breach", says, figures, one.because)


def planned_ends(world: World) -> Iterator[Happening]:
    """Each notice to stop that stands."""
    standing = PlannedEnd.objects.standing().filter(reason=Reason.NOTICE)
    for one in world.told(standing.select_related("subscription__customer")):
        says = f"It was told on {day_words(one.told_on)}; {day_words(one.ends_on)} is the last day of service."
        figures = {"by": one.by, **days_of(one, ["ends_on"])}
        yield happened_to(one.subscription, world, one.told_on, "notice to stop", says, figures, one.because)


def withdrawals(world: World) -> Iterator[Happening]:
    """Each notice to stop that was taken back."""
    for one in world.told(NoticeWithdrawal.objects.select_related("subscription__customer")):
        says = f"The notice of {day_words(one.notice_on)} was taken back: it renews after {day_words(one.ends_on)}."
        figures = days_of(one, ["notice_on", "ends_on"])
        yield happened_to(one.subscription, world, one.on, "notice taken back", says, figures, one.because)


def end_requests(world: World) -> Iterator[Happening]:
    """Each end that was asked for before its time, and when it was complete."""
    for one in world.told(EndRequest.objects.select_related("subscription__customer")):
        done = f"it was complete on {day_words(one.ended_on)}" if one.ended_on else "it is not complete yet"
        says = f"An end was asked for; {done}."
        figures = days_of(one, ["ended_on"])
        yield happened_to(one.subscription, world, one.asked_on, "end asked for", says, figures, one.because)


def successions(world: World) -> Iterator[Happening]:
    """Each death and merger of an account holder."""
    for one in world.told(Succession.objects.select_related("subscription__customer")):
        figures = {"event": one.event, "state": one.state, **days_of(one, ["may_end_until"])}
        says = f"We were told of a {one.get_event_display()}: {one.get_state_display()}."
        yield happened_to(one.subscription, world, one.told_on, "succession", says, figures, one.because)


def data_steps(world: World) -> Iterator[Happening]:
    """Each thing that becomes of an account and its data."""
    for one in world.told(DataStep.objects.select_related("subscription__customer")):
        figures = {"kind": one.kind, "state": one.state}
        kind = one.get_kind_display()
        says = f"{kind[0].upper()}{kind[1:]} ({one.get_state_display()})."
        yield happened_to(one.subscription, world, one.due_on, "data", says, figures, one.because)
