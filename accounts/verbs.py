"""Events of a timeline about customers and their contracts."""

from datetime import date, datetime

from accounts import services, tickets
from accounts.models import Customer, Subscription, Ticket
from backoffice.terms.facts import Method, Party
from backoffice.timeline import Fields, World, verb


class NewCustomer(Fields):
    ref: str
    name: str
    email: str
    country: str


@verb("customer")
def register_customer(world: World, fields: NewCustomer, at: datetime) -> None:
    """A customer comes into the books."""
    made = services.register_customer(name=fields.name, email=fields.email, country=fields.country, at=at)
    world.keep(fields.ref, made)


class NewSubscription(Fields):
    ref: str
    customer: str
    vendor: str
    plan: str
    quantity: int = 1
    months: int | None = None
    commitment: bool = False
    method: Method
    payment_confirmed_on: date | None = None
    agreed_start: date | None = None


@verb("subscription")
def subscribe(world: World, fields: NewSubscription, at: datetime) -> None:
    """A customer orders and accepts the terms of that day."""
    order = services.Order(
        vendor=fields.vendor,
        plan=fields.plan,
        method=fields.method,
        accepted_on=at.date(),
        quantity=fields.quantity,
        cycle_months=fields.months,
        commitment=fields.commitment,
        payment_confirmed_on=fields.payment_confirmed_on,
        agreed_start=fields.agreed_start,
    )
    world.keep(fields.ref, services.subscribe(customer=world.find(Customer, fields.customer), order=order, at=at))


class Payment(Fields):
    subscription: str


@verb("first payment")
def confirm_payment(world: World, fields: Payment, at: datetime) -> None:
    """The first payment of a subscription that waited for it is confirmed."""
    services.confirm_payment(subscription=world.find(Subscription, fields.subscription), on=at.date())


class Notice(Fields):
    subscription: str
    by: Party = "customer"


@verb("notice to stop")
def give_notice(world: World, fields: Notice, at: datetime) -> None:
    """One side tells the other that it wants to stop."""
    subscription = world.find(Subscription, fields.subscription)
    services.give_notice(subscription=subscription, notice_on=at.date(), by=fields.by)


class NewTicket(Fields):
    ref: str
    subscription: str
    by_administrator: bool
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
    ticket: str
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
    ticket: str
    priority: str
    by: Party = "customer"


@verb("ticket reclassified")
def reclassify_ticket(world: World, fields: NewPriority, at: datetime) -> None:
    """A request for support is given another priority."""
    ticket = world.find(Ticket, fields.ticket)
    tickets.reclassify(ticket=ticket, priority=fields.priority, by=fields.by, at=at)


class KnownTicket(Fields):
    ticket: str


@verb("ticket answered")
def answer_ticket(world: World, fields: KnownTicket, at: datetime) -> None:
    """A request for support is answered."""
    tickets.answer(ticket=world.find(Ticket, fields.ticket), at=at)


@verb("ticket closed")
def close_ticket(world: World, fields: KnownTicket, at: datetime) -> None:
    """A request for support is over."""
    tickets.close(ticket=world.find(Ticket, fields.ticket), at=at)
