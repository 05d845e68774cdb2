"""What a contract says when an authority asks about a customer, and how it helps the customer who was asked about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..term import Frozen, Term
from .values import CountryCode, Listed, Whole, label, optional

Process = Literal["none", "subpoena", "court_order", "search_warrant", "formal_request"]
Element = Literal["username", "official_email", "letterhead", "description"]
Level = Literal["BRIDGE", "ENTRY", "BASIC", "STANDARD", "PREMIUM", "SMALLBIZ", "BUSINESS", "ENTERPRISE", "ORGANIZATION"]
FieldCode = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
"""What is disclosed, as a code: each vendor holds other things, so the list is not closed."""
FieldCodes = Annotated[tuple[FieldCode, ...], Listed]


class Requests(Frozen):
    """Which requests are answered, with what, and who is told."""

    jurisdictions: Term[Annotated[tuple[CountryCode, ...], Listed]] | None = optional(
        "Countries whose process is answered"
    )
    processes: Term[Annotated[tuple[Process, ...], Listed]] = label("Legal process that is answered")
    content_processes: Term[Annotated[tuple[Process, ...], Listed]] | None = optional(
        "Legal process that content needs"
    )
    civil_pending: Term[bool] | None = optional("A civil demand must belong to a pending matter")
    email_needs_order: Term[bool] | None = optional("Service by e-mail only if a court ordered it")
    elements: Term[Annotated[tuple[Element, ...], Listed]] | None = optional(
        "What a request about an account must hold"
    )
    account_fields: Term[FieldCodes] = label("What may be disclosed about an account")
    content_fields: Term[FieldCodes] = label("What may be disclosed of content")
    civil_fields: Term[FieldCodes] = label("What may be disclosed to a civil demand")
    notice: Term[Literal["unless_prohibited", "unless_prohibited_and_stated"]] | None = optional(
        "When the user is told before"
    )
    no_notice_for: Term[Annotated[tuple[Process, ...], Listed]] | None = optional(
        "Process of which the contract owes no notice"
    )


class Assistance(Frozen):
    """Submissions of a member who was the target of an interception."""

    interval_levels: Term[Annotated[tuple[Level, ...], Listed]] = label("Levels with an interval between submissions")
    monthly_levels: Term[Annotated[tuple[Level, ...], Listed]] = label("Levels with a number of submissions a month")
    cover_days_after: Term[Whole] = label("Days after the payment on which cover begins")
    cover_ends: Term[bool] = label("Cover ends with the prepaid cycle")
    once_each: Term[bool] = label("Each notification may be submitted once")
    leaving_forfeits: Term[bool] = label("Who asked for less or for the end forfeits the next submission")
    interval_upgrade_resets: Term[bool] = label("An upgrade resets the interval")
    monthly_upgrade_resets: Term[bool] = label("An upgrade resets the month's number")
    report_from_days: Term[Whole] = label("Days after its reception from which the report is due")
    report_by_days: Term[Whole] = label("Days after its reception by which the report is due")
