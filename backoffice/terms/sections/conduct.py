"""What a contract forbids, what follows on it, and which reports, proofs and permissions it wants."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import Listed, Number, Whole, label, optional

Step = Literal["warn", "revoke", "suspend", "end"]
Steps = Annotated[tuple[Step, ...], Listed]
CourseName = Literal["offence", "software", "spam"]


class Course(Frozen):
    """What may be done about one kind of violation, now and once it was not put right."""

    at_once: Term[Steps] | None = optional("What may be done at once")
    must: Term[Literal["revoke", "suspend"]] | None = optional("What is done at once in any case")
    cured_as: Term[Literal["material", "software"]] | None = optional("The kind of breach that it is put right as")
    cure_days: Term[Whole] | None = optional("Days after the customer was told in which to put it right")
    not_cured: Term[Steps] | None = optional("What may be done once it was not put right in time")
    hindering_ends: Term[bool] | None = optional("What clearly hinders the service ends the contract at once")
    repeated_ends: Term[bool] | None = optional("What goes on after the service was restored ends the contract")
    notice: Term[Literal["none", "before"]] | None = optional("Notice that is owed before the service is suspended")
    after_if_urgent: Term[bool] | None = optional("In an emergency the notice may follow the suspension")
    told: Term[Annotated[tuple[Literal["reason", "date", "period"], ...], Listed]] | None = optional(
        "What the customer is told of a suspension"
    )
    suspension_fee: Term[Number] | None = optional("Fee for a suspension")
    investigation_fee: Term[Number] | None = optional("Fee for an investigation, where the customer helped another")


class Reports(Frozen):
    """Which reports of a violation are looked at."""

    full_name: Term[bool] | None = optional("A report names its author by first and last name")
    reachable_by: Term[Annotated[tuple[Literal["email", "phone"], ...], Listed]] | None = optional(
        "Its author can be reached by one of these"
    )
    full_headers: Term[bool] | None = optional("A mail that is handed on for investigation has all its headers")


class BulkMail(Frozen):
    """What a customer who sends to many must have, and show."""

    privacy_policy: Term[bool] | None = optional("A privacy policy stands on every domain")
    complaints_address: Term[bool] | None = optional("An address for complaints stands on every website")
    confirmed_consent: Term[bool] | None = optional("Who is written to has confirmed that they want it")
    recipient_shown: Term[bool] | None = optional("The recipient's address stands in the mail")
    limits: Term[bool] | None = optional("The vendor may set limits of recipients, subscribers and messages")
    evidence_hours: Term[Whole] | None = optional("Hours in which consent is shown on request")
    no_evidence_is: Term[Literal["spam", "consent"]] | None = optional("What consent that is not shown counts as")


class Vulnerability(Frozen):
    """Tests of how vulnerable a system is."""

    consent: Term[Literal["express", "written"]] = label("The consent that such a test needs before")
    counts_as: Term[Literal["vulnerability-test", "hacking"]] = label("The violation that a test without it is")
    own_system_only: Term[bool] | None = optional("Only the customer's own system may be tested")


class Misuse(Frozen):
    """Use of an account by somebody who may not."""

    report_hours: Term[Whole] = label("Hours from when it was known in which it is reported")
    customer_answers: Term[bool] | None = optional("The customer answers for what was done with its account")


class Names(Frozen):
    """Domains and their records."""

    changed_for: Term[Annotated[tuple[Literal["registrant", "administrative_contact"], ...], Listed]] | None = optional(
        "At whose request a record may be changed"
    )


class Conduct(Frozen):
    """How a customer must behave."""

    violations: dict[str, Term[CourseName]] = label("Violations")
    offence: Course | None = optional("An offence")
    software: Course | None = optional("Forbidden programs")
    spam: Course | None = optional("Spam")
    lost: Term[Annotated[tuple[Literal["refund", "credit"], ...], Listed]] | None = optional(
        "What the customer loses by a violation"
    )
    reports: Reports | None = optional("Reports of violations")
    bulk_mail: BulkMail | None = optional("Mail to many")
    testing: Vulnerability | None = optional("Tests of vulnerability")
    misuse: Misuse | None = optional("Use by others")
    names: Names | None = optional("Domain names")
