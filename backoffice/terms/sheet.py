"""A term sheet: one version of one contract, every value with its clause. Typed, frozen, made from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from .calendar import MonthEnd
from .sections.agreements import Acceptance, Confirmation, Disputes, Documents, Promises, Resale
from .sections.authorities import Assistance, Requests
from .sections.availability import Maintenance
from .sections.circumstances import Assigning, Errors, ForceMajeure, ThirdParties, UserData
from .sections.conduct import Conduct
from .sections.contact import Contact
from .sections.ending import Completion, Disposition, RenewalSwitch, Stops, Succession
from .sections.fees import Fees
from .sections.identity import Declarations, Identity, Screening
from .sections.money import Allocation, Dispute, EarlyTermination, LateCharges, MoneyBack, ServiceCredit
from .sections.notices import Notices
from .sections.partners import Commission, Payout, Referral
from .sections.privacy import PersonalData
from .sections.service import (
    Administrators,
    Amendment,
    Breach,
    Deemed,
    Eligibility,
    FirstPayment,
    Helpdesk,
    Period,
    Retention,
    Seats,
    Start,
    Support,
)
from .sections.values import CurrencyCode, HolidayCode, Zone, label, optional
from .term import Frozen, Term


class Problem(NamedTuple):
    """What is wrong with a sheet: the file, the key as TOML writes it, and the reason."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key or '(the file)'}: {self.reason}"


class SheetError(Exception):
    """One or more sheets cannot be used; ``problems`` says which, where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Place(NamedTuple):
    """A term and where it stands in its sheet."""

    path: tuple[str, ...]
    labels: tuple[str, ...]
    term: Term[Any]

    @property
    def key(self) -> str:
        return ".".join(self.path)


class Sheet(Frozen):
    """One version of one contract, in force from ``from`` until ``until`` (both inclusive; None is without end)."""

    vendor: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    contract: str = Field(min_length=1)
    from_: date = Field(alias="from")
    until: date | None = None
    undated: str | None = None
    """Why the date is ours, where the contract bears none."""

    currency: Term[CurrencyCode] = label("Currency")
    time_zone: Term[Zone] | None = optional("Time zone of its days")
    public_holidays: Term[HolidayCode] | None = optional("Public holidays")
    month_end: Term[MonthEnd] | None = optional("Where a month has no such day")

    documents: Documents | None = optional("Texts of the contract")
    confirmation: Confirmation | None = optional("Confirmation form")
    acceptance: Acceptance | None = optional("Acceptance by users")
    resale: Resale | None = optional("Resale")
    promises: Promises | None = optional("Promises of the service")
    disputes: Disputes | None = optional("Law and courts")
    start: Start | None = optional("Start of the term")
    first_payment: FirstPayment | None = optional("First payment")
    period: Period | None = optional("Periods and renewals")
    period_uncommitted: Period | None = optional("Periods and renewals without commitment")
    amendment: Amendment | None = optional("Changes of the contract")
    seats: Seats | None = optional("Seats")
    seats_uncommitted: Seats | None = optional("Seats without commitment")
    administrators: Administrators | None = optional("Administrators")
    support: Support | None = optional("Support")
    helpdesk: Helpdesk | None = optional("Requests for support")
    notices: Notices | None = optional("Forms of notices")
    notices_uncommitted: Notices | None = optional("Forms of notices without commitment")
    deemed: Deemed | None = optional("Receipt of notices")
    contact: Contact | None = optional("Contact data")
    breach: Breach | None = optional("Breach")
    stops: Stops | None = optional("Suspension and end without notice")
    renewal_switch: RenewalSwitch | None = optional("Switching the renewal off and on")
    completion: Completion | None = optional("When an end is complete")
    succession: Succession | None = optional("Death and merger")
    disposition: Disposition | None = optional("The account and its data at the end")
    eligibility: Eligibility | None = optional("Eligibility")
    identity: Identity | None = optional("Identity")
    declarations: Declarations | None = optional("Declarations")
    screening: Screening | None = optional("Sanctions and end use")
    retention: Retention | None = optional("Retention of data")
    conduct: Conduct | None = optional("Conduct and abuse")
    personal_data: PersonalData | None = optional("Personal data")
    third_parties: ThirdParties | None = optional("Third parties")
    force_majeure: ForceMajeure | None = optional("Force majeure")
    force_majeure_partner: ForceMajeure | None = optional("Force majeure between the vendor and a partner")
    assigning: Assigning | None = optional("Another party in the contract")
    assigning_partner: Assigning | None = optional("Another party in a partner's contract")
    user_data: UserData | None = optional("Users' data")
    errors: Errors | None = optional("Errors of a product")
    late_charges: LateCharges | None = optional("Late payment")
    allocation: Allocation | None = optional("Allocation of payments")
    dispute: Dispute | None = optional("Disputes")
    money_back: MoneyBack | None = optional("Money-back guarantee")
    early_termination: EarlyTermination | None = optional("Early termination")
    fees: Fees | None = optional("Fees beside the service")
    maintenance: Maintenance | None = optional("Maintenance")
    service_credit: ServiceCredit | None = optional("Service credits")
    referral: Referral | None = optional("Referrals")
    commission: Commission | None = optional("Commissions")
    payout: Payout | None = optional("Payouts")
    requests: Requests | None = optional("Requests of authorities")
    assistance: Assistance | None = optional("Interception assistance")

    @cached_property
    def id(self) -> str:
        """``<vendor>/<from date>``: how a question, a row and a page name this version."""
        return f"{self.vendor}/{self.from_.isoformat()}"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the vendor's days; UTC where the sheet names none."""
        return ZoneInfo(self.time_zone.value if self.time_zone else "UTC")

    def in_force(self, on: date) -> bool:
        return self.from_ <= on and (self.until is None or on <= self.until)

    def places(self) -> Iterator[Place]:
        """Every term of the sheet with its place, in the order of the schema."""
        yield from _places(self, (), ())

    @cached_property
    def sections(self) -> dict[str, str]:
        """Key and words of every section that this contract speaks of."""
        return {key: words for key, words in sections().items() if getattr(self, key) is not None}


