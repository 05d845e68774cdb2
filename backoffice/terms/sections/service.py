"""What an account's contract says about time: terms, renewals, seats, notices, support, breach, eligibility, data."""

from __future__ import annotations

from typing import Annotated, Literal

from ..facts import Method
from ..term import Frozen, Term
from .values import AtLeastOne, ClockTime, CountryCode, Listed, Number, Whole, label, optional


class Start(Frozen):
    """When a term begins."""

    begins: Term[Literal["acceptance", "payment", "agreed"]] = label("What begins the term")
    next_working_day_after: Term[Annotated[tuple[Method, ...], Listed]] | None = optional(
        "Payment methods by which it begins the working day after the payment"
    )


class Ending(Frozen):
    """When one side's notice to stop takes effect."""

    takes_effect: Term[Literal["at_period_end", "after_days", "at_month_end"]] = label("When the notice takes effect")
    days: Term[Whole] | None = optional("Days of notice")


class FirstPayment(Frozen):
    """What the first period costs, when it is due, and what waits for it."""

    due: Term[Literal["acceptance", "before_start"]] = label("When the first period is due")
    by_day_uncommitted: Term[bool] | None = optional(
        "Without commitment the first calendar month is charged by the day"
    )
    service_waits: Term[bool] | None = optional("There is no service before it is paid in full")
    failed_cancels: Term[bool] | None = optional("A first payment that fails cancels the order")


class Period(Frozen):
    """How periods follow each other, when the next one is charged, and how either side leaves."""

    default_months: Term[AtLeastOne] = label("Months of a period where none were agreed")
    months_offered: Term[Annotated[tuple[AtLeastOne, ...], Listed]] | None = optional(
        "Months of a period that are offered"
    )
    anchor: Term[Literal["start", "last_day", "calendar_month"]] = label("What the periods are counted from")
    renewal_months: Term[AtLeastOne] | None = optional("Months of every renewal, whatever the first period")
    due: Term[Literal["renewal_day", "last_day"]] = label("The day on which the next period is due")
    charge_days_before: Term[Whole] = label("Days before the due day from which it may be charged")
    pay_within_working_days: Term[Whole] | None = optional(
        "Working days after the renewal in which it must be paid, or it is void"
    )
    notice_days: Term[Whole] = label("Days before the period's end by which a notice not to renew must come")
    renewal_notice_days: Term[Whole] | None = optional(
        "Days before the period's end by which the customer is told of the renewal"
    )
    customer_ends: Ending | None = optional("How the customer ends it")
    vendor_ends: Ending | None = optional("How the vendor ends it")


class Change(Frozen):
    """When a change of one subject takes effect, and who may leave because of it."""

    effective: Term[Literal["at_once", "after_days", "day_after_days", "next_renewal"]] = label(
        "When the change takes effect"
    )
    notice_days: Term[Whole] | None = optional("Days of notice before it takes effect")
    emergency_at_once: Term[bool] | None = optional("In an emergency it takes effect at once")
    material_may_leave: Term[bool] | None = optional("Whom it materially affects may leave until the day before")
    emergency_leave_days: Term[Whole] | None = optional("Days in which to leave after a change in an emergency")
    leave_days_before: Term[Whole] | None = optional("Days before the renewal by which the customer may still leave")
    wait_months: Term[AtLeastOne] | None = optional("Months that a notice too late to leave waits for")
    old_version_days: Term[Whole] | None = optional("Days for which the old version may be kept")
    dissolve_over: Term[Number] | None = optional(
        "Share by which a rise must exceed the old price to let the customer dissolve"
    )
    told_by: Term[Literal["portal", "email", "website"]] | None = optional("How the customer is told")
    difference_told: Term[bool] | None = optional("The customer is told what is different")
    old_versions_kept: Term[bool] | None = optional("The versions before it stay to be read")
    leave_in_writing: Term[bool] | None = optional("Who leaves because of it must say so in writing")
    leave_ends: Term[Literal["on_notice", "before_effect", "at_renewal"]] | None = optional(
        "When the service ends for who leaves because of it"
    )
    may_waive: Term[bool] | None = optional("It may be waived for whose business it would severely harm")


class Amendment(Frozen):
    """What may be changed, subject by subject."""

    terms: Change | None = optional("The terms")
    aup: Change | None = optional("The acceptable use policy")
    sla: Change | None = optional("The service level agreement")
    price: Change | None = optional("The price")
    service_end: Change | None = optional("The end of a service")
    policy: Change | None = optional("The privacy policy")


