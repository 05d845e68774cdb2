"""When a change of a contract takes effect, and who may leave because of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Money, fact
from backoffice.terms.question import needed
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Change
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words

Subject = Literal["terms", "aup", "sla", "price", "service_end", "policy"]


class AmendmentFacts(Facts):
    subject: Subject = fact("What is changed", "terms")
    published_on: Date = fact("The customer was given notice on", "2026-03-01")
    emergency: Flag = fact("In an emergency", False)
    material: Flag = fact("It materially affects the customer's use", True)
    exempt: Flag = fact("The rise follows from a change of the contract or from the law", False)
    period_end: Date | None = fact("The running period ends on", "2026-06-30")
    old_price: Money | None = fact("Old price", "100.00")
    new_price: Money | None = fact("New price", "112.00")


class Amendment(NamedTuple):
    effective_on: date
    object_until: date | None
    grandfathered_until: date | None


class PriceAmendment(NamedTuple):
    """An amendment whose size may let the customer dissolve the contract."""

    effective_on: date
    object_until: date | None
    grandfathered_until: date | None
    may_dissolve: bool


def tell_amendment(outcome: Amendment | PriceAmendment) -> str:
    told = f"The change takes effect on {day_words(outcome.effective_on)}"
    if outcome.object_until:
        told += f"; the customer may leave because of it until {day_words(outcome.object_until)}"
    if outcome.grandfathered_until:
        told += f"; the old version may be kept until {day_words(outcome.grandfathered_until)}"
    if isinstance(outcome, PriceAmendment):
        told += (
            "; the customer may dissolve the contract"
            if outcome.may_dissolve
            else "; the contract may not be dissolved for it"
        )
    return f"{told}."


@rule("terms.amendment", "When does a change take effect, and who may leave because of it?", tell_amendment)
def decide_amendment(sheet: Sheet, facts: AmendmentFacts) -> Decision[Amendment | PriceAmendment]:
    """The days of a change of one subject; not covered where the contract says nothing of changing it."""
    change: Change | None = getattr(sheet.amendment, facts.subject) if sheet.amendment else None
    if change is None:
        return not_covered(sheet)
    cite = Citations()
    days = days_of_change(change, facts, cite)
    over = rise_is_over(change, facts, cite)
    if over is None:
        return decided(sheet, cite, days)
    return decided(sheet, cite, PriceAmendment(*days, may_dissolve=over and not facts.exempt))


def days_of_change(change: Change, facts: AmendmentFacts, cite: Citations) -> Amendment:
    """When a change takes effect, until when who may leave, and how long the old version may be kept."""
    by_renewal = cite(change.effective) == "next_renewal"
    return _next_renewal(change, facts, cite) if by_renewal else _by_notice(change, facts, cite)


def rise_is_over(change: Change, facts: AmendmentFacts, cite: Citations) -> bool | None:
    """Whether a price rises by more than the contract bears; None where its size does not matter."""
    if change.dissolve_over is None:
        return None
    old, new = _prices(facts)
    return new > old * (1 + cite(change.dissolve_over))


def _prices(facts: AmendmentFacts) -> tuple[Decimal, Decimal]:
    if facts.old_price is None:
        raise needed("old_price", "the size of the rise decides")
    if facts.new_price is None:
        raise needed("new_price", "the size of the rise decides")
    return facts.old_price, facts.new_price


def _by_notice(change: Change, facts: AmendmentFacts, cite: Citations) -> Amendment:
    """A change that counts from the day of its notice."""
    at_once = change.emergency_at_once is not None and facts.emergency and cite(change.emergency_at_once)
    effective_on = facts.published_on
    if not at_once and cite(change.effective) != "at_once":
        days = cite(change.notice_days) if change.notice_days else 0
        effective_on = days_after(facts.published_on, days + (cite(change.effective) == "day_after_days"))
    object_until = None
    if facts.material and change.material_may_leave is not None and cite(change.material_may_leave):
        leave = change.emergency_leave_days
        object_until = days_after(effective_on, cite(leave)) if at_once and leave else days_after(effective_on, -1)
    kept = change.old_version_days
    return Amendment(effective_on, object_until, days_after(effective_on, cite(kept)) if kept else None)


def _next_renewal(change: Change, facts: AmendmentFacts, cite: Citations) -> Amendment:
    """A change that waits for the end of the running period, or for a later one if the notice leaves no time to go."""
    if facts.period_end is None:
        raise needed("period_end", "the change takes effect with the next renewal")
    lead = cite(change.leave_days_before) if change.leave_days_before else 0
    step = (
        cite(change.wait_months)
        if change.wait_months and facts.published_on > days_after(facts.period_end, -lead)
        else 0
    )
    effective_on, waited = facts.period_end, 0
    while step and facts.published_on > days_after(effective_on, -lead):
        waited += step
        effective_on = months_after(facts.period_end, waited)
    kept = change.old_version_days
    return Amendment(
        effective_on, days_after(effective_on, -lead), days_after(effective_on, cite(kept)) if kept else None
    )
