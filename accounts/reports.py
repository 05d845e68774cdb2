"""What a rehearsal tells of contracts: orders, beginnings, periods, seats, letters, notices to stop, and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Notice, Period, SeatChange, Subscription
from accounts.policy.term import Start, TermPeriod, tell_period, tell_start
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World

Figures = Mapping[str, str | int | None]
Because = Sequence[Mapping[str, Any]]


def happened_to(
    subscription: Subscription, world: World, on: date, kind: str, says: str, figures: Figures, because: Because
) -> Happening:
    """Something that happened to a subscription, under the terms that judge it."""
    return Happening(
        on=on,
        kind=kind,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        name=world.name(Subscription, subscription.pk),
        customer=subscription.customer.name,
        says=says,
        figures=figures,
        because=because,
    )


def subscriptions(world: World) -> Iterator[Happening]:
    """Each order, when the term began, the notice to stop that counted, and when the service ended."""
    for one in Subscription.objects.select_related("customer").order_by("id"):
        length = f" for {one.cycle_months} {'month' if one.cycle_months == 1 else 'months'}" if one.cycle_months else ""
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
        if one.notice_on and one.ends_on:
            days = days_of(one, ["notice_on", "ends_on"])
            says = f"It was told on {day_words(one.notice_on)}; {day_words(one.ends_on)} is the last day of service."
            yield happened_to(one, world, one.notice_on, "notice to stop", says, days, one.ends_because)
        if one.ends_on and one.state == Subscription.State.ENDED:
            says = f"{day_words(one.ends_on)} was the last day of service."
            yield happened_to(one, world, one.ends_on, "end", says, days_of(one, ["ends_on"]), one.ends_because)


def periods(world: World) -> Iterator[Happening]:
    """Each period, with every day that falls due around its end."""
    for one in Period.objects.select_related("subscription__customer").order_by("id"):
        outcome = TermPeriod(**{name: getattr(one, name) for name in TermPeriod._fields})
        figures = {"index": one.index, "state": one.state, **days_of(one, TermPeriod._fields)}
        says = tell_period(outcome)
        yield happened_to(one.subscription, world, one.period_start, "period", says, figures, one.because)


def seats(world: World) -> Iterator[Happening]:
    """Each change of seats, and what the added ones cost until the period ends."""
    for one in SeatChange.objects.select_related("subscription__customer").order_by("id"):
        figures: Figures = {
            "seats": one.seats,
            **days_of(one, ["asked_on", "effective_on", "charged_until"]),
            "amount": None if one.charge is None else str(one.charge),
            "currency": one.currency,
        }
        changed = f"{one.seats} {'seat' if one.seats == 1 else 'seats'} {one.get_kind_display()}"
        cost = "" if one.charge is None else f", {one.charge} {one.currency} for the rest of the period"
        says = f"{changed} from {day_words(one.effective_on)} on{cost}."
        yield happened_to(one.subscription, world, one.asked_on, "change of seats", says, figures, one.because)


def letters(world: World) -> Iterator[Happening]:
    """Each letter that a contract asks for."""
    for one in Notice.objects.select_related("subscription", "customer").order_by("id"):
        figures: Figures = {
            **days_of(one, ["written_on", "due_on"]),
            "to": one.recipient,
            "by": one.channel,
            "state": one.state,
        }
        told = f"A {one.get_kind_display()} to {one.recipient}, due on {day_words(one.due_on)}"
        says = f"{told} ({one.get_state_display()})."
        yield Happening(
            on=one.written_on,
            kind="letter",
            vendor=one.vendor,
            sheet=one.sheet,
            name=world.name(Subscription, one.subscription_id),
            customer=one.customer.name if one.customer else "",
            says=says,
            figures=figures,
            because=one.because,
        )


TELLERS = (subscriptions, periods, seats, letters)
