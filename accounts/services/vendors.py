"""What is done with our own contracts with vendors: the same rules are asked as for our customers', with us as one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import ReceivedNotice, VendorClock, VendorContract
from accounts.policy.amendment import AmendmentFacts, Subject, decide_amendment
from accounts.policy.term import EndFacts, PeriodFacts, TermPeriod, decide_term_end, decide_term_period
from accounts.services.customers import NotPossible
from backoffice.terms import registry
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.facts import Party
from backoffice.terms.question import QuestionError
from backoffice.terms.sheet import Sheet

# Staff are warned while a fifth of the time is left.
WARN_PERCENT = 80
Kind = VendorClock.Kind
# What is told of a change can bind us on two days: until when we may leave, and from when on it applies.
ENDS = ("non_renewal", "termination")
CHANGES: dict[str, Subject] = {"amendment": "terms", "price": "price"}


class Supply(NamedTuple):
    """A contract that we signed with a vendor."""

    vendor: str
    reference: str
    start: date
    plan: str = ""
    quantity: int = 1
    cycle_months: int | None = None
    commitment: bool = False
    subscription: Any = None


class Billed(NamedTuple):
    """The days that a vendor's bill gives us, and what the contract says about disputing it."""

    clocks: list[VendorClock]
    decision: Decision[Any]


class Claimable(NamedTuple):
    """The last day for claiming credits over an outage, None where there is none; and what the contract says."""

    clock: VendorClock | None
    decision: Decision[Any]


@transaction.atomic
def sign_vendor_contract(*, supply: Supply, at: datetime) -> VendorContract:
    """Notes a contract of ours with a vendor, under the version in force when it began, and the days that bind us.

    QuestionError for a length that is not offered, KeyError where the vendor had no terms in force, ValidationError for
    one that is in the books already.
    """
    contract = draft_vendor_contract(supply=supply, at=at)
    contract.save()
    open_period(contract, at=at)
    return contract


def draft_vendor_contract(*, supply: Supply, at: datetime) -> VendorContract:
    """The contract as it would be noted, checked as ``sign_vendor_contract`` checks it, and not kept."""
    sheet = book().sheet_for(supply.vendor, supply.start)
    contract = VendorContract(**supply._asdict(), sheet=sheet.id, opens_on=supply.start, created_at=at)
    contract.full_clean()
    _ask_period(contract, 0)
    return contract


def _ask_period(contract: VendorContract, index: int) -> Decision[TermPeriod]:
    facts = PeriodFacts(
        start=contract.start, cycle_months=contract.cycle_months, index=index, commitment=contract.commitment
    )
    return decide_term_period(contract.terms, facts)


def _about(index: int) -> str:
    """What deadlines about a period are called."""
    return f"period {index}"


def open_period(contract: VendorContract, *, at: datetime) -> None:
    """Makes the days of a contract's next period ours to watch, and notes when the one after it comes; the row is
    locked, or new. A contract without periods has none."""
    period = _ask_period(contract, contract.periods)
    if period.outcome is None:
        contract.opens_on = None
    else:
        about, first, due_on = _about(contract.periods), period.outcome.period_start, period.outcome.due_on
        # No other period follows one that the contract ends with: nothing is to be kept off, paid or disputed.
        if contract.ends_on is None or contract.ends_on > period.outcome.period_end:
            _non_renewal_clock(contract, about, period, period.outcome, at)
            _clock(contract, Kind.PAYMENT, about, due_on, period, since=first, at=at)
            _dispute_clock(contract, about, due_on, since=first, at=at)
        contract.periods, contract.opens_on = contract.periods + 1, period.outcome.renews_on
        if contract.ends_on is not None and contract.ends_on < period.outcome.renews_on:
            contract.opens_on = None
    contract.save(update_fields=["periods", "opens_on"])


def _non_renewal_clock(
    contract: VendorContract, about: str, decision: Decision[TermPeriod], period: TermPeriod, at: datetime
) -> None:
    """The last day for a notice not to renew; that of the customer whom the contract stands behind may come first."""
    made = _clock(
        contract, Kind.NON_RENEWAL, about, period.non_renewal_by, decision, since=period.period_start, at=at,
        period_end=period.period_end if contract.subscription_id else None,
    )  # fmt: skip
    follow(VendorClock.objects.moved().filter(pk=made.pk))


