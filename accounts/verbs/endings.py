"""Events of a timeline about how contracts end, or do not: stops, breaches, what is taken back, death and merger."""

from datetime import date, datetime
from typing import Annotated, Literal

from accounts import services
from accounts.models import Breach, EndRequest, Subscription, Succession
from accounts.policy.breach import Kind
from accounts.verbs.states import About
from backoffice.terms.facts import Party
from backoffice.terms.sections.ending import Ground
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class Stop(About):
    ground: Ground
    since: date
    how: Literal["suspend", "end"]
    until: date | None = None


@verb("stop without notice")
def stop(world: World, fields: Stop, at: datetime) -> None:
    """A contract is suspended or ended on a ground, as far as it allows that without notice."""
    services.stop_at_once(
        subscription=world.find(Subscription, fields.subscription),
        ground=fields.ground,
        since=fields.since,
        how=fields.how,
        until=fields.until,
        on=at.date(),
        at=at,
    )


class Withdrawal(About):
    agreed: bool = False


@verb("notice taken back")
def withdraw(world: World, fields: Withdrawal, at: datetime) -> None:
    """A customer wants its term to renew after all."""
    subscription = world.find(Subscription, fields.subscription)
    services.withdraw_notice(subscription=subscription, on=at.date(), at=at, agreed=fields.agreed)


class NewBreach(About):
    ref: Annotated[str, Makes(Breach)]
    kind: Kind
    detail: str
    remediable: bool = True
    by: Party = "customer"
    received_on: date | None = None


@verb("breach")
def tell_breach(world: World, fields: NewBreach, at: datetime) -> None:
    """One side is told of its breach, and of the time to put it right."""
    told = services.tell_breach(
        subscription=world.find(Subscription, fields.subscription),
        kind=fields.kind,
        detail=fields.detail,
        remediable=fields.remediable,
        by=fields.by,
        received_on=fields.received_on,
        on=at.date(),
        at=at,
    )
    if told.breach is None:
        raise services.NotPossible("the notice does not count, or the contract names no such breach")
    world.keep(fields.ref, told.breach)


class OfBreach(Fields):
    breach: Annotated[str, RefersTo(Breach)]


@verb("breach put right")
def put_right(world: World, fields: OfBreach, at: datetime) -> None:
    """A breach is put right, in time or too late."""
    services.put_right(breach=world.find(Breach, fields.breach), on=at.date(), at=at)


@verb("suspend over breach")
def suspend_over(world: World, fields: OfBreach, at: datetime) -> None:
    """The service is suspended over a breach, where that is allowed by now."""
    services.suspend_over(breach=world.find(Breach, fields.breach), on=at.date(), at=at)


@verb("end over breach")
def end_over(world: World, fields: OfBreach, at: datetime) -> None:
    """The contract is ended over a breach, if its time is over."""
    services.end_over(breach=world.find(Breach, fields.breach), on=at.date(), at=at)


@verb("overdue notice")
def tell_overdue(world: World, fields: About, at: datetime) -> None:
    """A customer is told in writing of what is overdue."""
    services.tell_overdue(subscription=world.find(Subscription, fields.subscription), on=at.date(), at=at)


@verb("end asked for")
def request_end(world: World, fields: About, at: datetime) -> None:
    """A customer asks for an end before its time, where the contract knows that."""
    services.request_end(subscription=world.find(Subscription, fields.subscription), on=at.date(), at=at)


@verb("end told complete")
def tell_end_complete(world: World, fields: About, at: datetime) -> None:
    """The customer is told that the end it asked for is done."""
    request = EndRequest.objects.filter(subscription=world.find(Subscription, fields.subscription)).first()
    if request is None:
        raise services.NotPossible("no end was asked for")
    services.tell_end_complete(request=request, on=at.date(), at=at)


class Event(About):
    event: Literal["death", "merger"]
    in_writing: bool = True


@verb("succession")
def note_succession(world: World, fields: Event, at: datetime) -> None:
    """The account holder died or merged with another company."""
    subscription = world.find(Subscription, fields.subscription)
    services.note_succession(
        subscription=subscription, event=fields.event, in_writing=fields.in_writing, on=at.date(), at=at
    )


@verb("end after merger")
def end_after_merger(world: World, fields: About, at: datetime) -> None:
    """The vendor ends a contract because its customer merged."""
    merger = Succession.objects.filter(
        subscription=world.find(Subscription, fields.subscription), event=Succession.Event.MERGER, state="open"
    ).first()
    if merger is None:
        raise services.NotPossible("no merger is open")
    services.end_after_merger(succession=merger, on=at.date(), at=at)


@verb("backup exclusion")
def exclude_from_backups(world: World, fields: About, at: datetime) -> None:
    """A customer asks for its space to be left out of the backups."""
    services.exclude_from_backups(subscription=world.find(Subscription, fields.subscription), on=at.date(), at=at)
