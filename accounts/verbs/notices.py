"""Events of a timeline about notices that come to us."""

from datetime import datetime
from typing import Annotated

from accounts import services
from accounts.models import Customer, Subscription
from accounts.services import Incoming
from backoffice.terms.facts import Party
from backoffice.terms.sections.notices import NoticeForm, NoticePurpose
from backoffice.timeline import Fields, RefersTo, World, verb


class NoticeToStop(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    by: Party = "customer"
    form: NoticeForm | None = None


@verb("notice to stop")
def give_notice(world: World, fields: NoticeToStop, at: datetime) -> None:
    """One side tells the other that it wants to stop; without a form, in one that counts."""
    subscription = world.find(Subscription, fields.subscription)
    form = fields.form or services.right_form(subscription, "non_renewal", fields.by, at)
    incoming = Incoming("non_renewal", form, at, sender=fields.by, subscription=subscription)
    services.receive_notice(incoming=incoming, at=at)


class FromCustomer(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    purpose: NoticePurpose
    form: NoticeForm


@verb("notice from customer")
def from_customer(world: World, fields: FromCustomer, at: datetime) -> None:
    """A customer gives us notice of something; whether it counts depends on its form."""
    subscription = world.find(Subscription, fields.subscription)
    incoming = Incoming(fields.purpose, fields.form, at, subscription=subscription)
    services.receive_notice(incoming=incoming, at=at)


class FromEndUser(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    purpose: NoticePurpose
    form: NoticeForm


@verb("notice from end user")
def from_end_user(world: World, fields: FromEndUser, at: datetime) -> None:
    """Somebody who uses what a customer subscribes to gives us notice of something."""
    customer = world.find(Customer, fields.customer)
    incoming = Incoming(fields.purpose, fields.form, at, sender="end_user", customer=customer, vendor=fields.vendor)
    services.receive_notice(incoming=incoming, at=at)


class FromVendor(Fields):
    vendor: str
    purpose: NoticePurpose
    form: NoticeForm
    subscription: Annotated[str | None, RefersTo(Subscription)] = None


@verb("notice from vendor")
def from_vendor(world: World, fields: FromVendor, at: datetime) -> None:
    """A vendor gives us notice of something, about all its contracts or about one."""
    subscription = world.find(Subscription, fields.subscription) if fields.subscription else None
    incoming = Incoming(
        fields.purpose, fields.form, at, sender="vendor", subscription=subscription, vendor=fields.vendor
    )
    services.receive_notice(incoming=incoming, at=at)
