"""What a contract says about what comes from outside: third parties, force majeure, another party in the contract,
where data goes, and errors of a product."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import CountryCode, Listed, Whole, label, optional


class ThirdParties(Frozen):
    """What follows when a third party changes what the service contains, or when its own service is sold no longer."""

    change_may_leave: Term[bool] | None = optional("A change by a third party lets the customer leave")
    end_is_breach: Term[bool] | None = optional("The end of a third party's service is a material breach")


class ForceMajeure(Frozen):
    """What follows from what lies beyond a party's control."""

    excuses: Term[Literal["either", "vendor"]] = label("Whom it excuses")
    payment_excepted: Term[bool] | None = optional("Payments stay due")
    funds_excepted: Term[bool] | None = optional("Lack of funds is no such reason")
    notify_days: Term[Whole] | None = optional("Days from its beginning in which the other party is told")
    only_if_told: Term[bool] | None = optional("It excuses only who tells the other party of it")
    extends: Term[bool] | None = optional("Deadlines move by its length")
    dissolve_after_months: Term[Whole] | None = optional("Months that it must outlast to let either party dissolve")


NewParty = Literal["group", "successor", "other"]


class Assigning(Frozen):
    """Who may put another party in its place."""

    customer: Term[Literal["barred", "consent"]] | None = optional("Whether the customer may hand the contract on")
    vendor: Term[Literal["free", "consent"]] | None = optional("Whether the vendor may hand the contract on")
    on_notice: Term[Annotated[tuple[NewParty, ...], Listed]] | None = optional(
        "To whom the customer may hand it on by a written notice"
    )
    must_be_bound: Term[bool] | None = optional("Who takes it over by a notice must agree to be bound")
    successors_follow: Term[bool] | None = optional("A corporate successor takes the customer's place by itself")


Purpose = Literal["sms_confirmation", "advertising", "other"]


class UserData(Frozen):
    """Where data of users goes."""

    processed_in: Term[CountryCode] | None = optional("Country in which users' data is processed")
    use_is_consent: Term[bool] | None = optional("Using the service is consent to that")
    shared_for: Term[Annotated[tuple[Purpose, ...], Listed]] | None = optional(
        "Purposes for which users' data is given to a third party"
    )


class Errors(Frozen):
    """Errors of a product: when they are taken, how they are corrected, and who else is told."""

    taken_always: Term[bool] | None = optional("Errors may be reported at any hour of any day")
    outside_hours_by_email: Term[bool] | None = optional("Outside working hours they are taken by e-mail")
    fixed_by_next_release: Term[bool] | None = optional("The next release holds the permanent correction at the latest")
    told_to_all: Term[bool] | None = optional("An error found at another user's is told to every customer")
