"""When a notice counts as received."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from backoffice.terms.calendar import next_opening, working_days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Moment, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import moment_words


class DeemedFacts(Facts):
    method: Literal["courier", "email", "post", "airmail"] = fact("Sent by", "email")
    sent_at: Moment = fact("Sent (by courier: delivered) at", "2026-04-08T18:30:00+01:00")


class Deemed(NamedTuple):
    deemed_at: datetime


@rule(
    "notice.deemed",
    "When does a notice count as received?",
    lambda o: f"It counts as received on {moment_words(o.deemed_at)}.",
)
def decide_notice_deemed(sheet: Sheet, facts: DeemedFacts) -> Decision[Deemed]:
    """The moment of receipt in the vendor's zone, always inside the hours of a working day."""
    terms = sheet.deemed
    days: Term[int] | None = getattr(terms, facts.method) if terms else None
    if terms is None or days is None:
        return not_covered(sheet)
    cite = Citations()
    if sheet.time_zone:
        cite(sheet.time_zone)
    holidays = cite(sheet.public_holidays) if sheet.public_holidays else ""
    opens, closes = cite(terms.opens), cite(terms.closes)
    arrives = facts.sent_at.astimezone(sheet.zone)
    if cite(days):
        arrives = datetime.combine(working_days_after(arrives.date(), cite(days), holidays), opens, sheet.zone)
    return decided(sheet, cite, Deemed(next_opening(arrives, opens, closes, holidays, sheet.zone)))
