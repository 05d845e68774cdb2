"""Events of a timeline about the state of a contract: what is overdue or paid, suspensions, and ends at once."""

from datetime import date, datetime
from typing import Annotated

from accounts.models import Reason, Subscription
from accounts.services import states
from backoffice.timeline import Fields, RefersTo, World, verb


class About(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


class Overdue(About):
    since: date


@verb("overdue")
def note_overdue(world: World, fields: Overdue, at: datetime) -> None:
    """Something that a customer owes is overdue: its contract is past due."""
    subscription = world.find(Subscription, fields.subscription)
    states.note_overdue(subscription=subscription, since=fields.since, on=at.date(), at=at)


@verb("overdue paid")
def note_paid(world: World, fields: About, at: datetime) -> None:
    """Everything that was overdue is paid."""
    states.note_paid(subscription=world.find(Subscription, fields.subscription), on=at.date(), at=at)


class Suspend(About):
    reason: Reason
    until: date | None = None


@verb("suspend")
def suspend(world: World, fields: Suspend, at: datetime) -> None:
    """A contract is suspended, and its customer told why and for how long."""
    states.suspend(
        subscription=world.find(Subscription, fields.subscription),
        reason=fields.reason,
        because=[],
        on=at.date(),
        at=at,
        until=fields.until,
    )


class Resume(About):
    reason: Reason | None = None


@verb("resume")
def resume(world: World, fields: Resume, at: datetime) -> None:
    """What a contract was suspended for is over."""
    subscription = world.find(Subscription, fields.subscription)
    states.resume(subscription=subscription, on=at.date(), at=at, reason=fields.reason)


class Terminate(About):
    reason: Reason


@verb("end at once")
def terminate(world: World, fields: Terminate, at: datetime) -> None:
    """A contract is ended at once, whatever its period."""
    subscription = world.find(Subscription, fields.subscription)
    states.terminate(subscription=subscription, reason=fields.reason, because=[], on=at.date(), at=at)
