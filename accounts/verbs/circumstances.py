"""Events of a timeline that come from outside."""

from datetime import date, datetime
from typing import Annotated, Literal

from accounts import services
from accounts.models import Customer, ForceMajeure, Subscription
from backoffice.terms.sections.circumstances import NewParty
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class Event(Fields):
    vendor: str
    kind: Literal["change", "end", "error"]
    text: str
    plan: str = ""


@verb("event to tell of")
def announce(world: World, fields: Event, at: datetime) -> None:
    """A third party changes or ends what the service contains, or an error is found at another user's."""
    services.announce(**fields.model_dump(), happened_on=at.date(), on=at.date(), at=at)


class Prevented(Fields):
    ref: Annotated[str, Makes(ForceMajeure)]
    vendor: str
    text: str
    began_on: date
    subscription: Annotated[str | None, RefersTo(Subscription)] = None


@verb("force majeure")
def note_force_majeure(world: World, fields: Prevented, at: datetime) -> None:
    """Something beyond its control prevents the vendor's side, or one customer, who tells us of it."""
    about = world.find(Subscription, fields.subscription) if fields.subscription else None
    known = fields.model_dump(exclude={"ref", "subscription"})
    world.keep(fields.ref, services.note_force_majeure(**known, subscription=about, on=at.date(), at=at))


class Over(Fields):
    event: Annotated[str, RefersTo(ForceMajeure)]


@verb("force majeure is over")
def end_force_majeure(world: World, fields: Over, at: datetime) -> None:
    """Today is the first day without it: the deadlines that it excused move."""
    services.end_force_majeure(event=world.find(ForceMajeure, fields.event), over_on=at.date())


class Handing(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    to: Annotated[str, RefersTo(Customer)]
    relation: NewParty = "other"
    consent: bool = False
    told_in_writing: bool = False
    bound: bool = False


@verb("contract is handed on")
def hand_contract_on(world: World, fields: Handing, at: datetime) -> None:
    """A customer wants another to take its contract over; what the contract does not allow changes nothing."""
    known = fields.model_dump(include={"relation", "consent", "told_in_writing", "bound"})
    contract, to = world.find(Subscription, fields.subscription), world.find(Customer, fields.to)
    services.hand_contract_on(subscription=contract, to=to, on=at.date(), at=at, **known)
