"""Events of a timeline about who customers are, and what their contracts want them to show and declare."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated

from accounts.models import Customer, IdentityDocument, Subscription, Verification
from accounts.policy.declarations import Kind
from accounts.services import declarations, documents, eligibility, verification
from backoffice.timeline import Fields, RefersTo, World, verb

# What stands for a customer's document in a timeline: nobody's, and of no interest to anybody.
PAPER = b"%PDF-1.4\n% a document of a timeline: "


class NewDocument(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    kind: str
    issued_on: date | None = None
    expires_on: date | None = None


@verb("identity document")
def show_document(world: World, fields: NewDocument, at: datetime) -> None:
    """A customer shows a document."""
    customer = world.find(Customer, fields.customer)
    number = IdentityDocument.objects.filter(customer=customer).count()
    content = PAPER + f"{fields.kind} {number}".encode() + b"\n%%EOF\n"
    shown = documents.Shown(fields.kind, content, fields.issued_on, fields.expires_on)
    documents.add_document_of(customer=customer, vendor=fields.vendor, shown=shown, on=at.date(), at=at)


class OfCustomer(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str


class Asking(OfCustomer):
    changed: bool = False


@verb("ask who it is")
def ask_who_it_is(world: World, fields: Asking, at: datetime) -> None:
    """A customer is asked to show who it is, if its contract lets us ask."""
    customer = world.find(Customer, fields.customer)
    verification.ask_for_documents(customer=customer, vendor=fields.vendor, on=at.date(), at=at, changed=fields.changed)


def _asked(world: World, fields: OfCustomer) -> Verification:
    rows = Verification.objects.filter(customer=world.find(Customer, fields.customer), vendor=fields.vendor)
    found = rows.filter(state=Verification.State.ASKED).first()
    if found is None:
        raise ValueError("this customer was not asked who it is")
    return found


@verb("identity verified")
def verify(world: World, fields: OfCustomer, at: datetime) -> None:
    """What a customer showed is accepted."""
    verification.verify(verification=_asked(world, fields), on=at.date())


class Refusing(OfCustomer):
    false_identity: bool = False


@verb("identity not accepted")
def refuse(world: World, fields: Refusing, at: datetime) -> None:
    """A customer showed nothing, or something false."""
    verification.refuse(verification=_asked(world, fields), on=at.date(), false_identity=fields.false_identity)


class OfSubscription(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


@verb("eligibility shown")
def accept_documents(world: World, fields: OfSubscription, at: datetime) -> None:
    """A customer has shown what its contract asks of everybody who subscribes."""
    case = world.find(Subscription, fields.subscription).eligibility
    eligibility.accept_documents(case=case, on=at.date())


class NewOption(OfSubscription):
    option: str
    needs_domain: bool
    domain_eligible: bool


@verb("option")
def ask_option(world: World, fields: NewOption, at: datetime) -> None:
    """A customer asks for an option that may need an e-mail address of an eligible domain."""
    eligibility.ask_option(
        subscription=world.find(Subscription, fields.subscription),
        option=fields.option,
        needs_domain=fields.needs_domain,
        domain_eligible=fields.domain_eligible,
        on=at.date(),
        at=at,
    )


class Declaring(OfSubscription):
    kinds: list[Kind]
    by: str
    words: str


@verb("declarations")
def declare(world: World, fields: Declaring, at: datetime) -> None:
    """A customer declares what its contract asks for, in some words of which only the hash is kept."""
    declarations.declare(
        subscription=world.find(Subscription, fields.subscription),
        kinds=fields.kinds,
        by=fields.by,
        text_sha256=sha256(fields.words.encode()).hexdigest(),
        on=at.date(),
        at=at,
    )


class Breaching(OfCustomer):
    kind: Kind


@verb("declaration breached")
def find_breach(world: World, fields: Breaching, at: datetime) -> None:
    """What a customer declared turns out not to be true."""
    customer = world.find(Customer, fields.customer)
    declarations.find_breach(customer=customer, vendor=fields.vendor, kind=fields.kind, on=at.date(), at=at)