def follow(clocks: Iterable[VendorClock]) -> None:
    """Winds deadlines anew whose customers' own days have moved: notice was given or taken back, a term renewed, a
    contract ended. The rows are locked, and hold in ``theirs`` what ``moved`` found."""
    for clock in clocks:
        clock.customers_day, clock.warned_on = clock.theirs, None  # type: ignore[attr-defined]  # annotated
        clock.binds_on, clock.warn_on = _binding(clock.due_on, clock.customers_day, clock.since)
        clock.look_on = clock.warn_on
        clock.save(update_fields=["customers_day", "warned_on", "binds_on", "warn_on", "look_on"])


def _binding(due_on: date, customers_day: date | None, since: date) -> tuple[date, date]:
    """The earlier of the vendor's day and the customer's, and when four fifths of the time until then are over."""
    binds_on = min(due_on, customers_day or due_on)
    warn_on = since + timedelta(days=max((binds_on - since).days, 0) * WARN_PERCENT // 100)
    return binds_on, min(warn_on, binds_on)


@transaction.atomic
def note_vendor_bill(*, contract: VendorContract, number: str, due_on: date, on: date, at: datetime) -> Billed:
    """Notes a bill of a vendor's: the days on which it is due and until which it may be disputed. What it comes to is
    for the ledger."""
    paid = _clock(contract, Kind.PAYMENT, f"bill {number}", due_on, None, since=on, at=at)
    disputed, decision = _dispute_clock(contract, f"bill {number}", due_on, since=on, at=at)
    return Billed([paid, *([disputed] if disputed else [])], decision)


def _dispute_clock(
    contract: VendorContract, about: str, due_on: date, *, since: date, at: datetime
) -> tuple[VendorClock | None, Decision[Any]]:
    """The last day for disputing what is due on a day, None where the contract names none; and what it says."""
    decision = _ask("dispute.window", contract.terms, due_on=due_on, raised_on=None, chargeback_on=None)
    if decision.outcome is None:
        return None, decision
    return _clock(contract, Kind.DISPUTE, about, decision.outcome.deadline, decision, since=since, at=at), decision


@transaction.atomic
def note_vendor_outage(*, contract: VendorContract, service: str, ended_on: date, at: datetime) -> Claimable:
    """Notes an outage at a vendor's and the last day for claiming a credit from it, where there is one to claim.

    Outages of a service in one month share one claim.
    """
    decision = _ask("sla.claim_by", contract.terms, service=service, ended_on=ended_on)
    if decision.outcome is None:
        return Claimable(None, decision)
    about = f"{service} {decision.outcome.claim_by}"
    made = _clock(contract, Kind.CREDIT_CLAIM, about, decision.outcome.claim_by, decision, since=ended_on, at=at)
    return Claimable(made, decision)


@transaction.atomic
def plan_on_vendors_notice(*, notice: ReceivedNotice, at: datetime) -> list[VendorClock]:
    """Makes what a vendor's notice means for our contracts with it into days of ours: the end of a contract, or a
    change and our time to leave because of it. Empty where it does not count, or a contract gives it no day."""
    if notice.sender != ReceivedNotice.Sender.VENDOR or notice.counts_on is None:
        return []
    made: list[VendorClock] = []
    for contract in VendorContract.objects.select_for_update().filter(vendor=notice.vendor, ends_on=None):
        if notice.subscription_id not in (None, contract.subscription_id):
            continue
        if notice.purpose in ENDS:
            made += _end(contract, notice, notice.counts_on, at)
        elif notice.purpose in CHANGES:
            made += _changed(contract, CHANGES[notice.purpose], notice, notice.counts_on, at)
    return made


@transaction.atomic
def end_vendor_contract(*, contract: VendorContract, on: date, at: datetime) -> Decision[Any]:
    """Notes that we gave the vendor notice to stop, and the last day of service that follows from it; the day by which
    that had to be done is met where it is still to come."""
    locked = VendorContract.objects.select_for_update().get(pk=contract.pk)
    decision = _stop(locked, on, "customer")
    if decision.outcome is not None:
        _clock(locked, Kind.END, "end", decision.outcome.ends_on, decision, since=on, at=at)
    return decision


@transaction.atomic
def meet(*, clock: VendorClock, on: date) -> VendorClock:
    """Notes that what a deadline of ours wants is done, late or in time; NotPossible where it was done before, or is
    needed no more."""
    found = VendorClock.objects.select_for_update().get(pk=clock.pk)
    if found.state in (VendorClock.State.MET, VendorClock.State.VOID):
        raise NotPossible(f"{found.get_kind_display()} is {found.get_state_display()} already")
    found.state, found.met_on, found.look_on = VendorClock.State.MET, on, None
    found.save(update_fields=["state", "met_on", "look_on"])
    return found


def watch(clocks: list[VendorClock], *, day: date) -> None:
    """Warns of the deadlines that come near, and notes those that have passed; the rows are locked."""
    for clock in clocks:
        if day > clock.due_on:
            clock.state, clock.missed_on, clock.look_on = VendorClock.State.MISSED, day, None
        else:
            clock.warned_on, clock.look_on = day, clock.due_on + timedelta(days=1)
    VendorClock.objects.bulk_update(clocks, ["state", "missed_on", "warned_on", "look_on"])


def _end(contract: VendorContract, notice: ReceivedNotice, on: date, at: datetime) -> list[VendorClock]:
    decision = _stop(contract, on, "vendor")
    if decision.outcome is None:
        return []
    return [_clock(contract, Kind.END, "end", decision.outcome.ends_on, decision, since=on, at=at, notice=notice)]


def _stop(contract: VendorContract, on: date, by: Party) -> Decision[Any]:
    facts = EndFacts(
        start=contract.start,
        cycle_months=contract.cycle_months,
        commitment=contract.commitment,
        notice_on=on,
        by=by,
    )
    decision = decide_term_end(contract.terms, facts)
    if decision.outcome is not None and (contract.ends_on is None or decision.outcome.ends_on < contract.ends_on):
        contract.ends_on, contract.ends_because = decision.outcome.ends_on, decision.because
        if contract.opens_on is not None and contract.opens_on > contract.ends_on:
            contract.opens_on = None
        contract.save(update_fields=["ends_on", "ends_because", "opens_on"])
        _let_period_end(contract, on, by)
    return decision


def _let_period_end(contract: VendorContract, on: date, by: Party) -> None:
    """Where a contract ends with the period that runs, no other follows: our notice meets the day for it, and nothing
    is to be kept off, paid or disputed any more."""
    if contract.periods == 0 or contract.ends_on is None:
        return
    last = _ask_period(contract, contract.periods - 1).answer
    if contract.ends_on > last.period_end:
        return
    waiting = contract.clocks.filter(about=_about(contract.periods - 1), state=VendorClock.State.OPEN)
    if by == "customer":
        kept_off = waiting.filter(kind=Kind.NON_RENEWAL)
        kept_off.update(state=VendorClock.State.MET, met_on=on, look_on=None)
    waiting.update(state=VendorClock.State.VOID, look_on=None)


def _changed(
    contract: VendorContract, subject: Subject, notice: ReceivedNotice, told_on: date, at: datetime
) -> list[VendorClock]:
    facts = AmendmentFacts(
        subject=subject,
        published_on=told_on,
        emergency=False,
        material=True,
        exempt=False,
        period_end=_period_end(contract, told_on),
        old_price=None,
        new_price=None,
    )
    try:
        decision = decide_amendment(contract.terms, facts)
    except QuestionError:
        # The notice alone does not say what the contract asks for (both prices, say): staff ask the rule themselves.
        return []
    if decision.outcome is None:
        return []
    about = f"notice {notice.pk}"
    effective_on = decision.outcome.effective_on
    made = [_clock(contract, Kind.CHANGE, about, effective_on, decision, since=told_on, at=at, notice=notice)]
    if decision.outcome.object_until is not None:
        until = decision.outcome.object_until
        made.append(_clock(contract, Kind.LEAVE, about, until, decision, since=told_on, at=at, notice=notice))
    return made


def _period_end(contract: VendorContract, on: date) -> date | None:
    """The end of the period that runs on a day."""
    for index in range(contract.periods):
        period = _ask_period(contract, index).outcome
        if period is not None and period.period_end >= on:
            return period.period_end
    return None


def _ask(rule: str, sheet: Sheet, **facts: Any) -> Decision[Any]:
    """Asks a rule of a room above by its name."""
    found = registry.rules()[rule]
    return found.decide(sheet, found.facts.model_validate(facts))


def _clock(
    contract: VendorContract,
    kind: VendorClock.Kind,
    about: str,
    due_on: date,
    decision: Decision[Any] | None,
    *,
    since: date,
    at: datetime,
    notice: ReceivedNotice | None = None,
    period_end: date | None = None,
) -> VendorClock:
    binds_on, warn_on = _binding(due_on, None, since)
    clock, _ = VendorClock.objects.get_or_create(
        contract=contract,
        kind=kind,
        about=about,
        defaults={
            "vendor": contract.vendor,
            "sheet": contract.sheet,
            "since": since,
            "period_end": period_end,
            "due_on": due_on,
            "binds_on": binds_on,
            "warn_on": warn_on,
            "look_on": warn_on,
            "notice": notice,
            "because": decision.because if decision else [],
            "created_at": at,
        },
    )
    return clock
