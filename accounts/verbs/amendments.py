"""Events of a timeline about changes of contracts, and what customers do about them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from accounts import services
from accounts.models import Amendment, AmendmentNotice, Subscription
from accounts.policy.amendment import Subject
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class Change(Fields):
    ref: Annotated[str, Makes(Amendment)]
    vendor: str
    subject: Subject
    tell_on: date | None = None
    text: str = ""
    old_sheet: str = ""
    new_sheet: str = ""
    plan: str = ""
    old_price: Decimal | None = None
    new_price: Decimal | None = None
    emergency: bool = False
    exempt: bool = False


@verb("change of terms")
def publish_amendment(world: World, fields: Change, at: datetime) -> None:
    """A change of a contract is published: from one version to another, or of a price, a service, a policy."""
    old, new = fields.old_price, fields.new_price
    change = services.Publication(
        tell_on=fields.tell_on or at.date(),
        prices=(old, new) if old is not None and new is not None else None,
        **fields.model_dump(exclude={"ref", "tell_on", "old_price", "new_price"}),
    )
    world.keep(fields.ref, services.publish_amendment(change=change, on=at.date(), at=at))


class Reached(Fields):
    change: Annotated[str, RefersTo(Amendment)]
    subscription: Annotated[str, RefersTo(Subscription)]


def _notice(world: World, fields: Reached) -> AmendmentNotice:
    contract = world.find(Subscription, fields.subscription)
    found = AmendmentNotice.objects.filter(amendment=world.find(Amendment, fields.change), subscription=contract)
    if not found:
        raise services.NotPossible(f"the change {fields.change!r} does not reach {fields.subscription!r}")
    return found[0]


class Claim(Reached):
    words: str = ""


@verb("claim of material effect")
def claim_material_effect(world: World, fields: Claim, at: datetime) -> None:
    """A customer says that a change materially affects its use of the service."""
    services.claim_material_effect(notice=_notice(world, fields), words=fields.words, on=at.date(), at=at)


class Exit(Reached):
    in_writing: bool = True


@verb("leave over a change")
def leave_over_amendment(world: World, fields: Exit, at: datetime) -> None:
    """A customer wants to leave because of a change; what the contract does not allow changes nothing."""
    services.leave_over_amendment(notice=_notice(world, fields), in_writing=fields.in_writing, on=at.date(), at=at)


class Consent(Reached):
    how: str = "portal"
    name: str = ""
    role: str = ""
    capacity: str = "self"
    authority: str = ""


@verb("agree to a change")
def agree_to_amendment(world: World, fields: Consent, at: datetime) -> None:
    """A customer agrees to a change that needs it, or that it need not take yet, and so accepts its texts."""
    by = services.Signatory(fields.name, fields.role, fields.capacity, fields.authority)
    services.agree_to_amendment(notice=_notice(world, fields), by=by, how=fields.how, on=at.date(), at=at)


class Waiving(Reached):
    severe: bool = True
    words: str = ""


@verb("waive a change")
def waive_amendment(world: World, fields: Waiving, at: datetime) -> None:
    """The vendor is asked to spare one customer a change."""
    services.waive_amendment(
        notice=_notice(world, fields), severe=fields.severe, words=fields.words, on=at.date(), at=at
    )
