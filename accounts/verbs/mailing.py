"""Events of a timeline about mailings to many, tests of vulnerability, use by others, and records of domains."""

from datetime import datetime
from typing import Annotated

from accounts.models import Subscription
from accounts.services import mailing
from backoffice.timeline import Fields, RefersTo, World, verb


class Limit(Fields):
    vendor: str
    most: int


@verb("mail limit")
def set_mail_limit(world: World, fields: Limit, at: datetime) -> None:
    """A vendor limits the recipients, subscribers or messages of a mailing."""
    mailing.set_mail_limit(vendor=fields.vendor, most=fields.most, from_on=at.date())


class OfContract(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]


class NewMailing(OfContract):
    mailing: str
    number: int
    privacy_policy: bool = False
    complaints_address: str = ""
    confirmed_consent: bool = False
    recipient_shown: bool = False


@verb("mailing")
def check_mailing(world: World, fields: NewMailing, at: datetime) -> None:
    """A customer writes to many; what the contract wants for that and the mailing lacks becomes a case."""
    mailing.check_mailing(
        subscription=world.find(Subscription, fields.subscription),
        mailing=mailing.Mailing(**fields.model_dump(exclude={"subscription"})),
        on=at.date(),
        at=at,
    )


class TestConsent(OfContract):
    system: str
    consent: str = "written"
    own_system: bool = True


@verb("consent to a test")
def note_test_consent(world: World, fields: TestConsent, at: datetime) -> None:
    """A vendor consents to a test of how vulnerable a system is."""
    mailing.note_test_consent(
        subscription=world.find(Subscription, fields.subscription),
        **fields.model_dump(exclude={"subscription"}),
        on=at.date(),
        at=at,
    )


class TestMade(OfContract):
    system: str
    own_system: bool = True


@verb("vulnerability test")
def note_test(world: World, fields: TestMade, at: datetime) -> None:
    """A customer tests how vulnerable a system is."""
    mailing.note_test(
        subscription=world.find(Subscription, fields.subscription),
        **fields.model_dump(exclude={"subscription"}),
        on=at.date(),
        at=at,
    )


class Used(OfContract):
    reporter_email: str
    text: str
    known_at: datetime


@verb("use by others")
def report_misuse(world: World, fields: Used, at: datetime) -> None:
    """A customer or one of its administrators tells that somebody used the account who may not."""
    mailing.report_misuse(
        subscription=world.find(Subscription, fields.subscription),
        **fields.model_dump(exclude={"subscription"}),
        reported_at=at,
        at=at,
    )


class RecordAsked(OfContract):
    domain: str
    change: str
    asked_by: str


@verb("record of a domain")
def ask_record_change(world: World, fields: RecordAsked, at: datetime) -> None:
    """Somebody asks to change the records of a domain."""
    mailing.ask_record_change(
        subscription=world.find(Subscription, fields.subscription),
        **fields.model_dump(exclude={"subscription"}),
        on=at.date(),
        at=at,
    )
