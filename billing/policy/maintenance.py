"""Whether maintenance was told of as the contract wants, so that it is no outage."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Moment, fact
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import rule
from backoffice.terms.sections.availability import Maintenance, MaintenanceKind, Weekday, Weekdays
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import day_words

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
ONE_DAY = timedelta(days=1)


class MaintenanceFacts(Facts):
    kind: Literal["planned", "hot_fix"] = fact("Kind", "planned")
    begins_at: Moment = fact("It begins at", "2026-04-11T01:00:00-04:00")
    ends_at: Moment = fact("It ends at", "2026-04-11T03:00:00-04:00")
    told_on: Date | None = fact("The customer was told on", "2026-04-08")


class MaintenanceAnswer(NamedTuple):
    """Whether it counts as maintenance, the last day for telling of it (None where it need not be told), and whether it
    lies in the hours that the contract names (None where it names none)."""

    counts: bool
    notice_by: date | None
    usual_hours: bool | None


def tell_maintenance(outcome: MaintenanceAnswer) -> str:
    counts = "It counts as maintenance." if outcome.counts else "It counts as an outage: it was not told in time."
    by = f" It has to be told by {day_words(outcome.notice_by)}." if outcome.notice_by else ""
    hours = {None: "", True: " It lies in the usual hours.", False: " It lies outside the usual hours."}
    return counts + by + hours[outcome.usual_hours]


@rule("maintenance.counts", "Does this count as maintenance, or as an outage?", tell_maintenance)
def decide_maintenance_counts(sheet: Sheet, facts: MaintenanceFacts) -> Decision[MaintenanceAnswer]:
    """Maintenance counts as such where it was told in time or need not be. ``date_order`` where it ends before it
    begins."""
    terms = sheet.maintenance
    if terms is None or (terms.notice_days is None and terms.without_notice is None):
        return not_covered(sheet)
    if facts.ends_at < facts.begins_at:
        raise QuestionError("date_order", "ends_at", "it ends before it begins")
    cite = Citations()
    usual = _usual(sheet, terms, facts, cite)
    if terms.without_notice is not None and facts.kind in cite(terms.without_notice):
        return decided(sheet, cite, MaintenanceAnswer(True, None, usual))
    if terms.notice_days is None:
        return decided(sheet, cite, MaintenanceAnswer(False, None, usual))
    if sheet.time_zone is not None:
        cite(sheet.time_zone)
    notice_by = days_after(facts.begins_at.astimezone(sheet.zone).date(), -cite(terms.notice_days))
    told = facts.told_on is not None and facts.told_on <= notice_by
    return decided(sheet, cite, MaintenanceAnswer(told, notice_by, usual))


class Hours(NamedTuple):
    """On which days the hours of one kind of maintenance begin, and from when to when they last."""

    days: Term[Weekdays]
    opens: Term[time]
    closes: Term[time]


def _hours(terms: Maintenance, kind: MaintenanceKind) -> Hours | None:
    planned = (terms.planned_days, terms.planned_from, terms.planned_to)
    days, opens, closes = planned if kind == "planned" else (terms.fix_days, terms.fix_from, terms.fix_to)
    return None if days is None or opens is None or closes is None else Hours(days, opens, closes)


def _usual(sheet: Sheet, terms: Maintenance, facts: MaintenanceFacts, cite: Citations) -> bool | None:
    """Whether it lies wholly in the hours that the contract names for its kind; those may run over midnight."""
    hours = _hours(terms, facts.kind)
    if hours is None:
        return None
    if sheet.time_zone is not None:
        cite(sheet.time_zone)
    weekdays, opens, closes = cite(hours.days), cite(hours.opens), cite(hours.closes)
    begin = facts.begins_at.astimezone(sheet.zone)
    for day in (begin.date(), begin.date() - ONE_DAY):
        first = datetime.combine(day, opens, sheet.zone)
        last = datetime.combine(day if opens < closes else day + ONE_DAY, closes, sheet.zone)
        if WEEKDAYS[day.weekday()] in weekdays and first <= facts.begins_at and facts.ends_at <= last:
            return True
    return False
