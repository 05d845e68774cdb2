"""What a change does to the contracts that it reaches: who is told by when, when it takes effect, who may leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple, cast

from django.db.models import Count, OuterRef, Subquery

from accounts.delivery import deemed_facts
from accounts.models import Amendment, Customer, Notice, Period
from accounts.policy.amendment import AmendmentFacts, Subject, decide_amendment
from accounts.policy.changes import ToldFacts, decide_amendment_notice
from accounts.policy.notices import decide_notice_deemed
from accounts.services.amendment_plans import reached_by
from accounts.services.clauses import together
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet

Because = list[dict[str, Any]]
# How a notice in the contract's form leaves us; what a contract only has published is shown on the account page.
CHANNELS = {"portal": Notice.Channel.PORTAL, "website": Notice.Channel.PORTAL, "email": Notice.Channel.EMAIL}


class Receipt(NamedTuple):
    """How a change is told, and the day on which that counts as received."""

    channel: Notice.Channel
    given_on: date
    because: Because


class Reach(NamedTuple):
    """What a change told on a day does to a contract; its days are None where the contract allows no such change."""

    channel: Notice.Channel
    given_on: date
    effective_on: date | None
    leave_until: date | None
    only_if_material: bool
    may_dissolve: bool
    keep_until: date | None
    because: Because


class Alike(NamedTuple):
    """Contracts under one version of the terms to which a change would do the same."""

    sheet: str
    contracts: int
    reach: Reach


def foresee(amendment: Amendment) -> list[Alike]:
    """What a change would do to the contracts that it reaches, were their customers told on the day meant for it: those
    alike together, the most contracts first. The change need not be kept."""
    ends = Period.objects.filter(subscription=OuterRef("pk"), state=Period.State.OPEN).values("period_end")[:1]
    rows = reached_by(amendment).annotate(runs_to=Subquery(ends)).order_by()
    places = rows.values_list("sheet", "runs_to", "customer__country", "customer__time_zone").annotate(Count("pk"))
    receipts: dict[tuple[str, str, str], Receipt] = {}
    reaches: dict[tuple[str, date, date | None], Reach] = {}
    found: Counter[tuple[Any, ...]] = Counter()
    first: dict[tuple[Any, ...], Alike] = {}
    for sheet_id, runs_to, country, zone, contracts in places:
        sheet, place = book().sheet(sheet_id), (sheet_id, country, zone)
        if place not in receipts:
            customer = Customer(country=country, time_zone=zone)
            receipts[place] = receipt_of(amendment, sheet, amendment.tell_on, customer)
        receipt = receipts[place]
        days = (sheet_id, receipt.given_on, runs_to)
        if days not in reaches:
            reaches[days] = reach_of(amendment, sheet, receipt, runs_to)
        alike = (sheet_id, *reaches[days][:-1])
        found[alike] += contracts
        first.setdefault(alike, Alike(sheet_id, 0, reaches[days]))
    return [first[alike]._replace(contracts=contracts) for alike, contracts in found.most_common()]


def judge(
    amendment: Amendment, sheet_id: str, day: date, period_end: date | None, customer: Customer | None = None
) -> Reach:
    """What the version that judges a contract says of a change that its customer is told of on a day. Where the
    contract looks at the place of receipt, that is the customer's."""
    sheet = book().sheet(sheet_id)
    return reach_of(amendment, sheet, receipt_of(amendment, sheet, day, customer), period_end)


def receipt_of(amendment: Amendment, sheet: Sheet, day: date, customer: Customer | None) -> Receipt:
    """How the customer is told of a change on a day, and when that counts as received."""
    form = decide_amendment_notice(sheet, ToldFacts(subject=cast(Subject, amendment.subject)))
    channel = CHANNELS[form.outcome.channel or "email"] if form.outcome else Notice.Channel.EMAIL
    if channel == Notice.Channel.EMAIL:
        sent_at = datetime.combine(day, time.min, sheet.zone)
        deemed = decide_notice_deemed(sheet, deemed_facts("email", sent_at, customer))
        if deemed.outcome is not None and deemed.outcome.deemed_at is not None:
            return Receipt(channel, deemed.outcome.deemed_at.date(), together(form.because, deemed.because))
    return Receipt(channel, day, form.because)


def reach_of(amendment: Amendment, sheet: Sheet, receipt: Receipt, period_end: date | None) -> Reach:
    """What follows for a contract whose customer counts as told, and whose running period ends on a day."""
    channel, given_on, because = receipt
    asked = decide_amendment(sheet, facts_of(amendment, given_on, period_end, material=True))
    days = asked.outcome
    if days is None:
        return Reach(channel, given_on, None, None, False, False, None, because)
    mild = decide_amendment(sheet, facts_of(amendment, given_on, period_end, material=False)).answer
    return Reach(
        channel=channel,
        given_on=given_on,
        effective_on=days.effective_on,
        leave_until=days.object_until,
        only_if_material=days.object_until is not None and mild.object_until is None,
        may_dissolve=bool(getattr(days, "may_dissolve", False)),
        keep_until=days.grandfathered_until,
        because=together(asked.because, because),
    )


def facts_of(amendment: Amendment, given_on: date, period_end: date | None, *, material: bool) -> AmendmentFacts:
    """The facts of a change for one contract."""
    old, new = amendment.prices or (None, None)
    return AmendmentFacts(
        subject=cast(Subject, amendment.subject),
        published_on=given_on,
        emergency=amendment.emergency,
        material=material,
        exempt=amendment.exempt,
        period_end=period_end,
        old_price=old,
        new_price=new,
    )


def period_ends(contracts: Sequence[int]) -> dict[int, date]:
    """The end of the running period, by contract; one without periods is left out."""
    running = Period.objects.filter(subscription__in=contracts, state=Period.State.OPEN)
    return dict(running.values_list("subscription", "period_end"))
