"""What ends or suspends a contract without notice, what takes an end back, and what makes it complete."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Moment, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.ending import Ground
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class StopFacts(Facts):
    ground: Ground = fact("Ground", "conduct")
    since: Date = fact("It exists (a payment: is due) since", "2026-05-04")
    on: Date = fact("Asked on", "2026-05-11")


class Stopping(NamedTuple):
    suspend: bool
    end: bool
    from_on: date
    nothing_back: bool | None


def tell_stop(outcome: Stopping) -> str:
    allowed = {
        (True, True): "The service may be suspended and the contract ended without notice",
        (True, False): "The service may be suspended without notice, but the contract not ended",
        (False, True): "The contract may be ended without notice, but the service not suspended",
        (False, False): "Neither may the service be suspended nor the contract ended without notice",
    }[outcome.suspend, outcome.end]
    back = "; nothing that was paid comes back" if outcome.nothing_back else ""
    return f"{allowed}, counted from {day_words(outcome.from_on)} on{back}."


@rule("service.stop", "May the service be stopped on this ground without notice, and is anything paid back?", tell_stop)
def decide_service_stop(sheet: Sheet, facts: StopFacts) -> Decision[Stopping]:
    """Whether suspension and end may come without notice, from which day, and whether what was paid is lost (None where
    the contract does not say)."""
    terms = sheet.stops.grounds.get(facts.ground) if sheet.stops else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    from_on = days_after(facts.since, cite(terms.after_days)) if terms.after_days else facts.since
    begun = facts.on >= from_on
    suspend, end = cite(terms.suspend) and begun, cite(terms.end) and begun
    nothing_back = cite(terms.nothing_back) if terms.nothing_back else None
    return decided(sheet, cite, Stopping(suspend, end, from_on, nothing_back))


class WithdrawFacts(Facts):
    ends_on: Date = fact("The service would end on", "2027-02-28")
    on: Date = fact("The notice is taken back on", "2027-02-27")


class Withdrawal(NamedTuple):
    allowed: bool
    until: date | None


def tell_withdrawal(outcome: Withdrawal) -> str:
    if outcome.until is None:
        return "The notice may not be taken back."
    until = day_words(outcome.until)
    if outcome.allowed:
        return f"The notice may be taken back, until {until}."
    return f"The notice may not be taken back any more; {until} was the last day for that."


@rule("term.withdraw", "May a notice to stop be taken back?", tell_withdrawal)
def decide_term_withdraw(sheet: Sheet, facts: WithdrawFacts) -> Decision[Withdrawal]:
    """Whether the customer may let the term renew after all, and until when."""
    terms = sheet.renewal_switch
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if not cite(terms.on_again):
        return decided(sheet, cite, Withdrawal(False, None))
    until = days_after(facts.ends_on, -cite(terms.days_before))
    return decided(sheet, cite, Withdrawal(facts.on <= until, until))


class CompleteFacts(Facts):
    asked_on: Date = fact("The end was asked for on", "2026-05-04")
    sent_at: Moment | None = fact("The notice that it is done was sent at", "2026-05-08T11:00:00+01:00")


class Completed(NamedTuple):
    ended_on: date | None


@rule(
    "term.complete",
    "When is an end that was asked for complete?",
    lambda o: f"It is complete on {day_words(o.ended_on)}." if o.ended_on else "It is not complete yet.",
)
def decide_term_complete(sheet: Sheet, facts: CompleteFacts) -> Decision[Completed]:
    """The last day of a contract whose end was asked for before its time; None while it is not complete."""
    if sheet.completion is None:
        return not_covered(sheet)
    cite = Citations()
    if cite(sheet.completion.when) == "request":
        return decided(sheet, cite, Completed(facts.asked_on))
    if facts.sent_at is None:
        return decided(sheet, cite, Completed(None))
    if sheet.time_zone:
        cite(sheet.time_zone)
    return decided(sheet, cite, Completed(facts.sent_at.astimezone(sheet.zone).date()))


class SuccessionFacts(Facts):
    event: Literal["death", "merger"] = fact("What happened", "merger")
    told_on: Date = fact("We were told on", "2026-05-04")
    in_writing: Flag = fact("It was told in writing", True)


class Succeeding(NamedTuple):
    ends: bool
    deletes: bool
    told_well: bool
    may_end_until: date | None


def tell_succession(outcome: Succeeding) -> str:
    if outcome.ends:
        return f"The contract ends at once{', and its data is deleted' if outcome.deletes else ''}."
    if not outcome.told_well:
        return "It counts only when it is told in writing."
    if outcome.may_end_until:
        until = day_words(outcome.may_end_until)
        return f"The vendor may end the contract until {until}; otherwise who follows takes it over."
    return "The contract goes on."


@rule("succession.follows", "What follows on the account holder's death or merger?", tell_succession)
def decide_succession(sheet: Sheet, facts: SuccessionFacts) -> Decision[Succeeding]:
    """Whether the contract ends, whether its data goes, and until when the vendor may end it."""
    terms = sheet.succession
    first = None if terms is None else terms.death_ends if facts.event == "death" else terms.merger_days
    if terms is None or first is None:
        return not_covered(sheet)
    cite = Citations()
    if terms.death_ends is not None and facts.event == "death":
        ends = cite(terms.death_ends)
        deletes = bool(ends and terms.death_deletes and cite(terms.death_deletes))
        return decided(sheet, cite, Succeeding(ends, deletes, True, None))
    written = bool(terms.merger_written and cite(terms.merger_written))
    if written and not facts.in_writing:
        return decided(sheet, cite, Succeeding(False, False, False, None))
    until = days_after(facts.told_on, cite(first))
    return decided(sheet, cite, Succeeding(False, False, True, until))
