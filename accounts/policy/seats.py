"""Seats: what an added one costs, when one that was given up is gone, and when one may be given to another person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after, last_of_month, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Currency, Date, Facts, Flag, Money, Positive, fact
from backoffice.terms.money import rounded
from backoffice.terms.question import QuestionError, mismatch
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Seats
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


def _seat_terms(sheet: Sheet, commitment: bool) -> Seats | None:
    """The terms of seats; some contracts have others for who made no commitment."""
    return sheet.seats if commitment or sheet.seats_uncommitted is None else sheet.seats_uncommitted


class AddFacts(Facts):
    currency: Currency = fact("Currency", "EUR")
    unit_price: Money = fact("Price of one seat for one whole period", "120.00")
    seats: Positive = fact("Seats that are added", 3)
    period_start: Date = fact("The period began on", "2026-01-01")
    period_end: Date = fact("The period ends on", "2026-12-31")
    added_on: Date = fact("The seats are added on", "2026-05-20")
    commitment: Flag = fact("With commitment", True)


class SeatsAdded(NamedTuple):
    charge: Decimal
    days_charged: int
    days_in_period: int
    ends_on: date


def tell_add(outcome: SeatsAdded) -> str:
    part = f"{outcome.days_charged} of {outcome.days_in_period} days"
    return f"The added seats cost {outcome.charge} for {part}, and end on {day_words(outcome.ends_on)}."


@rule("seats.add", "What do added seats cost for the rest of the period?", tell_add)
def decide_seats_add(sheet: Sheet, facts: AddFacts) -> Decision[SeatsAdded]:
    """The charge for seats from the day they are added, that day included, to the end of the period they join."""
    terms = _seat_terms(sheet, facts.commitment)
    if terms is None or terms.add_over is None:
        return not_covered(sheet)
    cite = Citations()
    if facts.currency != cite(sheet.currency):
        raise mismatch("currency", sheet.currency.value)
    first, last = facts.period_start, facts.period_end
    if cite(terms.add_over) == "calendar_month":
        first, last = facts.added_on.replace(day=1), last_of_month(facts.added_on)
    if not first <= facts.added_on <= last:
        raise QuestionError("date_order", "added_on", "the seats are added outside the period")
    charged = whole = (last - first).days + 1
    if terms.add_by_day is not None and cite(terms.add_by_day):
        charged = (last - facts.added_on).days + 1
    charge = rounded(Fraction(facts.unit_price) * facts.seats * charged / whole, facts.currency)
    return decided(sheet, cite, SeatsAdded(charge, charged, whole, last))


class RemoveFacts(Facts):
    notified_on: Date = fact("The seat is given up on", "2026-11-20")
    period_end: Date = fact("The period ends on", "2026-12-31")
    commitment: Flag = fact("With commitment", True)


class SeatRemoved(NamedTuple):
    effective_on: date


def tell_remove(outcome: SeatRemoved) -> str:
    return f"The seat is gone from {day_words(outcome.effective_on)} on."


@rule("seats.remove", "When is a seat that was given up gone?", tell_remove)
def decide_seats_remove(sheet: Sheet, facts: RemoveFacts) -> Decision[SeatRemoved]:
    """The first day without the seat."""
    terms = _seat_terms(sheet, facts.commitment)
    if terms is None or terms.remove_at is None:
        return not_covered(sheet)
    cite = Citations()
    if cite(terms.remove_at) == "next_month":
        effective_on = days_after(last_of_month(facts.notified_on), 1)
        lead = cite(terms.remove_notice_days) if terms.remove_notice_days else 0
        if days_after(effective_on, -lead) < facts.notified_on:
            effective_on = months_after(effective_on, 1)
        return decided(sheet, cite, SeatRemoved(effective_on))
    effective_on = days_after(facts.period_end, 1)
    months = cite(terms.remove_notice_months) if terms.remove_notice_months else 0
    if facts.notified_on > months_after(facts.period_end, -months) and terms.remove_wait_months:
        effective_on = months_after(effective_on, cite(terms.remove_wait_months))
    return decided(sheet, cite, SeatRemoved(effective_on))


class ReassignFacts(Facts):
    plan: Literal["business", "enterprise"] = fact("Plan", "enterprise")
    assigned_on: Date = fact("The seat was given to its holder on", "2026-01-10")
    on: Date = fact("It is to be given to another person on", "2026-06-15")
    because_left: Flag = fact("The holder has left", True)
    renewal_period_start: Date | None = fact("The renewal period began on (empty in the first period)", None)


class SeatReassigned(NamedTuple):
    allowed: bool
    reason: str


REASSIGNED = {
    "holder_left": "The seat may be given to another person, because its holder has left.",
    "renewal_window": "The seat may be given to another person, because the renewal period has just begun.",
    "any_time": "The seat may be given to another person, as at any time.",
    "locked": "The seat stays with its holder.",
}


@rule("seats.reassign", "May a seat be given to another person?", lambda outcome: REASSIGNED[outcome.reason])
def decide_seats_reassign(sheet: Sheet, facts: ReassignFacts) -> Decision[SeatReassigned]:
    """Whether one person's seat may become another's, and why."""
    terms = sheet.seats
    leavers, window = (terms.reassign_leavers_of, terms.reassign_window_months) if terms else (None, None)
    if terms is None or not (terms.reassign_any_time or leavers or window):
        return not_covered(sheet)
    cite = Citations()
    if terms.reassign_any_time is not None and cite(terms.reassign_any_time):
        return decided(sheet, cite, SeatReassigned(True, "any_time"))
    if leavers is not None and facts.plan in cite(leavers) and facts.because_left:
        return decided(sheet, cite, SeatReassigned(True, "holder_left"))
    renewed = facts.renewal_period_start
    if window is not None:
        months = cite(window)
        if renewed is not None and renewed <= facts.on < months_after(renewed, months):
            return decided(sheet, cite, SeatReassigned(True, "renewal_window"))
    return decided(sheet, cite, SeatReassigned(False, "locked"))
