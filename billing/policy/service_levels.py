"""What is credited when the service was down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from backoffice.terms.calendar import last_of_month, months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Date, Facts, Flag, Listed, Moment, Money, Month, Positive, fact
from backoffice.terms.money import rounded, rounded_to, zero
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import rule
from backoffice.terms.sections.money import MonthCredit, OutageCause, OutageCredit, ServiceCredit
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import spoken

AVAILABILITY_DIGITS = 4
EXAMPLE = {
    "from": "2026-04-08T09:00:00+00:00",
    "to": "2026-04-08T14:30:00+00:00",
    "cause": "server",
    "reported_on": "2026-04-09",
}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Causes = Term[tuple[OutageCause, ...]]
WHOLE = Fraction(100)
"""All of it, in percent."""


class Outage(Facts):
    from_: Moment = fact("From", EXAMPLE["from"], alias="from")
    to: Moment = fact("To", EXAMPLE["to"])
    cause: OutageCause = fact("Cause", EXAMPLE["cause"])
    reported_on: Date | None = fact("Reported on", EXAMPLE["reported_on"])

    # In UTC, because moments of one zone compare and subtract by its clocks, not by the time that passed.
    @property
    def begin(self) -> datetime:
        return self.from_.astimezone(UTC)

    @property
    def end(self) -> datetime:
        return self.to.astimezone(UTC)


class CreditFacts(Facts):
    service: Literal["voice", "chat", "email", "exchange"] = fact("Service", "email")
    month: Month = fact("Month", "2026-04")
    monthly_fee: Money = fact("Monthly fee of what was affected", "90.00")
    outages: Annotated[tuple[Outage, ...], Listed] = fact("Outages", [EXAMPLE])
    claimed_on: Date | None = fact("Claimed on", "2026-05-04")
    traceroutes: Count = fact("Traceroutes in the claim", 3)
    users_affected: Count = fact("Users affected", 10)
    users_total: Positive = fact("Users in all", 10)
    in_breach: Flag = fact("The customer is in breach", False)
    billed_directly: Flag = fact("The customer is billed directly", True)

    # Judged with the field, not with the whole question, so that the error names the fact to correct.
    @field_validator("users_total")
    @classmethod
    def no_fewer_than_affected(cls, total: int, info: ValidationInfo) -> int:
        if total < info.data.get("users_affected", 0):
            raise PydanticCustomError("wrong_fact", "there are fewer users in all than users_affected")
        return total


class Credit(NamedTuple):
    availability: Decimal | None
    counted_minutes: int
    percent: Decimal | None
    credit: Decimal
    eligible: bool
    reason: str | None


class Downtime(NamedTuple):
    """Outages that overlap or touch, as one; ``parts`` are the day each began on by the vendor's clock and the day it
    was reported on."""

    begin: datetime
    end: datetime
    parts: tuple[tuple[date, date | None], ...]

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    def reported_within(self, days: int) -> bool:
        """Whether one of the parts was reported in time, counted from that part's own start."""
        return any(reported is not None and (reported - begun).days <= days for begun, reported in self.parts)


def tell_credit(outcome: Credit) -> str:
    if outcome.reason is not None:
        return f"Nothing is credited: {spoken(outcome.reason)}."
    share = f", {outcome.percent:f}% of the fee of what was affected" if outcome.percent is not None else ""
    return f"{outcome.credit} is credited{share}, for {outcome.counted_minutes} minutes."


@rule("sla.credit", "What is credited for the outages of a month?", tell_credit)
def decide_sla_credit(sheet: Sheet, facts: CreditFacts) -> Decision[Credit]:
    """The credit of one month, or the first reason for which there is none. ``date_order`` for an outage that ends
    before it begins, whatever its cause."""
    terms = None if sheet.service_credit is None else terms_of_service(sheet.service_credit, facts.service)
    if terms is None:
        return not_covered(sheet)
    if any(outage.end < outage.begin for outage in facts.outages):
        raise QuestionError("date_order", "outages", "an outage ends before it begins")
    cite = Citations()
    if isinstance(terms, MonthCredit):
        return decided(sheet, cite, _credit_by_month(sheet, terms, facts, cite))
    return decided(sheet, cite, _credit_by_outage(sheet, terms, facts, cite))


def terms_of_service(terms: ServiceCredit, service: str) -> MonthCredit | OutageCredit | None:
    """The terms of the service; some contracts have others for hosted mailboxes."""
    if service == "exchange" and terms.by_month_exchange is not None:
        return terms.by_month_exchange
    return terms.by_month or terms.by_outage


def _downtimes(sheet: Sheet, causes: Causes, facts: CreditFacts, cite: Citations) -> list[Downtime]:
    """The outages that count by their cause, merged, and of these the ones that begin in the month asked about."""
    counted = [outage for outage in facts.outages if outage.cause in cite(causes)]
    if counted and sheet.time_zone is not None:
        cite(sheet.time_zone)
    merged: list[Downtime] = []
    for outage in sorted(counted, key=lambda outage: outage.begin):
        part = (outage.begin.astimezone(sheet.zone).date(), outage.reported_on)
        if merged and outage.begin <= merged[-1].end:
            last = merged.pop()
            merged.append(Downtime(last.begin, max(last.end, outage.end), (*last.parts, part)))
        else:
            merged.append(Downtime(outage.begin, outage.end, (part,)))
    return [downtime for downtime in merged if downtime.parts[0][0].isoformat()[:7] == facts.month]


