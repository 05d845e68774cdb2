"""Events of a timeline about who subscribes."""

from datetime import date, datetime
from typing import Annotated

from accounts import services
from accounts.models import Customer, Reseller
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
    reseller: Annotated[str | None, RefersTo(Reseller)] = None
    billed_by: str = "operator"
    users_known_on: date | None = None


@verb("customer")
def register_customer(world: World, fields: NewCustomer, at: datetime) -> None:
    """A customer comes into the books."""
    told = fields.model_dump(exclude={"ref", "reseller"})
    reseller = world.find(Reseller, fields.reseller) if fields.reseller else None
    world.keep(fields.ref, services.register_customer(**told, reseller=reseller, at=at))


class Verification(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    state: str


@verb("verification")
def note_verification(world: World, fields: Verification, at: datetime) -> None:
    """A customer was asked who it is, or how that ended."""
    customer = world.find(Customer, fields.customer)
    services.note_verification(customer=customer, state=fields.state, on=at.date())
