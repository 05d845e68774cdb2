"""Events of a timeline about the post, and about how customers are reached."""

from datetime import datetime
from email.message import EmailMessage
from typing import Annotated

from accounts import contact, delivery, inbound
from accounts.delivery import Destination
from accounts.models import ContactDoubt, Customer, InboundMail, Notice, Subscription
from backoffice.terms.sections.contact import ContactPart
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class SentLetter(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    kind: str = Notice.Kind.RENEWAL.value
    said: str = ""


def _letter(world: World, subscription: str, kind: str) -> Notice:
    found = Notice.objects.filter(subscription=world.find(Subscription, subscription), kind=kind).order_by("id").last()
    if found is None:
        raise ValueError(f"no letter of the kind {kind!r} was written about it")
    return found


@verb("letter comes back")
def come_back(world: World, fields: SentLetter, at: datetime) -> None:
    """The last letter of a kind about a subscription comes back."""
    delivery.came_back(notice=_letter(world, fields.subscription, fields.kind), at=at, result=fields.said)


@verb("letter arrives")
def arrive(world: World, fields: SentLetter, at: datetime) -> None:
    """The last letter of a kind about a subscription is known to have arrived."""
    delivery.delivered(notice=_letter(world, fields.subscription, fields.kind), at=at, result=fields.said)


class LetterAgain(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    kind: str = Notice.Kind.RENEWAL.value
    channel: Notice.Channel = Notice.Channel.EMAIL
    recipient: str
    address: str = ""


@verb("letter sent again")
def send_again(world: World, fields: LetterAgain, at: datetime) -> None:
    """A letter that came back goes out again, to another address or by another way."""
    to = Destination(fields.channel, fields.recipient, fields.address)
    delivery.send_again(notice=_letter(world, fields.subscription, fields.kind), to=to, at=at)


class PostedLetter(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    kind: str = Notice.Kind.RENEWAL.value
    tracking: str = ""


@verb("letter posted")
def post(world: World, fields: PostedLetter, at: datetime) -> None:
    """A letter on paper is handed to the post."""
    delivery.posted(notice=_letter(world, fields.subscription, fields.kind), at=at, tracking=fields.tracking)


class Mail(Fields):
    ref: Annotated[str, Makes(InboundMail)]
    sender: str
    subject: str = ""
    text: str = ""


@verb("mail comes in")
def take_in(world: World, fields: Mail, at: datetime) -> None:
    """Somebody writes to us by e-mail."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = fields.sender, fields.subject, f"<{fields.ref}@timeline>"
    mail.set_content(fields.text)
    world.keep(fields.ref, inbound.take_in(raw=mail.as_bytes(), at=at).mail)


class ReadMail(Fields):
    mail: Annotated[str, RefersTo(InboundMail)]


@verb("mail is read")
def file_mail(world: World, fields: ReadMail, at: datetime) -> None:
    """Staff read a mail and file it."""
    inbound.file(mail=world.find(InboundMail, fields.mail), at=at)


class NewContact(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    email: str | None = None
    billing_email: str | None = None
    phone: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None


@verb("contact data changed")
def change_contact(world: World, fields: NewContact, at: datetime) -> None:
    """A customer tells of another address or telephone number."""
    changes = fields.model_dump(exclude={"customer"}, exclude_none=True)
    contact.change(customer=world.find(Customer, fields.customer), changes=changes, on=at.date())


class Proof(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    part: ContactPart


@verb("proof asked for")
def ask_proof(world: World, fields: Proof, at: datetime) -> None:
    """A customer is asked to prove a part of its contact data, where its contract allows it."""
    customer = world.find(Customer, fields.customer)
    contact.ask_proof(customer=customer, vendor=fields.vendor, part=fields.part, on=at.date())


class Proven(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    part: ContactPart


@verb("proof given")
def give_proof(world: World, fields: Proven, at: datetime) -> None:
    """A customer proves what it was asked to."""
    customer = world.find(Customer, fields.customer)
    doubt = ContactDoubt.objects.filter(customer=customer, part=fields.part, settled_on=None).first()
    if doubt is None:
        raise ValueError("nothing of this is in doubt")
    contact.note_proof(doubt=doubt, on=at.date())
