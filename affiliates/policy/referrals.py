"""Whether a referred purchase earns: what it needs, how long it is held, and what undoes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, NamedTuple

from backoffice.terms.calendar import days_after, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Date, Facts, Flag, Listed, Moment, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections import partners
from backoffice.terms.sections.partners import EventKind, Kind, Referral
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import day_words, listed, spoken

Status = Literal["rejected", "pending", "qualified", "reversed"]


class Claim(Facts):
    """The partner's and the customer's letters about a referral that no click proves."""

    filed_at: Moment = fact("The claim was filed at", "2026-03-04T09:00:00+01:00")
    funds_at: Moment = fact("The funds came at", "2026-03-03T10:00:00+01:00")
    letters: Count = fact("Signed letters", 2)
    ids: Count = fact("Identity documents", 2)


class Event(Facts):
    """Something that happened to the purchase since."""

    on: Date = fact("On", "2026-05-20")
    kind: EventKind = fact("What happened", "refund")


class ReferralFacts(Facts):
    enrolled_on: Date = fact("The partner enrolled on", "2025-06-01")
    partner_active: Flag = fact("The partner was active at the purchase", True)
    click_at: Moment | None = fact("The customer clicked the partner's link at", "2026-02-20T18:30:00+01:00", None)
    signup_at: Moment = fact("The customer signed up at", "2026-03-01T11:00:00+01:00")
    paid_on: Date = fact("The customer paid on", "2026-03-03")
    kind: Kind = fact("Kind of purchase", "first")
    standard_rate: Flag = fact("At a standard price", True)
    new_customer: Flag = fact("The customer was new", True)
    related: Flag = fact("Partner and customer are related", False)
    same_person: Flag = fact("Partner and customer are the same person", False)
    plan_changed: Flag = fact("The product was up- or downgraded since", False)
    claim: Claim | None = fact(
        "Claim of a referral that no click proves",
        None,
        {"filed_at": "2026-03-04T09:00:00+01:00", "funds_at": "2026-03-03T10:00:00+01:00", "letters": 2, "ids": 2},
    )
    events: Annotated[tuple[Event, ...], Listed] = fact("Events since", [], [{"on": "2026-05-20", "kind": "refund"}])
    as_of: Date = fact("As of", "2026-07-01")


class Qualification(NamedTuple):
    status: Status
    on: date
    reasons: tuple[str, ...]


def tell_referral(outcome: Qualification) -> str:
    day = day_words(outcome.on)
    if outcome.status == "pending":
        return f"The referral is held, and will qualify on {day} if nothing undoes it."
    if outcome.status == "qualified":
        return f"The referral qualified on {day}."
    return f"The referral was {outcome.status} on {day}: {listed([spoken(reason) for reason in outcome.reasons])}."


@rule("referral.qualify", "Does a referred purchase earn a commission?", tell_referral)
def decide_referral(sheet: Sheet, facts: ReferralFacts) -> Decision[Qualification]:
    """Where a referral stands as of a day. What it lacks rejects it on the day that its time is counted from; else it
    is held, and the earliest event that has an effect, of one day the first in the list, decides."""
    terms = sheet.referral
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    counted = facts.paid_on if cite(terms.counted_from) == "payment" else _local_day(sheet, facts.signup_at, cite)
    lacking = _lacking(sheet, terms, facts, cite)
    if lacking:
        return decided(sheet, cite, Qualification("rejected", counted, lacking))
    return decided(sheet, cite, _held(terms, facts, counted, cite))


def _held(terms: Referral, facts: ReferralFacts, counted: date, cite: Citations) -> Qualification:
    """A referral that lacks nothing: held, undone by an event, or qualified."""
    qualifies_on = days_after(counted, cite(terms.hold_days) + (cite(terms.qualifies) == "day_after"))
    known = (event for event in facts.events if event.on <= facts.as_of)
    for event in sorted(known, key=lambda event: event.on):
        early = event.on < qualifies_on
        effect: partners.Event | None = getattr(terms.events, event.kind)
        if effect is None:
            continue
        reason = effect.before if early else effect.after
        if reason is None:
            continue
        if event.on < counted and _asked(terms.events_from_counted_day, cite):
            continue
        return Qualification("rejected" if early else "reversed", event.on, (cite(reason),))
    return Qualification("pending" if facts.as_of < qualifies_on else "qualified", qualifies_on, ())


def _lacking(sheet: Sheet, terms: Referral, facts: ReferralFacts, cite: Citations) -> tuple[str, ...]:
    """Everything that the purchase lacks, in one order for every programme. A requirement is read, and so cited, only
    where the purchase does not meet it."""

    def unmet(requirement: Term[bool] | None, met: bool) -> bool:
        return not met and _asked(requirement, cite)

    untracked = _untracked(sheet, terms, facts, cite)
    found = {
        "not_enrolled": unmet(terms.enrolled_first, _enrolled_in_time(sheet, terms, facts, cite)),
        "inactive_partner": unmet(terms.active_partner, facts.partner_active),
        "same_person": unmet(terms.different_person, not facts.same_person),
        "no_click": untracked == "no_click",
        "untracked": untracked == "untracked",
        "click_expired": untracked == "click_expired",
        "additional_product": unmet(terms.no_additional, facts.kind != "additional"),
        "plan_changed": unmet(terms.no_plan_change, not facts.plan_changed),
        "not_new": _known_before(terms, facts, cite),
        "related_party": unmet(terms.arms_length, not (facts.related or facts.same_person)),
        "non_standard_rate": unmet(terms.standard_rate, facts.standard_rate),
        "not_a_first_purchase": unmet(terms.first_purchase_only, facts.kind == "first"),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _asked(requirement: Term[bool] | None, cite: Citations) -> bool:
    """Whether the contract asks for something at all."""
    return requirement is not None and cite(requirement)


def _enrolled_in_time(sheet: Sheet, terms: Referral, facts: ReferralFacts, cite: Citations) -> bool:
    # Where enrolment is not asked for, the clock on which the sign-up's day is read has no part in the answer.
    return terms.enrolled_first is None or facts.enrolled_on <= _local_day(sheet, facts.signup_at, cite)


def _known_before(terms: Referral, facts: ReferralFacts, cite: Citations) -> bool:
    """Whether the customer had to be new and was not."""
    if facts.new_customer or terms.new_customer is None:
        return False
    return cite(terms.new_customer) == "always" or facts.kind == "first"


def _untracked(sheet: Sheet, terms: Referral, facts: ReferralFacts, cite: Citations) -> str | None:
    """Why nothing proves the referral: no click and no claim in its place, or a click too long before the sign-up."""
    if facts.click_at is None:
        if cite(terms.tracked) == "click":
            return "no_click"
        return None if terms.claim and facts.claim and _claimed(terms.claim, facts.claim, cite) else "untracked"
    clicked, signed_up = _local_day(sheet, facts.click_at, cite), _local_day(sheet, facts.signup_at, cite)
    days, months = terms.click_days, terms.click_months
    if days is not None and (signed_up - clicked).days > cite(days):
        return "click_expired"
    if months is not None and signed_up > months_after(clicked, cite(months)):
        return "click_expired"
    return None


def _claimed(terms: partners.Claim, claim: Claim, cite: Citations) -> bool:
    """Whether the claim came in time and with all that it needs."""
    # Taken in UTC, so that hours are hours across a change of the clocks whatever zone the moments come in.
    waited = claim.filed_at.astimezone(UTC) - claim.funds_at.astimezone(UTC)
    in_time = waited <= timedelta(hours=cite(terms.hours))
    return in_time and claim.letters >= cite(terms.letters) and claim.ids >= cite(terms.ids)


def _local_day(sheet: Sheet, moment: datetime, cite: Citations) -> date:
    """The day of a moment by the vendor's clock."""
    if sheet.time_zone is not None:
        cite(sheet.time_zone)
    return moment.astimezone(sheet.zone).date()
