"""Events of a timeline about our own contracts with vendors."""

from datetime import date, datetime
from typing import Annotated, Literal

from accounts import services
from accounts.models import Subscription, VendorClock, VendorContract
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewVendorContract(Fields):
    ref: Annotated[str, Makes(VendorContract)]
    vendor: str
    reference: str
    plan: str = ""
    subscription: Annotated[str | None, RefersTo(Subscription)] = None
    quantity: int = 1
    months: int | None = None
    commitment: bool = False


@verb("contract with a vendor")
def sign_vendor_contract(world: World, fields: NewVendorContract, at: datetime) -> None:
    """We sign a contract with a vendor, in which we are the customer."""
    behind = world.find(Subscription, fields.subscription) if fields.subscription else None
    supply = services.Supply(
        vendor=fields.vendor,
        reference=fields.reference,
        start=at.date(),
        plan=fields.plan,
        quantity=fields.quantity,
        cycle_months=fields.months,
        commitment=fields.commitment,
        subscription=behind,
    )
    world.keep(fields.ref, services.sign_vendor_contract(supply=supply, at=at))


class OurContract(Fields):
    contract: Annotated[str, RefersTo(VendorContract)]


class VendorBill(OurContract):
    number: str
    due_on: date


@verb("bill of a vendor")
def note_vendor_bill(world: World, fields: VendorBill, at: datetime) -> None:
    """A vendor bills us."""
    contract = world.find(VendorContract, fields.contract)
    services.note_vendor_bill(contract=contract, number=fields.number, due_on=fields.due_on, on=at.date(), at=at)


class VendorOutage(OurContract):
    service: Literal["voice", "chat", "email", "exchange"]


@verb("outage at a vendor")
def note_vendor_outage(world: World, fields: VendorOutage, at: datetime) -> None:
    """A vendor's service was down until today, for which we may claim a credit."""
    contract = world.find(VendorContract, fields.contract)
    services.note_vendor_outage(contract=contract, service=fields.service, ended_on=at.date(), at=at)


@verb("notice to stop to a vendor")
def end_vendor_contract(world: World, fields: OurContract, at: datetime) -> None:
    """We give a vendor notice to stop."""
    services.end_vendor_contract(contract=world.find(VendorContract, fields.contract), on=at.date(), at=at)


class Done(OurContract):
    kind: Literal["non_renewal", "payment", "dispute", "credit_claim", "leave", "change", "end"]
    about: str


@verb("deadline with a vendor is met")
def meet(world: World, fields: Done, at: datetime) -> None:
    """What a deadline of ours with a vendor wants is done."""
    contract = world.find(VendorContract, fields.contract)
    clock = VendorClock.objects.filter(contract=contract, kind=fields.kind, about=fields.about).first()
    if clock is None:
        raise services.NotPossible(f"there is no such deadline about {fields.about!r}")
    services.meet(clock=clock, on=at.date())
