"""The portal's page about seats: what more of them cost, and adding them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.portal.asking import Answer, Asking, ask, now_of, why_of
from accounts.portal.scope import Scope, act_on, acting
from accounts.services import NotPossible, add_seats
from backoffice.terms.words import day_words
from billing.services import price_of_seat

MOST_AT_ONCE = 1000


class HowMany(forms.Form):
    """Seats to be added."""

    seats = forms.IntegerField(label="How many more seats", min_value=1, max_value=MOST_AT_ONCE, initial=1)


def add(request: HttpRequest, number: int) -> HttpResponse:
    """Adds seats at the price in force today."""
    user: Any = request.user
    subscription = act_on(Scope(user).subscriptions(), acting(user).subscriptions(), number)
    now = now_of(subscription.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        price = price_of_seat(subscription, on=now.on)
        if price is None:
            raise NotPossible("we have no price for another seat of this plan; write to us")
        made = add_seats(
            subscription=subscription,
            seats=entered["seats"],
            unit_price=price.amount,
            asked_by=user.email,
            on=now.on,
            at=now.at,
        )
        if made.change is None:
            return Answer(False, "No seats can be added.", [], why_of("administrators.order", made.decision))
        subscription.refresh_from_db(fields=["quantity"])
        cost = f"{made.change.charge:,f} {made.change.currency}" if made.change.charge is not None else "not settled"
        lines = [
            ("From", day_words(made.change.effective_on)),
            ("Seats then", f"{subscription.quantity}, {entered['seats']} more than now"),
            ("One seat, a whole period", f"{price.amount:,f} {price.currency}"),
            ("Cost until the period ends", cost),
            ("Undoing it", "A seat leaves only when the contract lets it be given up."),
        ]
        why = why_of("seats.add", made.decision) if made.decision.outcome is not None else None
        return Answer(True, f"If you confirm, {subscription.plan} has {subscription.quantity} seats.", lines, why)

    asking = Asking(
        title=f"Add seats to {subscription.plan}",
        form=lambda data: HowMany(data),
        act=act,
        back=reverse("portal:licences", args=(subscription.pk,)),
        button="Add them",
        said="The seats were added.",
    )
    return ask(request, asking)
