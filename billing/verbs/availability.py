"""Events of a timeline about outages, maintenance, and what is claimed for them."""

from datetime import datetime
from typing import Annotated, Literal

from accounts.models import ConductCase, Subscription
from accounts.services import NotPossible
from backoffice.terms.sections.money import OutageCause
from backoffice.timeline import Fields, Makes, RefersTo, World, verb
from billing import services
from billing.models import CreditClaim, Maintenance

Named = Literal["voice", "chat", "email", "exchange"]


class NewMaintenance(Fields):
    ref: Annotated[str, Makes(Maintenance)]
    vendor: str
    begins_at: datetime
    ends_at: datetime
    kind: Literal["planned", "hot_fix"] = "planned"
    service: Named | Literal[""] = ""
    server: str = ""
    text: str = ""


@verb("maintenance")
def plan_maintenance(world: World, fields: NewMaintenance, at: datetime) -> None:
    """Work on a service is planned, and its customers are told from this day on."""
    made = services.plan_maintenance(**fields.model_dump(exclude={"ref"}), tell_on=at.date(), at=at)
    world.keep(fields.ref, made)


class Down(Fields):
    vendor: str
    key: str
    began_at: datetime
    ended_at: datetime | None = None
    cause: OutageCause = "server"
    service: Named | Literal[""] = ""
    server: str = ""
    maintenance: Annotated[str | None, RefersTo(Maintenance)] = None
    case: Annotated[str | None, RefersTo(ConductCase)] = None


@verb("outage")
def record_outage(world: World, fields: Down, at: datetime) -> None:
    """A service was down. The same key again tells when it was over."""
    services.record_outage(
        **fields.model_dump(exclude={"maintenance", "case"}),
        maintenance=world.find(Maintenance, fields.maintenance) if fields.maintenance else None,
        case=world.find(ConductCase, fields.case) if fields.case else None,
        at=at,
    )


class Claimed(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    service: Named
    started_at: datetime
    ended_at: datetime | None = None
    evidence: str = ""
    users_affected: int | None = None
    detail: str = ""


@verb("credit claim")
def file_claim(world: World, fields: Claimed, at: datetime) -> None:
    """A customer reports an outage and claims the credit of that month; a further report completes the claim."""
    incident = services.Incident(**fields.model_dump(exclude={"subscription", "service"}))
    subscription = world.find(Subscription, fields.subscription)
    services.file_claim(subscription=subscription, service=fields.service, incident=incident, on=at.date(), at=at)


class Answered(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    service: Named
    month: str
    users_affected: int


@verb("credit claim answer")
def answer_claim(world: World, fields: Answered, at: datetime) -> None:
    """A claim for a month's credit is validated and answered."""
    subscription = world.find(Subscription, fields.subscription)
    claim = CreditClaim.objects.filter(subscription=subscription, service=fields.service, month=fields.month).first()
    if claim is None:
        raise NotPossible(f"{fields.subscription} claimed nothing for {fields.service} in {fields.month}")
    services.answer_claim(claim=claim, users_affected=fields.users_affected, on=at.date(), at=at)
