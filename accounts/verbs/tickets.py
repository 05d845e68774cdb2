"""Events of a timeline about requests for support."""

from datetime import date, datetime
from typing import Annotated

from accounts import tickets
from accounts.models import Subscription, Ticket
from backoffice.terms.facts import Party
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewTicket(Fields):
    ref: Annotated[str, Makes(Ticket)]
    subscription: Annotated[str, RefersTo(Subscription)]
    reporter_email: str
    subject: str
    reporter_name: str = ""
    priority: str = ""
    reason: str = ""
    severity: str = ""
    type: str = ""
    text: str = ""
    agreed_in_writing: bool = False


@verb("ticket")
def report_ticket(world: World, fields: NewTicket, at: datetime) -> None:
    """Somebody asks for support."""
    request = tickets.Request(**fields.model_dump(exclude={"ref", "subscription"}))
    subscription = world.find(Subscription, fields.subscription)
    world.keep(fields.ref, tickets.report(subscription=subscription, request=request, reported_at=at, at=at))


class MissingParts(Fields):
    ticket: Annotated[str, RefersTo(Ticket)]
    issuer: str | None = None
    reason: str | None = None
    severity: str | None = None
    type: str | None = None
    description: str | None = None


@verb("ticket completed")
def complete_ticket(world: World, fields: MissingParts, at: datetime) -> None:
    """The customer adds what a request for support lacked."""
    parts = {part: words for part in tickets.PARTS if (words := getattr(fields, part)) is not None}
    tickets.complete(ticket=world.find(Ticket, fields.ticket), parts=parts, at=at)


class NewPriority(Fields):
    ticket: Annotated[str, RefersTo(Ticket)]
    priority: str
    by: Party = "customer"


@verb("ticket reclassified")
def reclassify_ticket(world: World, fields: NewPriority, at: datetime) -> None:
    """A request for support is given another priority."""
    ticket = world.find(Ticket, fields.ticket)
    tickets.reclassify(ticket=ticket, priority=fields.priority, by=fields.by, at=at)


class KnownTicket(Fields):
    ticket: Annotated[str, RefersTo(Ticket)]


@verb("ticket answered")
def answer_ticket(world: World, fields: KnownTicket, at: datetime) -> None:
    """A request for support is answered."""
    tickets.answer(ticket=world.find(Ticket, fields.ticket), at=at)


@verb("ticket closed")
def close_ticket(world: World, fields: KnownTicket, at: datetime) -> None:
    """A request for support is over."""
    tickets.close(ticket=world.find(Ticket, fields.ticket), at=at)


class WorkAround(KnownTicket):
    next_release_on: date | None = None


@verb("work-around")
def work_around(world: World, fields: WorkAround, at: datetime) -> None:
    """An error gets a temporary correction; the next release holds the permanent one."""
    tickets.work_around(ticket=world.find(Ticket, fields.ticket), next_release_on=fields.next_release_on, at=at)


@verb("error corrected")
def correct(world: World, fields: KnownTicket, at: datetime) -> None:
    """An error is corrected for good."""
    tickets.correct(ticket=world.find(Ticket, fields.ticket), at=at)
