"""What a change of a contract brings with it: how it is told, who leaves because of it, and when it is waived."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from accounts.policy.amendment import AmendmentFacts, Subject, days_of_change, rise_is_over
from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Change
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words


class ToldFacts(Facts):
    subject: Subject = fact("What is changed", "terms")


class Told(NamedTuple):
    """How customers are told of a change; a channel of None is one that the contract leaves open."""

    channel: str | None
    difference: bool
    archive: bool


CHANNELS = {"portal": "on the account page", "email": "by e-mail", "website": "by publishing it", None: "in any form"}


def tell_told(outcome: Told) -> str:
    told = f"The change is told {CHANNELS[outcome.channel]}"
    told += ", with what is different" if outcome.difference else ""
    return f"{told}{', and the versions before it stay to be read' if outcome.archive else ''}."


@rule("amendment.notice", "How are customers told of a change?", tell_told)
def decide_amendment_notice(sheet: Sheet, facts: ToldFacts) -> Decision[Told]:
    """The form of the notice of a change, and what goes with it."""
    change = change_of(sheet, facts.subject)
    if change is None or not (change.told_by or change.difference_told or change.old_versions_kept):
        return not_covered(sheet)
    cite = Citations()
    channel = cite(change.told_by) if change.told_by else None
    difference = change.difference_told is not None and cite(change.difference_told)
    archive = change.old_versions_kept is not None and cite(change.old_versions_kept)
    return decided(sheet, cite, Told(channel, difference, archive))


class LeavingFacts(AmendmentFacts):
    left_on: Date = fact("The customer said that it leaves on", "2026-03-20")
    in_writing: Flag = fact("In writing", True)


class Leaving(NamedTuple):
    """Whether leaving because of a change counts; ``ends_on`` is the last day of service, where the contract says."""

    allowed: bool
    reason: str
    ends_on: date | None


LEAVING = {
    "dissolved": "The customer may dissolve the contract, because the price rises by more than it has to bear",
    "in_time": "The customer leaves because of the change",
    "not_material": "The customer may not leave because of the change, as it does not materially affect it",
    "no_exit": "The contract lets nobody leave because of such a change",
    "not_in_writing": "The customer may leave because of the change, but has to say so in writing",
    "late": "It is too late to leave because of the change",
}


def tell_leaving(outcome: Leaving) -> str:
    end = f"; {day_words(outcome.ends_on)} is the last day of service" if outcome.ends_on else ""
    return f"{LEAVING[outcome.reason]}{end}."


@rule("amendment.leave", "May the customer leave because of a change, and when does it end?", tell_leaving)
def decide_amendment_leave(sheet: Sheet, facts: LeavingFacts) -> Decision[Leaving]:
    """Whether a customer that leaves because of a change may, and its last day of service."""
    change = change_of(sheet, facts.subject)
    if change is None:
        return not_covered(sheet)
    cite = Citations()
    days = days_of_change(change, facts, cite)
    if rise_is_over(change, facts, cite) and not facts.exempt:
        return decided(sheet, cite, Leaving(True, "dissolved", _end(change, days.effective_on, facts, cite)))
    refused = None
    if days.object_until is None:
        refused = "not_material" if change.material_may_leave and not facts.material else "no_exit"
    elif change.leave_in_writing is not None and cite(change.leave_in_writing) and not facts.in_writing:
        refused = "not_in_writing"
    elif facts.left_on > days.object_until:
        refused = "late"
    if refused is not None:
        return decided(sheet, cite, Leaving(False, refused, None))
    return decided(sheet, cite, Leaving(True, "in_time", _end(change, days.effective_on, facts, cite)))


def _end(change: Change, effective_on: date, facts: LeavingFacts, cite: Citations) -> date | None:
    if change.leave_ends is None:
        return None
    ends = cite(change.leave_ends)
    if ends == "before_effect":
        return max(facts.left_on, days_after(effective_on, -1))
    return effective_on if ends == "at_renewal" else facts.left_on


class WaivingFacts(Facts):
    subject: Subject = fact("What is changed", "aup")
    severe: Flag = fact("It would severely harm the customer's business", True)


class Waiving(NamedTuple):
    allowed: bool
    reason: str


WAIVING = {
    "severe": "The change may be waived, because it would severely harm the customer's business.",
    "not_severe": "The change is not waived, because it would not severely harm the customer's business.",
    "never": "Such a change is never waived.",
}


@rule("amendment.waive", "May a change be waived for one customer?", lambda outcome: WAIVING[outcome.reason])
def decide_amendment_waive(sheet: Sheet, facts: WaivingFacts) -> Decision[Waiving]:
    """Whether the vendor may let one customer stay under the version before a change."""
    change = change_of(sheet, facts.subject)
    if change is None or change.may_waive is None:
        return not_covered(sheet)
    cite = Citations()
    if not cite(change.may_waive):
        return decided(sheet, cite, Waiving(False, "never"))
    return decided(sheet, cite, Waiving(facts.severe, "severe" if facts.severe else "not_severe"))


def change_of(sheet: Sheet, subject: Subject) -> Change | None:
    """What the contract says of changes of a subject."""
    change: Change | None = getattr(sheet.amendment, subject) if sheet.amendment else None
    return change
