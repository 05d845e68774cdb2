"""Events of a timeline about violations of the rules of use: reports, cases, and evidence of consent."""

from datetime import date, datetime
from typing import Annotated

from accounts.models import AbuseReport, ConductCase, EndUser, EvidenceRequest, Subscription
from accounts.services import abuse, conduct
from backoffice.timeline import Fields, Makes, RefersTo, World, verb


class NewReport(Fields):
    ref: Annotated[str, Makes(AbuseReport)]
    vendor: str
    text: str
    subscription: Annotated[str | None, RefersTo(Subscription)] = None
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    email_works: bool = False
    phone: str = ""
    phone_works: bool = False
    hands_on_mail: bool = False
    full_headers: bool = False


@verb("abuse report")
def report_abuse(world: World, fields: NewReport, at: datetime) -> None:
    """Somebody reports that a customer breaks the rules of use."""
    made = abuse.report_abuse(
        vendor=fields.vendor,
        told=abuse.Told(**fields.model_dump(exclude={"ref", "vendor", "subscription"})),
        reported_at=at,
        on=at.date(),
        at=at,
        subscription=world.find(Subscription, fields.subscription) if fields.subscription else None,
    )
    world.keep(fields.ref, made)


class NewCase(Fields):
    ref: Annotated[str, Makes(ConductCase)]
    violation: str
    facts: str
    subscription: Annotated[str | None, RefersTo(Subscription)] = None
    report: Annotated[str | None, RefersTo(AbuseReport)] = None
    end_user: Annotated[str | None, RefersTo(EndUser)] = None
    remediable: bool = True
    urgent: bool = False
    hindering: bool = False
    helped_another: bool = False


@verb("conduct case")
def open_case(world: World, fields: NewCase, at: datetime) -> None:
    """A customer is found to break the rules of use, by a report or otherwise."""
    found = conduct.Found(
        end_user=world.find(EndUser, fields.end_user) if fields.end_user else None,
        **fields.model_dump(exclude={"ref", "subscription", "report", "end_user"}),
    )
    contract = world.find(Subscription, fields.subscription) if fields.subscription else None
    if fields.report:
        report = world.find(AbuseReport, fields.report)
        case = abuse.take_up(report=report, found=found, on=at.date(), at=at, subscription=contract)
    elif contract is None:
        raise ValueError("a case needs a subscription, or a report that is about one")
    else:
        case = conduct.open_case(subscription=contract, found=found, on=at.date(), at=at)
    world.keep(fields.ref, case)


class KnownReport(Fields):
    report: Annotated[str, RefersTo(AbuseReport)]


@verb("abuse report dismissed")
def dismiss(world: World, fields: KnownReport, at: datetime) -> None:
    """A report was looked at and shows no violation."""
    abuse.dismiss(report=world.find(AbuseReport, fields.report))


class KnownCase(Fields):
    case: Annotated[str, RefersTo(ConductCase)]


@verb("conduct warning")
def warn(world: World, fields: KnownCase, at: datetime) -> None:
    """A customer is warned, and its time to put it right begins."""
    conduct.warn(case=world.find(ConductCase, fields.case), on=at.date(), at=at)


@verb("access taken away")
def revoke(world: World, fields: KnownCase, at: datetime) -> None:
    """The user who broke the rules has no access any more."""
    conduct.revoke(case=world.find(ConductCase, fields.case), on=at.date(), at=at)


class SuspendedCase(KnownCase):
    until: date | None = None


@verb("suspend for conduct")
def suspend_for(world: World, fields: SuspendedCase, at: datetime) -> None:
    """A service is suspended for what its customer did."""
    conduct.suspend_for(case=world.find(ConductCase, fields.case), on=at.date(), at=at, until=fields.until)


@verb("conduct cured")
def note_cured(world: World, fields: KnownCase, at: datetime) -> None:
    """A customer put right what it had done."""
    conduct.note_cured(case=world.find(ConductCase, fields.case), on=at.date(), at=at)


@verb("end for conduct")
def terminate_for(world: World, fields: KnownCase, at: datetime) -> None:
    """A contract is ended for what its customer did, if it may be by now."""
    conduct.terminate_for(case=world.find(ConductCase, fields.case), on=at.date(), at=at)


@verb("conduct case closed")
def close_case(world: World, fields: KnownCase, at: datetime) -> None:
    """A case goes no further."""
    conduct.close_case(case=world.find(ConductCase, fields.case), on=at.date(), at=at)


class NewEvidenceRequest(Fields):
    ref: Annotated[str, Makes(EvidenceRequest)]
    subscription: Annotated[str, RefersTo(Subscription)]
    mailing: str
    asked_by: str = "vendor"


@verb("evidence of consent asked for")
def ask_consent_evidence(world: World, fields: NewEvidenceRequest, at: datetime) -> None:
    """A customer is asked to show that its recipients agreed, where its contract knows such a thing."""
    asked = abuse.ask_consent_evidence(
        subscription=world.find(Subscription, fields.subscription),
        mailing=fields.mailing,
        asked_by=fields.asked_by,
        on=at.date(),
        at=at,
    )
    if asked.request is not None:
        world.keep(fields.ref, asked.request)


class KnownRequest(Fields):
    request: Annotated[str, RefersTo(EvidenceRequest)]


@verb("evidence of consent shown")
def note_consent_evidence(world: World, fields: KnownRequest, at: datetime) -> None:
    """A customer shows that its recipients agreed."""
    abuse.note_consent_evidence(request=world.find(EvidenceRequest, fields.request), at=at)


@verb("no evidence of consent")
def note_no_evidence(world: World, fields: KnownRequest, at: datetime) -> None:
    """A customer has nothing to show."""
    abuse.note_no_evidence(request=world.find(EvidenceRequest, fields.request), on=at.date(), at=at)
