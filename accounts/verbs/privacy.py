"""Events of a timeline about personal data: requests, erasures, breaches, and what becomes of data at the end."""

from datetime import datetime
from typing import Annotated, Any

from accounts.models import (
    Administrator,
    Customer,
    DataBreach,
    DataRequest,
    EndUser,
    PlannedDisposal,
    Subscription,
    User,
)
from accounts.services import own_data
from accounts.services.customers import note_affiliate
from accounts.services.data_breaches import Noticed, notice_breach, tell_authority
from accounts.services.data_requests import Asked, answer_request, extend_request, receive_request
from accounts.services.erasure import erase
from accounts.services.retention import note_returned, wish_for_data
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class OfPerson(Fields):
    customer: Annotated[str | None, RefersTo(Customer)] = None
    administrator: Annotated[str | None, RefersTo(Administrator)] = None
    user: Annotated[str | None, RefersTo(EndUser)] = None


def _person(world: World, fields: OfPerson) -> Any:
    """Whom an event is about; ValueError unless it names one."""
    kinds = ((Customer, fields.customer), (Administrator, fields.administrator), (EndUser, fields.user))
    named = [(kind, name) for kind, name in kinds if name is not None]
    if len(named) != 1:
        raise ValueError("name one of customer, administrator and user")
    return world.find(*named[0])


class NewDataRequest(OfPerson):
    ref: Annotated[str, Makes(DataRequest)]
    kind: str
    name: str
    email: str
    text: str = ""
    verified_how: str = ""


@verb("data request")
def receive(world: World, fields: NewDataRequest, at: datetime) -> None:
    """A person asks about the data that is held of them."""
    asked = Asked(fields.kind, fields.name, fields.email, fields.text, fields.verified_how)
    world.keep(fields.ref, receive_request(subject=_person(world, fields), asked=asked, received_at=at, at=at))


class LongerDataRequest(Fields):
    request: Annotated[str, RefersTo(DataRequest)]
    reason: str


@verb("data request takes longer")
def extend(world: World, fields: LongerDataRequest, at: datetime) -> None:
    """The person is told that the answer takes longer, and why."""
    extend_request(request=world.find(DataRequest, fields.request), reason=fields.reason, on=at.date())


class AnsweredDataRequest(Fields):
    request: Annotated[str, RefersTo(DataRequest)]
    granted: bool = True
    answer: str = ""


@verb("data request answered")
def answer(world: World, fields: AnsweredDataRequest, at: datetime) -> None:
    """A request is answered; one for erasure that is granted erases, or is refused for what stands in the way."""
    request = world.find(DataRequest, fields.request)
    answer_request(request=request, granted=fields.granted, answer=fields.answer, on=at.date(), at=at)


class SignedIn(Fields):
    email: str


def _user(email: str) -> User:
    """Who signs in with an address; ValueError where nobody does."""
    found = User.objects.filter(email=email.lower()).first()
    if found is None:
        raise ValueError(f"nobody signs in as {email}")
    return found


@verb("own archive")
def give_own_archive(world: World, fields: SignedIn, at: datetime) -> None:
    """Somebody who has signed in to the portal downloads all that is held of them."""
    own_data.give_archive(user=_user(fields.email), at=at)


class OwnErasure(SignedIn):
    ref: Annotated[str, Makes(DataRequest)]


@verb("own erasure asked")
def ask_own_erasure(world: World, fields: OwnErasure, at: datetime) -> None:
    """Somebody who has signed in to the portal asks for what is held of them to be erased."""
    first, *_ = own_data.ask(user=_user(fields.email), kind=DataRequest.Kind.ERASURE, at=at)
    world.keep(fields.ref, first)


@verb("erase")
def erase_person(world: World, fields: OfPerson, at: datetime) -> None:
    """Staff erase what is held of a person, or are told why not now."""
    erase(subject=_person(world, fields), on=at.date(), at=at)


class NewBreach(Fields):
    ref: Annotated[str, Makes(DataBreach)]
    what: str
    categories: str
    risk: str
    persons: int = 0
    measures: str = ""
    vendor: str = ""


@verb("data breach")
def breach(world: World, fields: NewBreach, at: datetime) -> None:
    """A breach of personal data is noticed."""
    noticed = Noticed(**fields.model_dump(exclude={"ref"}))
    world.keep(fields.ref, notice_breach(noticed=noticed, noticed_at=at, at=at))


class ToldAuthority(Fields):
    breach: Annotated[str, RefersTo(DataBreach)]
    late_because: str = ""


@verb("data breach told to the authority")
def told(world: World, fields: ToldAuthority, at: datetime) -> None:
    """The authority is told of a breach."""
    tell_authority(breach=world.find(DataBreach, fields.breach), told_at=at, at=at, late_because=fields.late_because)


class Affiliate(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    head: Annotated[str, RefersTo(Customer)]


@verb("affiliate")
def affiliate(world: World, fields: Affiliate, at: datetime) -> None:
    """A customer is found to belong to another one's group."""
    note_affiliate(customer=world.find(Customer, fields.customer), head=world.find(Customer, fields.head))


class Wish(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    wanted: str


@verb("data is wanted")
def wish(world: World, fields: Wish, at: datetime) -> None:
    """A customer wants the data of its users deleted or given back."""
    subscription = world.find(Subscription, fields.subscription)
    wish_for_data(subscription=subscription, wanted=fields.wanted, on=at.date(), at=at)


class Returned(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


@verb("data is given back")
def returned(world: World, fields: Returned, at: datetime) -> None:
    """The customer has the archive of its users' data."""
    subscription = world.find(Subscription, fields.subscription)
    plan = PlannedDisposal.objects.get(subscription=subscription, data=PlannedDisposal.Data.ACCOUNT)
    note_returned(plan=plan, on=at.date())
