"""Events of a timeline about a customer's people."""

from datetime import datetime
from typing import Annotated

from accounts import services
from accounts.models import Administrator, Customer, EndUser
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


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
