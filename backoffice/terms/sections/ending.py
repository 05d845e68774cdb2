"""What an account's contract says about its end: grounds to stop a service at once, a renewal's switch, who takes the
account over, when an end is complete, and what becomes of the data."""

from __future__ import annotations

from typing import Literal

from ..term import Frozen, Term
from .values import Whole, label, optional

Ground = Literal[
    "unpaid",
    "conduct",
    "false_details",
    "insolvent",
    "dissolved",
    "guardian",
    "defamation",
    "unsuitable",
    "hindrance",
    "force_majeure",
    "authority",
]


class Stop(Frozen):
    """What one ground allows without any notice before."""

    suspend: Term[bool] = label("The service may be suspended without notice")
    end: Term[bool] = label("The contract may be ended without notice")
    after_days: Term[Whole] | None = optional("Only when the ground has lasted for so many days")
    nothing_back: Term[bool] | None = optional("Nothing that was paid comes back")


class Stops(Frozen):
    """The grounds that the contract names."""

    grounds: dict[Ground, Stop] = label("Grounds")


class RenewalSwitch(Frozen):
    """The customer's own switch that keeps a term from renewing."""

    on_again: Term[bool] = label("A renewal that was switched off may be switched on again")
    days_before: Term[Whole] = label("Days before the last day until which it may be")


class Completion(Frozen):
    """When an end that was asked for is complete."""

    when: Term[Literal["notice_sent", "request"]] = label("What completes it")


class Succession(Frozen):
    """What follows on the death of the account holder, and on a merger."""

    death_ends: Term[bool] | None = optional("The account holder's death ends the contract")
    death_deletes: Term[bool] | None = optional("The account holder's data is deleted then")
    merger_written: Term[bool] | None = optional("A merger is to be told in writing")
    merger_days: Term[Whole] | None = optional("Days after that notice in which the vendor may end the contract")


class Disposition(Frozen):
    """What becomes of the account and its data when the contract is over."""

    closes: Term[bool] | None = optional("The account is closed")
    disconnects: Term[bool] | None = optional("Its users are disconnected")
    migration_days: Term[Whole] | None = optional("Days in which data may still be moved")
    none_after_abuse: Term[bool] | None = optional("There are none of them after abuse")
    deletes: Term[bool] | None = optional("The data is deleted")
    forwards: Term[bool] | None = optional("Messages are forwarded")
    restores: Term[bool] | None = optional("Data is restored or handed over")
