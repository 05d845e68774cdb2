"""What an account's contract says about maintenance of the service."""

from __future__ import annotations

from typing import Annotated, Literal

from backoffice.terms.sections.values import ClockTime, Listed, Whole, optional
from backoffice.terms.term import Frozen, Term

MaintenanceKind = Literal["planned", "hot_fix"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Weekdays = Annotated[tuple[Weekday, ...], Listed]


class Maintenance(Frozen):
    """When the service may be taken down for work on it, and what has to be told before."""

    notice_days: Term[Whole] | None = optional("Days before it by which it must be told")
    without_notice: Term[Annotated[tuple[MaintenanceKind, ...], Listed]] | None = optional(
        "Kinds of maintenance that need not be told before"
    )
    planned_days: Term[Weekdays] | None = optional("Days on which it is usually planned")
    planned_from: Term[ClockTime] | None = optional("Usually planned from")
    planned_to: Term[ClockTime] | None = optional("Usually planned until")
    fix_days: Term[Weekdays] | None = optional("Days on whose evening urgent fixes have their hours")
    fix_from: Term[ClockTime] | None = optional("Hours for urgent fixes begin")
    fix_to: Term[ClockTime] | None = optional("Hours for urgent fixes end")