class Seats(Frozen):
    """How seats are added, taken away and given to another person."""

    add_over: Term[Literal["period", "calendar_month"]] | None = optional("What an added seat is charged over")
    add_by_day: Term[bool] | None = optional("It is charged for the days that are left, not for the whole")
    remove_at: Term[Literal["next_period", "next_month"]] | None = optional("When a seat that was given up is gone")
    remove_notice_months: Term[Whole] | None = optional("Months before the period's end by which to give a seat up")
    remove_wait_months: Term[AtLeastOne] | None = optional("Months that a seat given up too late stays on")
    remove_notice_days: Term[Whole] | None = optional("Days before the first of a month by which to give a seat up")
    reassign_any_time: Term[bool] | None = optional("A seat may be given to another person at any time")
    reassign_leavers_of: Term[Annotated[tuple[Literal["business", "enterprise"], ...], Listed]] | None = optional(
        "Plans on which a leaver's seat may be given to another person"
    )
    reassign_window_months: Term[Whole] | None = optional(
        "Months of a renewal period in which any seat may be given on"
    )


class Administrators(Frozen):
    """Whom a customer may name to manage its account, and what only they may do."""

    limit: Term[Whole] | None = optional("Administrators that a customer may have at most")
    own_people_only: Term[bool] | None = optional(
        "They must belong to the customer's own organisation, unless others were allowed in writing"
    )
    only_they_order: Term[bool] | None = optional("Only they may order seats and say who uses them")


class Priority(Frozen):
    """How long an answer to one priority may take."""

    measure: Term[Literal["office_hours", "working_days", "months", "elapsed_hours"]] = label("What is counted")
    count: Term[Whole] = label("How many")


class Support(Frozen):
    """Office hours and the priorities that the contract names."""

    opens: Term[ClockTime] | None = optional("Opening time")
    closes: Term[ClockTime] | None = optional("Closing time")
    priorities: dict[str, Priority] = label("Priorities")


RequestPart = Literal["issuer", "reason", "severity", "type", "description"]


class Helpdesk(Frozen):
    """Who may ask for support, and what a request must hold before its time runs."""

    administrators_only: Term[bool] | None = optional("Only designated administrators are answered")
    others_if_agreed: Term[bool] | None = optional("Others are answered where that was agreed in writing")
    overdue_days: Term[Whole] | None = optional("Days after a written notice of what is overdue until support may stop")
    others_breach: Term[bool] | None = optional("Sending anybody else there is a breach of the service levels")
    request_holds: Term[Annotated[tuple[RequestPart, ...], Listed]] | None = optional("What a complete request holds")


class Deemed(Frozen):
    """When a notice counts as received."""

    opens: Term[ClockTime] = label("From this time of a working day on")
    closes: Term[ClockTime] = label("Up to this time of a working day")
    where_received: Term[bool] | None = optional("Hours and public holidays are those of the place of receipt")
    courier: Term[Whole] | None = optional("Working days after it was delivered by courier")
    email: Term[Whole] | None = optional("Working days after it was sent by e-mail")
    post: Term[Whole] | None = optional("Working days after it was posted")
    airmail: Term[Whole] | None = optional("Working days after it was sent by airmail")


class Cure(Frozen):
    """What follows on one kind of breach."""

    suspend_at_once: Term[bool] = label("The service may be suspended at once")
    days: Term[Whole] | None = optional("Days in which to put it right")
    irremediable_at_once: Term[bool] | None = optional("What cannot be put right ends it at once")
    detailed: Term[bool] | None = optional("Its notice must describe it well enough to be put right")


class Breach(Frozen):
    """The kinds of breach that the contract names."""

    payment: Cure | None = optional("Not paid")
    material: Cure | None = optional("A material breach")
    software: Cure | None = optional("Forbidden software or use")


class Eligibility(Frozen):
    """Who may subscribe, and what must be shown."""

    countries: Term[Annotated[tuple[CountryCode, ...], Listed]] = label("Countries of the registered office")
    phone_regions: Term[Annotated[tuple[CountryCode, ...], Listed]] = label(
        "Regions whose telephone numbers are accepted"
    )
    vat_number: Term[bool] = label("A valid VAT number of the European Union is accepted instead")
    documents_days: Term[Whole] = label("Days in which the documents must come")
    reminder_days: Term[Whole] = label("Days after the reminder in which they may still come")
    throughout: Term[bool] | None = optional("The customer must stay eligible for the whole term")
    no_refund: Term[bool] | None = optional("Nothing is paid back where it ends because nothing was shown")
    options_need_domain: Term[bool] | None = optional("Some options need an e-mail address of an eligible domain")


class Keeping(Frozen):
    """How long one kind of data is kept after the end."""

    days: Term[Whole] | None = optional("Days")
    years: Term[Whole] | None = optional("Years")
    on_request: Term[bool] | None = optional("It is restored on request")
    within_hours: Term[Whole] | None = optional("Hours in which it is restored")
    affiliates_count: Term[bool] | None = optional("A contract with an affiliate of the customer counts too")


class Retention(Frozen):
    """The kinds of data that the contract names."""

    contact: Keeping | None = optional("Contact data")
    account: Keeping | None = optional("Account data")
    backup: Keeping | None = optional("Backups")
    exchange_backup: Keeping | None = optional("Backups of hosted mailboxes")
    deleted_items: Keeping | None = optional("Deleted items of hosted mailboxes")
    messages: Keeping | None = optional("Messages on their way")
    exclusion: Term[bool] | None = optional("A customer's space is left out of the backups on request")
