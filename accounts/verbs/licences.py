"""Events of a timeline about seats and whom they name."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from accounts import services
from accounts.models import EndUser, Subscription
from backoffice.timeline import Fields, RefersTo, World, verb


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
