"""When a term begins, how its periods follow each other, and when a notice to stop takes effect."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from backoffice.terms.calendar import days_after, last_of_month, months_after, working_days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Date, Facts, Flag, Method, Party, Positive, fact
from backoffice.terms.months import months_later
from backoffice.terms.question import QuestionError, needed
from backoffice.terms.registry import rule
from backoffice.terms.sections.service import Period
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed


class StartFacts(Facts):
    accepted_on: Date = fact("The order or the terms were accepted on", "2026-04-10")
    payment_confirmed_on: Date | None = fact("The payment was confirmed on", "2026-04-14")
    method: Method = fact("Paid by", "bank_transfer")
    agreed_start: Date | None = fact("Start that was agreed", "2026-05-01")


class Start(NamedTuple):
    start: date | None


def tell_start(outcome: Start) -> str:
    return f"The term begins on {day_words(outcome.start)}." if outcome.start else "The term has not begun."


@rule("term.start", "When does the term begin?", tell_start)
def decide_term_start(sheet: Sheet, facts: StartFacts) -> Decision[Start]:
    """The first day of the term, or None while it has not begun."""
    terms = sheet.start
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    begins = cite(terms.begins)
    if begins == "acceptance":
        return decided(sheet, cite, Start(facts.accepted_on))
    if begins == "agreed":
        if facts.agreed_start is None:
            raise needed("agreed_start", "the term begins on the day that was agreed")
        return decided(sheet, cite, Start(facts.agreed_start))
    start = facts.payment_confirmed_on
    later = terms.next_working_day_after
    if start is not None and later is not None and facts.method in cite(later):
        holidays = cite(sheet.public_holidays) if sheet.public_holidays else ""
        start = working_days_after(start, 1, holidays)
    return decided(sheet, cite, Start(start))


class PeriodFacts(Facts):
    start: Date = fact("The term began on", "2026-01-31")
    cycle_months: Positive | None = fact("Months of a period (empty for the contract's own)", None)
    index: Count = fact("Which period (0 is the first)", 0)
    commitment: Flag = fact("With commitment", False)


class TermPeriod(NamedTuple):
    period_start: date
    period_end: date
    renews_on: date
    due_on: date
    invoice_on: date
    pay_by: date | None
    non_renewal_by: date
    renewal_notice_on: date | None


def tell_period(outcome: TermPeriod) -> str:
    first = f"The period runs from {day_words(outcome.period_start)} to {day_words(outcome.period_end)}"
    steps = [f"a notice not to renew must come by {day_words(outcome.non_renewal_by)}"]
    if outcome.renewal_notice_on:
        steps.append(f"the customer is told of the renewal by {day_words(outcome.renewal_notice_on)}")
    steps.append(
        f"the next period may be charged from {day_words(outcome.invoice_on)} and is due on {day_words(outcome.due_on)}"
    )
    if outcome.pay_by:
        steps.append(f"it is void unless paid by {day_words(outcome.pay_by)}")
    return f"{first}; {listed(steps)}."


@rule("term.period", "When does a period run, and what falls due around its end?", tell_period)
def decide_term_period(sheet: Sheet, facts: PeriodFacts) -> Decision[TermPeriod]:
    """The days of one period and the deadlines at its end; ``cycle_not_offered`` for a length the vendor has not."""
    terms = period_terms(sheet, facts.commitment)
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, _Course(sheet, terms, facts.start, facts.cycle_months, cite).period(facts.index))


class EndFacts(Facts):
    start: Date = fact("The term began on", "2026-01-31")
    cycle_months: Positive | None = fact("Months of a period (empty for the contract's own)", None)
    commitment: Flag = fact("With commitment", False)
    notice_on: Date = fact("The notice was received on", "2026-03-12")
    by: Party = fact("The notice is given by the", "customer")


class TermEnd(NamedTuple):
    ends_on: date
    in_time: bool


def tell_end(outcome: TermEnd) -> str:
    late = "" if outcome.in_time else " because the notice came too late for the period before"
    return f"The service ends on {day_words(outcome.ends_on)}{late}."


@rule("term.end", "When does a notice to stop take effect?", tell_end)
def decide_term_end(sheet: Sheet, facts: EndFacts) -> Decision[TermEnd]:
    """The last day of service, and whether the notice came early enough not to run into a further period."""
    terms = period_terms(sheet, facts.commitment)
    if terms is None:
        return not_covered(sheet)
    ending = terms.customer_ends if facts.by == "customer" else terms.vendor_ends
    if ending is None:
        return not_covered(sheet)
    cite = Citations()
    how = cite(ending.takes_effect)
    if how == "at_period_end":
        return decided(sheet, cite, _end_of_period(sheet, terms, facts, cite))
    told = days_after(facts.notice_on, cite(ending.days) if ending.days else 0)
    if how == "after_days":
        return decided(sheet, cite, TermEnd(told, True))
    return decided(sheet, cite, TermEnd(last_of_month(told), last_of_month(told) == last_of_month(facts.notice_on)))


def _end_of_period(sheet: Sheet, terms: Period, facts: EndFacts, cite: Citations) -> TermEnd:
    """The end of the period in which the notice came if it was in time, else of the one after."""
    course = _Course(sheet, terms, facts.start, facts.cycle_months, cite)
    if facts.notice_on < facts.start:
        raise QuestionError("date_order", "notice_on", "the notice came before the term began")
    index = course.index_of(facts.notice_on)
    end = course.end(index)
    in_time = facts.notice_on <= days_after(end, -cite(terms.notice_days))
    return TermEnd(end if in_time else course.end(index + 1), in_time)


def period_terms(sheet: Sheet, commitment: bool) -> Period | None:
    """The terms of periods; some contracts have others for who made no commitment."""
    return sheet.period if commitment or sheet.period_uncommitted is None else sheet.period_uncommitted


def lengths(terms: Period, months: int | None, cite: Citations) -> tuple[int, int]:
    """Months of the first period and of each renewal, where ``months`` were agreed, or ``cycle_not_offered``."""
    first = months or cite(terms.default_months)
    if terms.months_offered is not None and first not in cite(terms.months_offered):
        raise QuestionError("cycle_not_offered", "cycle_months", f"periods of {first} months are not offered")
    return first, cite(terms.renewal_months) if terms.renewal_months else first


class _Course:
    """The periods of one term, always counted from its original start so that month ends never drift."""

    def __init__(self, sheet: Sheet, terms: Period, start: date, months: int | None, cite: Citations) -> None:
        self.sheet, self.terms, self.start, self.cite = sheet, terms, start, cite
        self.first, self.further = lengths(terms, months, cite)
        self.anchor = cite(terms.anchor)

    def months_before(self, index: int) -> int:
        """Months from the term's start to the start of a period."""
        return 0 if index == 0 else self.first + (index - 1) * self.further

    def begin(self, index: int) -> date:
        """The first day of a period."""
        if index == 0:
            return self.start
        if self.anchor == "start":
            return self._months_after(self.start, self.months_before(index))
        return days_after(self.end(index - 1), 1)

    def end(self, index: int) -> date:
        """The last day of a period."""
        if self.anchor == "calendar_month":
            return last_of_month(months_after(self.start.replace(day=1), self.months_before(index + 1) - 1))
        if self.anchor == "start":
            return days_after(self._months_after(self.start, self.months_before(index + 1)), -1)
        first_end = days_after(self._months_after(self.start, self.first), -1)
        return self._months_after(first_end, index * self.further)

    def index_of(self, day: date) -> int:
        """Which period a day lies in; the day is not before the start."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        index = max(0, (months - self.first) // self.further)
        while self.end(index) < day:
            index += 1
        return index

    def period(self, index: int) -> TermPeriod:
        terms, cite, end = self.terms, self.cite, self.end(index)
        renews_on = days_after(end, 1)
        due_on = renews_on if cite(terms.due) == "renewal_day" else end
        pay_by = None
        if terms.pay_within_working_days is not None:
            holidays = cite(self.sheet.public_holidays) if self.sheet.public_holidays else ""
            pay_by = working_days_after(renews_on, cite(terms.pay_within_working_days), holidays)
        told = terms.renewal_notice_days
        return TermPeriod(
            period_start=self.begin(index),
            period_end=end,
            renews_on=renews_on,
            due_on=due_on,
            invoice_on=days_after(due_on, -cite(terms.charge_days_before)),
            pay_by=pay_by,
            non_renewal_by=days_after(end, -cite(terms.notice_days)),
            renewal_notice_on=days_after(end, -cite(told)) if told else None,
        )

    def _months_after(self, day: date, months: int) -> date:
        return months_later(self.sheet, day, months, self.cite)
