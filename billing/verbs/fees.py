"""Events of a timeline about work and use that is charged for by itself."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from accounts.models import Subscription
from backoffice.timeline import Fields, Makes, RefersTo, World, verb
from billing.models import FeeOrder
from billing.services import fees


class Quoted(Fields):
    ref: Annotated[str, Makes(FeeOrder)]
    subscription: Annotated[str, RefersTo(Subscription)]
    kind: Literal["restoration", "support", "migration", "bandwidth", "licence"]
    text: str
    estimate: Decimal
    unit_price: Decimal | None = None


@verb("fee quoted")
def quote(world: World, fields: Quoted, at: datetime) -> None:
    """A customer is told what some work, or use beyond its service, is expected to cost."""
    subscription = world.find(Subscription, fields.subscription)
    given = fields.model_dump(exclude={"ref", "subscription"})
    world.keep(fields.ref, fees.quote_fee(subscription=subscription, **given, on=at.date(), at=at))


class Approved(Fields):
    fee: Annotated[str, RefersTo(FeeOrder)]
    administrator: str
    backup_confirmed: bool = False


@verb("fee approved")
def approve(world: World, fields: Approved, at: datetime) -> None:
    """An administrator of the customer approves a fee."""
    fees.approve_fee(
        order=world.find(FeeOrder, fields.fee),
        administrator=fields.administrator,
        backup_confirmed=fields.backup_confirmed,
        at=at,
    )


class Charged(Fields):
    fee: Annotated[str, RefersTo(FeeOrder)]
    units: Decimal


@verb("fee charged")
def charge(world: World, fields: Charged, at: datetime) -> None:
    """The work is done, and charged for by what it really was."""
    fees.charge_fee(order=world.find(FeeOrder, fields.fee), units=fields.units, on=at.date(), at=at)
