"""What a rehearsal tells of contracts: orders, beginnings, periods, notices to stop, and ends."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import OVER, Period, Reason, Subscription
from accounts.policy.term import Start, TermPeriod, tell_period, tell_start
from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import counted, day_words
from backoffice.timeline import World


def subscriptions(world: World) -> Iterator[Happening]:
    """Each order, when the term began, and when the service ended."""
    for one in world.told(Subscription.objects.select_related("customer"), "customer"):
        length = f" for {counted(one.cycle_months, 'month')}" if one.cycle_months else ""
        ordered = f"{one.plan}{length}, paid by {one.get_method_display()}."
        order: Figures = {
            "last_quantity": one.quantity,
            "plan": one.plan,
            "cycle_months": one.cycle_months,
            "method": one.method,
            "state": one.state,
        }
        yield happened_to(one, world, one.accepted_on, "order", ordered, order, [])
        if one.start:
            silent = "The contract does not say when a term begins: it began when it was accepted."
            says = tell_start(Start(one.start)) if one.start_because else silent
            yield happened_to(one, world, one.start, "beginning", says, days_of(one, ["start"]), one.start_because)
        if one.ends_on and one.state in OVER:
            why = Reason(one.ends_reason).label
            says = f"{day_words(one.ends_on)} was the last day of service, because {why}."
            yield happened_to(one, world, one.ends_on, "end", says, days_of(one, ["ends_on"]), one.ends_because)


def periods(world: World) -> Iterator[Happening]:
    """Each period, with every day that falls due around its end."""
    for one in world.told(Period.objects.select_related("subscription__customer")):
        outcome = TermPeriod(**{name: getattr(one, name) for name in TermPeriod._fields})
        figures = {"index": one.index, "state": one.state, **days_of(one, TermPeriod._fields)}
        says = tell_period(outcome)
        yield happened_to(one.subscription, world, one.period_start, "period", says, figures, one.because)
