"""What a partner programme says: who earns, how much, when it is paid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..term import Frozen, Term
from .values import CurrencyCode, Listed, Number, Whole, label, optional

Kind = Literal["first", "renewal", "additional"]
EventKind = Literal["cancel", "downgrade", "refund", "chargeback", "fraud"]
EventReason = Literal[
    "cancelled_early", "downgraded", "uncollected", "cancel", "downgrade", "refund", "chargeback", "fraud"
]
PayoutMethod = Literal["paypal", "wire", "invoice_credit"]
PayeeDocument = Literal["identity", "residence"]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class Claim(Frozen):
    """What lets a referral count that no click proves."""

    hours: Term[Whole] = label("Hours after the funds in which to file the claim")
    letters: Term[Whole] = label("Signed letters that the claim needs")
    ids: Term[Whole] = label("Identity documents that the claim needs")


class Event(Frozen):
    """What one kind of event does to a referral; each is the reason it gives, absent where it does nothing."""

    before: Term[EventReason] | None = optional("Reason for which it is rejected before it qualified")
    after: Term[EventReason] | None = optional("Reason for which it is reversed after it qualified")


class Events(Frozen):
    """The events that undo a referral."""

    cancel: Event | None = optional("The customer cancels")
    downgrade: Event | None = optional("The customer downgrades")
    refund: Event | None = optional("The payment is refunded")
    chargeback: Event | None = optional("The payment is charged back")
    fraud: Event | None = optional("The customer is found to be fraudulent")


class Referral(Frozen):
    """What a purchase needs to earn, and for how long it may still be undone."""

    counted_from: Term[Literal["signup", "payment"]] = label("The day that its time is counted from")
    enrolled_first: Term[bool] | None = optional("The partner must have enrolled by the sign-up")
    active_partner: Term[bool] | None = optional("The partner must be active at the purchase")
    different_person: Term[bool] | None = optional("Partner and customer must be two persons")
    tracked: Term[Literal["click", "click_or_claim"]] = label("What proves the referral")
    claim: Claim | None = optional("Claim of a referral that no click proves")
    click_days: Term[Whole] | None = optional("Days from the click in which to sign up")
    click_months: Term[Whole] | None = optional("Months from the click in which to sign up")
    no_additional: Term[bool] | None = optional("An additional product does not earn")
    no_plan_change: Term[bool] | None = optional("A product that was up- or downgraded earns no more")
    new_customer: Term[Literal["always", "first_purchase"]] | None = optional(
        "Purchases for which the customer must be new"
    )
    arms_length: Term[bool] | None = optional("Partner and customer may be neither related nor the same")
    standard_rate: Term[bool] | None = optional("Only standard prices earn")
    first_purchase_only: Term[bool] | None = optional("Only a first purchase earns")
    hold_days: Term[Whole] = label("Days for which it is held")
    qualifies: Term[Literal["on_last_day", "day_after"]] = label(
        "When it qualifies: on the last of these days or the day after"
    )
    events_from_counted_day: Term[bool] | None = optional(
        "Events before the day that its time is counted from change nothing"
    )
    events: Events = label("Events that undo it")


class Commission(Frozen):
    """How much a purchase earns."""

    basis: Term[Literal["share", "agreed_fee"]] = label("What the commission is")
    share: Term[Number] | None = optional("Share of the payment")
    kinds: Term[Annotated[tuple[Kind, ...], Listed]] = label("Purchases that earn")


class PayoutWindow(Frozen):
    """When the commissions of one month are determined and paid."""

    determined_days: Term[Whole] = label("Days after the month's end by which they are determined")
    months_later: Term[Whole] = label("Months after that month in which they are paid")
    from_day: Term[DayOfMonth] = label("Day of the month from which they are paid, until its end")
    most_hold_months: Term[Whole] = label("Months for which they may be held for verification")


class FirstPayout(Frozen):
    """What the first payout waits for."""

    least: Term[Number] = label("Credits that the first payout needs")
    months: Term[Whole] = label("Months after the first credit in which they must come")


class Payout(Frozen):
    """When and how a balance is paid."""

    balance_currency: Term[CurrencyCode] = label("Currency of the balances")
    window: PayoutWindow | None = optional("Days of payment")
    on_request: Term[bool] | None = optional("It is paid on request only")
    first: FirstPayout | None = optional("The first payout")
    least: Term[Number] | None = optional("The least that is paid")
    first_documents: Term[Annotated[tuple[PayeeDocument, ...], Listed]] | None = optional(
        "Documents that the first payout needs"
    )
    methods: Term[Annotated[tuple[PayoutMethod, ...], Listed]] = label("Ways in which it is paid")
    wire_over_usd: Term[Number] | None = optional("US dollars above which it may be paid by wire")
    reissue_usd: Term[Number] | None = optional("US dollars that a payment made anew costs")
    fee_borne_on: Term[Annotated[tuple[PayoutMethod, ...], Listed]] = label(
        "Ways of payment whose transfer fee the partner bears"
    )
