"""Events of a timeline about customers and their contracts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from accounts import services, tickets
from accounts.models import Administrator, Customer, EndUser, Subscription, Ticket
from backoffice.terms.facts import Method, Party
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewCustomer(Fields):
    ref: Annotated[str, Makes(Customer)]
    name: str
    email: str
    country: str
    kind: str = "business"
    contact_name: str = ""
    billing_email: str = ""
    phone: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    vat_id: str = ""
    business_attested_on: date | None = None


@verb("customer")
def register_customer(world: World, fields: NewCustomer, at: datetime) -> None:
    """A customer comes into the books."""
    made = services.register_customer(**fields.model_dump(exclude={"ref"}), at=at)
    world.keep(fields.ref, made)


class NewSubscription(Fields):
    ref: Annotated[str, Makes(Subscription)]
    customer: Annotated[str, RefersTo(Customer)]
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
    subscription: Annotated[str, RefersTo(Subscription)]


@verb("first payment")
def confirm_payment(world: World, fields: Payment, at: datetime) -> None:
    """The first payment of a subscription that waited for it is confirmed."""
    services.confirm_payment(subscription=world.find(Subscription, fields.subscription), on=at.date())


class Notice(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    by: Party = "customer"


@verb("notice to stop")
def give_notice(world: World, fields: Notice, at: datetime) -> None:
    """One side tells the other that it wants to stop."""
    subscription = world.find(Subscription, fields.subscription)
    services.give_notice(subscription=subscription, notice_on=at.date(), by=fields.by)


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


class Naming(Fields):
    ref: Annotated[str, Makes(Administrator)]
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    name: str
    email: str
    phone: str = ""
    outsider: bool = False
    allowed_in_writing: bool = False


@verb("administrator")
def designate_administrator(world: World, fields: Naming, at: datetime) -> None:
    """A customer names somebody to manage its account with a vendor; one too many is refused and changes nothing."""
    person = services.Person(**fields.model_dump(exclude={"ref", "customer", "vendor"}))
    customer = world.find(Customer, fields.customer)
    named = services.designate_administrator(
        customer=customer, vendor=fields.vendor, person=person, on=at.date(), at=at
    )
    if named.administrator is not None:
        world.keep(fields.ref, named.administrator)


class KnownAdministrator(Fields):
    administrator: Annotated[str, RefersTo(Administrator)]


@verb("administrator goes")
def remove_administrator(world: World, fields: KnownAdministrator, at: datetime) -> None:
    """Somebody manages a customer's account no longer."""
    services.remove_administrator(administrator=world.find(Administrator, fields.administrator), on=at.date())


class NewEndUser(Fields):
    ref: Annotated[str, Makes(EndUser)]
    customer: Annotated[str, RefersTo(Customer)]
    username: str
    device_type: str = ""


@verb("end user")
def register_end_user(world: World, fields: NewEndUser, at: datetime) -> None:
    """A customer tells of a person who is to use what it subscribes to."""
    made = services.register_end_user(
        customer=world.find(Customer, fields.customer),
        username=fields.username,
        device_type=fields.device_type,
        on=at.date(),
    )
    world.keep(fields.ref, made)


class KnownEndUser(Fields):
    user: Annotated[str, RefersTo(EndUser)]


@verb("end user was seen")
def note_use(world: World, fields: KnownEndUser, at: datetime) -> None:
    """A person used the service."""
    services.note_use(user=world.find(EndUser, fields.user), on=at.date())


@verb("end user leaves")
def leave(world: World, fields: KnownEndUser, at: datetime) -> None:
    """A person leaves the customer: all access ends at once."""
    services.leave(user=world.find(EndUser, fields.user), on=at.date())


class Assigning(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    number: int = Field(ge=1)
    user: Annotated[str, RefersTo(EndUser)]
    asked_by: str


def _assign(world: World, fields: Assigning, at: datetime) -> None:
    licence = world.find(Subscription, fields.subscription).licences.get(number=fields.number)
    holder = world.find(EndUser, fields.user)
    services.assign_licence(licence=licence, holder=holder, asked_by=fields.asked_by, on=at.date())


@verb("licence")
def assign_licence(world: World, fields: Assigning, at: datetime) -> None:
    """A licence gets its first holder."""
    _assign(world, fields, at)


@verb("reassign a licence")
def reassign_licence(world: World, fields: Assigning, at: datetime) -> None:
    """A licence is to name another person; what the contract does not allow changes nothing."""
    _assign(world, fields, at)


class MoreSeats(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    seats: int = Field(ge=1)
    unit_price: Decimal = Field(ge=0)
    asked_by: str


@verb("add seats")
def add_seats(world: World, fields: MoreSeats, at: datetime) -> None:
    """A customer orders more seats; the price is one seat's for a whole period."""
    services.add_seats(
        subscription=world.find(Subscription, fields.subscription),
        seats=fields.seats,
        unit_price=fields.unit_price,
        asked_by=fields.asked_by,
        on=at.date(),
        at=at,
    )


class FewerSeats(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    numbers: list[int]
    asked_by: str


@verb("give up seats")
def give_up_seats(world: World, fields: FewerSeats, at: datetime) -> None:
    """A customer gives licences up; they stay until the contract lets them go."""
    subscription = world.find(Subscription, fields.subscription)
    services.give_up_seats(
        subscription=subscription, numbers=fields.numbers, asked_by=fields.asked_by, on=at.date(), at=at
    )


class Verification(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    state: str


@verb("verification")
def note_verification(world: World, fields: Verification, at: datetime) -> None:
    """A customer was asked who it is, or how that ended."""
    customer = world.find(Customer, fields.customer)
    services.note_verification(customer=customer, state=fields.state, on=at.date())
