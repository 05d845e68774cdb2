"""Events of a timeline about who sells on under the operator, and who may come into the portal."""

from datetime import datetime
from typing import Annotated

from accounts import services
from accounts.models import Administrator, Reseller
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewReseller(Fields):
    ref: Annotated[str, Makes(Reseller)]
    name: str
    email: str
    country: str


@verb("reseller")
def register_reseller(world: World, fields: NewReseller, at: datetime) -> None:
    """A company begins to sell on under the operator."""
    world.keep(fields.ref, services.register_reseller(**fields.model_dump(exclude={"ref"}), at=at))


class Member(Fields):
    reseller: Annotated[str, RefersTo(Reseller)]
    email: str
    name: str = ""
    role: str = "manager"


@verb("portal member")
def invite_member(world: World, fields: Member, at: datetime) -> None:
    """Somebody of a reseller is let into the portal; a timeline sends nobody the link."""
    guest = services.Guest(fields.email, fields.role, fields.name)
    services.invite(guest=guest, to=world.find(Reseller, fields.reseller), at=at)


class InvitedAdministrator(Fields):
    administrator: Annotated[str, RefersTo(Administrator)]
    role: str = "manager"


@verb("portal administrator")
def invite_administrator(world: World, fields: InvitedAdministrator, at: datetime) -> None:
    """A customer's administrator is let into the portal; a timeline sends nobody the link."""
    served = world.find(Administrator, fields.administrator)
    services.invite(guest=services.Guest(served.email, fields.role, served.name), to=served.customer, at=at)