def sections() -> dict[str, str]:
    """Key and words of every section that a contract can speak of."""
    return {name: field.title or name for name, field in Sheet.model_fields.items() if field.title}


def _places(part: Any, path: tuple[str, ...], labels: tuple[str, ...]) -> Iterator[Place]:
    if isinstance(part, Term):
        yield Place(path, labels, part)
    elif isinstance(part, dict):
        for name, inner in part.items():
            yield from _places(inner, (*path, name), (*labels, name))
    elif isinstance(part, Frozen):
        for name, field in type(part).model_fields.items():
            if field.title:
                yield from _places(getattr(part, name), (*path, name), (*labels, field.title))


def read_sheet(file: Path) -> Sheet:
    """The sheet in one TOML file, named ``<vendor>/<from date>.toml``; SheetError names the key and the reason."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SheetError([Problem(str(file), "", f"not TOML: {error}")]) from error
    sheet = parse_sheet(raw, str(file))
    if (file.parent.name, file.stem) != (sheet.vendor, sheet.from_.isoformat()):
        raise SheetError(
            [Problem(str(file), "from", f"the file must be named {sheet.id}.toml after its vendor and date")]
        )
    return sheet


def parse_sheet(raw: dict[str, Any], file: str) -> Sheet:
    """The sheet in a parsed TOML document; SheetError lists every fault with its key."""
    try:
        sheet = Sheet.model_validate(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise SheetError(
            [Problem(file, _key(fault["loc"]), _reason(fault["type"], fault["msg"])) for fault in faults]
        ) from error
    if sheet.until is not None and sheet.until < sheet.from_:
        raise SheetError([Problem(file, "until", "the sheet ends before it begins")])
    return sheet


def _key(place: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in place if not str(step).startswith(("Term[", "function-")))


def _reason(kind: str, message: str) -> str:
    known = {"extra_forbidden": "the key is not known", "missing": "the key is missing"}
    return known.get(kind, message.removeprefix("Value error, "))
