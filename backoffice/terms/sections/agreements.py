"""What a contract says about itself: who accepts which texts, which of them prevails, whether the service may be passed
on to others, what it promises of the service, and where disputes go."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..term import Frozen, Term
from .values import Listed, Number, label, optional

DocumentKind = Literal["terms", "order", "reseller_agreement", "aup", "privacy", "sla", "eula", "terms_of_use"]
"""The texts that contracts speak of; the terms of use are those of the people who use the service."""
CustomerClass = Literal["individual", "smb", "enterprise"]
FormPart = Literal["product", "start", "term", "price"]
Cause = Literal[
    "own_network",
    "training",
    "negligence",
    "misuse",
    "hosting",
    "maintenance_refused",
    "beyond_control",
    "out_of_hours",
]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Resale(Frozen):
    """Whether what a customer subscribes to may be passed on to others for money."""

    barred: Term[bool] | None = optional("It may not be resold")
    while_title_retained: Term[bool] | None = optional("What was delivered may not be resold until it is wholly paid")
    lifted_by: Term[Literal["written_permission", "reseller_agreement"]] | None = optional(
        "What allows it nevertheless"
    )


class Acceptance(Frozen):
    """Which texts each person who uses the service must have accepted, and who answers for it."""

    terms: Term[bool] | None = optional("Users accept the terms")
    aup: Term[bool] | None = optional("Users accept the acceptable use policy")
    privacy: Term[bool] | None = optional("Users accept the privacy policy")
    eula: Term[bool] | None = optional("Users accept the end-user licence")
    terms_of_use: Term[bool] | None = optional("Users accept the terms of use")
    before_use: Term[bool] = label("They may not use the service before")
    answers: Term[Literal["vendor", "customer", "reseller"]] | None = optional("Who answers for their acceptance")


class Documents(Frozen):
    """The texts that make the contract, and which of them prevails."""

    order: Term[Annotated[tuple[DocumentKind, ...], Listed]] = label("The texts, the one that prevails first")
    special_terms: Term[Literal["as_agreed", "in_writing"]] | None = optional("Special terms prevail")
    customers_terms_excluded: Term[bool] | None = optional("The customer's own terms do not count")
    version: Term[Literal["agreed", "newest"]] | None = optional("The version that counts")


class Confirmation(Frozen):
    """The form that confirms what was subscribed to, which is a part of the contract."""

    holds: Term[Annotated[tuple[FormPart, ...], Listed]] = label("What the form names")
    licences_of: Term[Annotated[tuple[CustomerClass, ...], Listed]] = label(
        "Classes of customers whose form names the number of licences"
    )
    classes: Term[Annotated[tuple[CustomerClass, ...], Listed]] = label("Classes of customers that it is made for")
    business_use: Term[bool] = label("It is for use in a business, trade or profession only")


class Promises(Frozen):
    """What the contract promises of the service, and what it says that it does not."""

    uptime_percent: Term[Number] | None = optional("Percent of the time that it aims to be available")
    uptime_over: Term[bool] | None = optional("It aims to be available for more than that")
    uptime_credited: Term[bool] | None = optional("A shortfall of it is credited")
    availability: Term[bool] | None = optional("Being available is promised")
    emergency_calls: Term[bool] | None = optional("Emergency services can be called")
    not_answered_for: Term[Annotated[tuple[Cause, ...], Listed]] | None = optional(
        "Causes for which support owes nothing"
    )


class Disputes(Frozen):
    """Which law applies, and where disputes go."""

    law: Term[Words] | None = optional("Law that applies")
    courts: Term[Words] | None = optional("Where disputes go")
    vendor_chooses: Term[bool] | None = optional("The vendor chooses where disputes go")
    amicable_first: Term[bool] | None = optional("They must first be tried to be settled amicably")