def _total(downtimes: Iterable[Downtime]) -> timedelta:
    return sum((downtime.length for downtime in downtimes), timedelta())


def _ratio(length: timedelta, unit: timedelta) -> Fraction:
    return Fraction(length // timedelta.resolution, unit // timedelta.resolution)


def _credit_by_month(sheet: Sheet, terms: MonthCredit, facts: CreditFacts, cite: Citations) -> Credit:
    downtimes = _downtimes(sheet, terms.causes_counted, facts, cite)
    counted = [downtime for downtime in downtimes if downtime.length >= cite(terms.least_minutes) * MINUTE]
    reported = counted
    if terms.report_days is not None:
        reported = [downtime for downtime in counted if downtime.reported_within(cite(terms.report_days))]
    availability = rounded_to(_availability(terms, _total(counted), cite), AVAILABILITY_DIGITS)
    minutes = _total(reported) // MINUTE
    currency = sheet.currency.value
    percent = _percent(terms, _total(reported), cite)
    if not _percent(terms, _total(counted), cite):
        reason: str | None = "within_target"
    else:
        reason = _bar(terms, facts, bool(percent), cite)
    if reason is not None:
        return Credit(availability, minutes, Decimal(0), zero(currency), False, reason)
    credit = Fraction(facts.monthly_fee) * Fraction(percent) / 100
    if terms.by_affected_users is not None and cite(terms.by_affected_users):
        credit *= Fraction(facts.users_affected, facts.users_total)
    return Credit(availability, minutes, percent, rounded(credit, currency), True, None)


def _availability(terms: MonthCredit, down: timedelta, cite: Citations) -> Fraction:
    """The exact share of the month, in percent and not below 0, in which the service was available."""
    if not down:
        return WHOLE
    return max(WHOLE - 100 * _ratio(down, cite(terms.month_minutes) * MINUTE), Fraction(0))


def _percent(terms: MonthCredit, down: timedelta, cite: Citations) -> Decimal:
    """What so much downtime earns, in percent of the fee; 0 within the target."""
    percent = Decimal(0)
    loss = Fraction(cite(terms.target)) - _availability(terms, down, cite)
    if loss > 0:
        steps = loss // Fraction(cite(terms.step_loss))
        percent = cite(terms.base_percent) + steps * cite(terms.step_percent)
    if down and terms.hourly is not None:
        hours = down // (cite(terms.hourly.hours) * HOUR)
        percent = max(percent, min(hours * cite(terms.hourly.percent), cite(terms.hourly.most_percent)))
    return min(percent, cite(terms.most_percent)).normalize() if percent else percent


def _bar(terms: MonthCredit, facts: CreditFacts, earned: bool, cite: Citations) -> str | None:
    """The first reason for which a month below the target earns nothing."""
    if terms.billed_directly is not None and cite(terms.billed_directly) and not facts.billed_directly:
        return "not_billed_directly"
    if not earned:
        return "not_reported"
    if facts.claimed_on is None:
        return "not_claimed"
    if terms.claim_days is not None and _days_after_month(facts.month, facts.claimed_on) > cite(terms.claim_days):
        return "late_claim"
    if terms.traceroutes is not None and facts.traceroutes < cite(terms.traceroutes):
        return "incomplete_claim"
    if terms.breach_bars is not None and cite(terms.breach_bars) and facts.in_breach:
        return "in_breach"
    return None


def _days_after_month(month: str, day: date) -> int:
    """How many days after the last day of a month (``2026-04``) a day lies."""
    return (day - last_of_month(date.fromisoformat(f"{month}-01"))).days


def _credit_by_outage(sheet: Sheet, terms: OutageCredit, facts: CreditFacts, cite: Citations) -> Credit:
    downtimes = _downtimes(sheet, terms.causes_counted, facts, cite)
    least = cite(terms.least_minutes) * MINUTE
    long = [downtime for downtime in downtimes if downtime.length >= least]
    claimed: list[Downtime] = []
    if facts.claimed_on is not None:
        for downtime in long:
            last_day = downtime.end.astimezone(sheet.zone).date()
            if facts.claimed_on <= months_after(last_day, cite(terms.claim_months)):
                claimed.append(downtime)
    minutes = _total(claimed) // MINUTE
    reason = None
    if not long:
        reason = "within_target"
    elif facts.claimed_on is None:
        reason = "not_claimed"
    elif not claimed:
        reason = "late_claim"
    currency = sheet.currency.value
    if reason is not None:
        return Credit(None, minutes, None, zero(currency), False, reason)
    days = sum(downtime.length // DAY for downtime in claimed)
    credit = Fraction(facts.monthly_fee) * days / cite(terms.month_days)
    return Credit(None, minutes, None, rounded(credit, currency), True, None)
