"""What an account's contract says about money: late payment, disputes, refunds, service credits."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator

from backoffice.terms.facts import Method
from backoffice.terms.sections.values import AtLeastOne, Listed, Number, Whole, label, optional
from backoffice.terms.term import Frozen, Term

CostKind = Literal["collection", "judicial", "bank"]
Part = Literal["costs", "interest", "principal"]
LineKind = Literal["service", "setup", "domain_registration", "device"]
Product = Literal["service", "assistance", "domain", "ip", "ssl"]
OutageCause = Literal[
    "server", "planned_maintenance", "hot_fix", "customer_side", "network_attack", "dns", "flooding", "software_bug",
    "datacenter", "aup_breach",
]  # fmt: skip


def _above_zero(value: Decimal) -> Decimal:
    if value > 0:
        return value
    raise ValueError("a step must be above 0")


Step = Annotated[Number, AfterValidator(_above_zero)]
"""A number that others are divided by."""


class CollectionFee(Frozen):
    """What collecting a debt costs the debtor."""

    share: Term[Number] = label("Collection fee, as a share of what is unpaid")
    least: Term[Number] = label("The least collection fee")
    actual_if_higher: Term[bool] = label("Higher collection costs take the fee's place")


# Rates that somebody publishes, step by step.
ReferenceSeries = Literal["bank_of_england", "french_legal", "bulgarian_statutory"]


class LateCharges(Frozen):
    """Interest and fees on what is not paid in time."""

    interest: Term[Literal["yearly", "monthly", "above_reference"]] = label("How interest is counted")
    rate: Term[Number] = label("The rate, or the points above the reference rate, as a share")
    days_in_year: Term[AtLeastOne] = label("Days of a year that a yearly rate is divided by")
    reference: Term[ReferenceSeries] | None = optional("The published rate that is the reference")
    reference_if_higher: Term[bool] | None = optional("The reference rate takes its place where it gives more")
    whole_units: Term[bool] | None = optional(
        "A fraction of a whole unit of the extra fee and of the interest is dropped"
    )
    extra_fee: Term[Number] | None = optional("Extra fee, as a share of what is unpaid")
    indemnity: Term[Number] | None = optional("Fixed indemnity for recovery")
    returned_check: Term[Number] | None = optional("Fee for a returned cheque")
    investigation: Term[Number] | None = optional("Fee for an investigation")
    collection: CollectionFee | None = optional("Collection fee")
    costs_charged: Term[Annotated[tuple[CostKind, ...], Listed]] | None = optional(
        "Costs that are charged on, as they were"
    )
    costs_bear_interest: Term[bool] | None = optional(
        "The costs and the collection fee bear the contract's own interest"
    )


class Allocation(Frozen):
    """What a payment pays first."""

    order: Term[Annotated[tuple[Part, ...], Listed]] = label("What a payment pays, in order")


class Dispute(Frozen):
    """Until when a bill may be disputed."""

    days_before_due: Term[Whole] = label("Days before the due day by which a dispute must be received")
    chargeback_fee: Term[Number] = label("Fee for a charge-back past that day with no dispute raised before")
    credited: Term[Literal["next_due", "at_once"]] | None = optional("When what was rightly disputed is credited")


class MoneyBack(Frozen):
    """The satisfaction guarantee."""

    days: Term[Whole] = label("Calendar days in which to ask for the money back")
    methods_excluded: Term[Annotated[tuple[Method, ...], Listed]] = label("Payment methods without the guarantee")
    kinds_refunded: Term[Annotated[tuple[LineKind, ...], Listed]] = label("Kinds of charges that come back")
    kept_domain_deducted: Term[bool] = label("A domain that is kept is deducted at its regular price")
    methods_to_card: Term[Annotated[tuple[Method, ...], Listed]] = label(
        "Payment methods refunded to the card; others by cheque"
    )
    reseller_honours: Term[bool] | None = optional("A reseller honours the guarantee itself")


class EarlyTermination(Frozen):
    """What comes back of a prepaid period that ends early."""

    unit: Term[Literal["months", "days"]] | None = optional("What the unused part is counted in")
    products: Term[Annotated[tuple[Product, ...], Listed]] | None = optional("Products of which anything comes back")
    breach_forfeits: Term[bool] = label("Nothing comes back on the customer's own breach")
    customer_leaves: Term[Literal["nothing", "on_vendor_breach", "unused_part"]] = label(
        "What comes back when the customer leaves"
    )
    vendor_ends: Term[bool] | None = optional("The unused part comes back when the vendor ends it")
    customer_fee: Term[Number] | None = optional("Fee when the customer ends it, as a share of the price")
    unpaid_due_days: Term[Whole] | None = optional(
        "Days after the end in which a period that was not paid is due in full"
    )


class HourlyCredit(Frozen):
    """A credit by the hours that the service was down in a month."""

    hours: Term[AtLeastOne] = label("Hours of a step")
    percent: Term[Number] = label("Credit of each step, in percent")
    most_percent: Term[Number] = label("The most that is credited by the hour, in percent")


class MonthCredit(Frozen):
    """A credit for a month in which the service was available for less time than is owed."""

    causes_counted: Term[Annotated[tuple[OutageCause, ...], Listed]] = label("Causes of outages that count")
    least_minutes: Term[Whole] = label("Minutes that an outage must last to count")
    month_minutes: Term[AtLeastOne] = label("Minutes of a month")
    target: Term[Number] = label("Availability that is owed, in percent")
    base_percent: Term[Number] = label("Credit below the target, in percent")
    step_loss: Term[Step] = label("Loss of availability that adds a step, in percent")
    step_percent: Term[Number] = label("Credit that a step adds, in percent")
    most_percent: Term[Number] = label("The most that is credited for a month, in percent")
    hourly: HourlyCredit | None = optional("By the hour, where that is more")
    by_affected_users: Term[bool] | None = optional("Only the share of the users affected is credited")
    billed_directly: Term[bool] | None = optional("Only who is billed directly is credited")
    report_days: Term[Whole] | None = optional("Days after its start in which an outage must be reported")
    claim_days: Term[Whole] | None = optional("Days after the month's end in which to claim")
    traceroutes: Term[Whole] | None = optional("Traceroutes that a claim must hold")
    breach_bars: Term[bool] | None = optional("Nothing is credited while the customer is in breach")
    claim_holds: Term[Annotated[tuple[Literal["start", "end"], ...], Listed]] | None = optional(
        "What a claim must tell of the outage"
    )
    answer_from_days: Term[Whole] | None = optional("Days after a claim from which it is answered")
    answer_by_days: Term[Whole] | None = optional("Days after a claim by which it is answered")


class OutageCredit(Frozen):
    """A credit for each long outage, by its whole days."""

    causes_counted: Term[Annotated[tuple[OutageCause, ...], Listed]] = label("Causes of outages that count")
    least_minutes: Term[Whole] = label("Minutes that an outage must last to count")
    month_days: Term[AtLeastOne] = label("Days by which the monthly fee is divided")
    claim_months: Term[Whole] = label("Months after the outage's end in which to claim")


class ServiceCredit(Frozen):
    """What is credited for outages."""

    by_month: MonthCredit | None = optional("By the month")
    by_month_exchange: MonthCredit | None = optional("By the month, for hosted mailboxes")
    by_outage: OutageCredit | None = optional("By the outage")
