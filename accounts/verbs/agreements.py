"""Events of a timeline about what was agreed: texts, their acceptance, resale, special terms, owners, confirmations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.core.files.base import ContentFile
from pydantic import Field

from accounts import services
from accounts.models import (
    Agreement,
    ContractDocument,
    Customer,
    EndUser,
    ResalePermission,
    Reseller,
    SpecialTerm,
    Subscription,
)
from accounts.verbs.contracts import NewSubscription, order_of
from backoffice.terms.book import book
from backoffice.terms.sections.agreements import CustomerClass
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewText(Fields):
    ref: Annotated[str, Makes(ContractDocument)]
    vendor: str
    kind: str
    title: str
    version: str
    text: str


@verb("contract text")
def add_text(world: World, fields: NewText, at: datetime) -> None:
    """A text of the contract in force is put into the books, to be accepted."""
    made = services.add_document(
        sheet=book().sheet_for(fields.vendor, at.date()).id,
        kind=fields.kind,
        title=fields.title,
        version=fields.version,
        file=ContentFile(fields.text.encode(), f"{fields.kind}.txt"),
        at=at,
    )
    world.keep(fields.ref, made)


class Acceptance(Fields):
    ref: Annotated[str, Makes(Agreement)]
    text: Annotated[str, RefersTo(ContractDocument)]
    subscription: Annotated[str | None, RefersTo(Subscription)] = None
    user: Annotated[str | None, RefersTo(EndUser)] = None
    reseller: Annotated[str | None, RefersTo(Reseller)] = None
    how: str = "portal"
    name: str = ""
    role: str = ""
    capacity: str = "self"
    authority: str = ""
    told_by: str = ""
    evidence: str = ""


@verb("text accepted")
def accept(world: World, fields: Acceptance, at: datetime) -> None:
    """A text is accepted for a subscription, by a user, or by who resells; or it is told that it was."""
    made = services.accept(
        document=world.find(ContractDocument, fields.text),
        subscription=world.find(Subscription, fields.subscription) if fields.subscription else None,
        end_user=world.find(EndUser, fields.user) if fields.user else None,
        reseller=world.find(Reseller, fields.reseller) if fields.reseller else None,
        by=services.Signatory(fields.name, fields.role, fields.capacity, fields.authority),
        how=fields.how,
        told_by=fields.told_by,
        evidence=fields.evidence,
        at=at,
    )
    world.keep(fields.ref, made)


class Power(Fields):
    agreement: Annotated[str, RefersTo(Agreement)]
    reference: str


@verb("power filed")
def file_power(world: World, fields: Power, at: datetime) -> None:
    """The signed power of an agent who accepted for a customer comes into the files."""
    agreement = world.find(Agreement, fields.agreement)
    services.file_power(agreement=agreement, reference=fields.reference, on=at.date())


class NewPermission(Fields):
    ref: Annotated[str, Makes(ResalePermission)]
    vendor: str
    kind: str = "written_permission"
    reference: str
    customer: Annotated[str | None, RefersTo(Customer)] = None
    reseller: Annotated[str | None, RefersTo(Reseller)] = None
    until: date | None = None


@verb("permission to resell")
def record_permission(world: World, fields: NewPermission, at: datetime) -> None:
    """A vendor allows in writing that its service is passed on, for one customer or for all."""
    made = services.record_permission(
        vendor=fields.vendor,
        kind=fields.kind,
        reference=fields.reference,
        customer=world.find(Customer, fields.customer) if fields.customer else None,
        reseller=world.find(Reseller, fields.reseller) if fields.reseller else None,
        from_on=at.date(),
        until_on=fields.until,
        at=at,
    )
    world.keep(fields.ref, made)


class ResaleOrder(NewSubscription):
    title_retained: bool = True


@verb("order for resale")
def order_for_resale(world: World, fields: ResaleOrder, at: datetime) -> None:
    """A customer orders what it means to pass on; what the contract bars makes no subscription."""
    asked = services.order_for_resale(
        customer=world.find(Customer, fields.customer),
        order=order_of(fields, at),
        title_retained=fields.title_retained,
        at=at,
    )
    if asked.order.subscription is not None:
        world.keep(fields.ref, asked.order.subscription)


class NewSpecialTerm(Fields):
    ref: Annotated[str, Makes(SpecialTerm)]
    subscription: Annotated[str, RefersTo(Subscription)]
    key: str
    value: Any
    reference: str
    in_writing: bool = True


@verb("special term")
def agree_special_term(world: World, fields: NewSpecialTerm, at: datetime) -> None:
    """Something else than the contract says is agreed with one customer; where it does not count nothing changes."""
    agreed = services.agree_special_term(
        subscription=world.find(Subscription, fields.subscription),
        key=fields.key,
        value=fields.value,
        reference=fields.reference,
        in_writing=fields.in_writing,
        on=at.date(),
        at=at,
    )
    if agreed.special is not None:
        world.keep(fields.ref, agreed.special)


class KnownSpecialTerm(Fields):
    special_term: Annotated[str, RefersTo(SpecialTerm)]


@verb("special term ends")
def end_special_term(world: World, fields: KnownSpecialTerm, at: datetime) -> None:
    """What was agreed specially is over, and the contract's own value counts again."""
    services.end_special_term(special=world.find(SpecialTerm, fields.special_term), on=at.date())


class NewOwner(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    owner: Annotated[str, RefersTo(Customer)]
    controller: str = ""
    told_by: str = ""


@verb("service changes hands")
def record_owner(world: World, fields: NewOwner, at: datetime) -> None:
    """Another owns a service from now on, or controls it."""
    services.record_owner(
        subscription=world.find(Subscription, fields.subscription),
        owner=world.find(Customer, fields.owner),
        controller=fields.controller,
        told_by=fields.told_by,
        from_on=at.date(),
        at=at,
    )


class NewConfirmation(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    customer_class: CustomerClass
    business_use: bool = True
    price: Decimal = Field(ge=0)


@verb("order confirmed")
def confirm_order(world: World, fields: NewConfirmation, at: datetime) -> None:
    """The form that confirms an order is made, where the contract has one for such a customer."""
    services.confirm_order(
        subscription=world.find(Subscription, fields.subscription),
        customer_class=fields.customer_class,
        business_use=fields.business_use,
        price=fields.price,
        at=at,
    )
