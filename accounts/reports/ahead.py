"""What is certain to come for a customer, as things stand."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Period, SeatChange
from accounts.reports.happened import happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import counted, day_words
from backoffice.timeline import World


def next_days(world: World) -> Iterator[Happening]:
    """The days around the end of each open period: until when it can be kept from renewing, and what follows on it."""
    for one in world.told(Period.objects.to_close().select_related("subscription__customer")):
        subscription = one.subscription
        if subscription.ends_on and subscription.ends_on <= one.period_end:
            says = f"{subscription.plan} ends: {day_words(subscription.ends_on)} is its last day of service."
            days = days_of(subscription, ["ends_on"])
            yield happened_to(subscription, world, subscription.ends_on, "end", says, days, subscription.ends_because)
            continue
        last = day_words(one.non_renewal_by)
        until = f"{last} is the last day for a notice that keeps {subscription.plan} from renewing."
        yield happened_to(
            subscription,
            world,
            one.non_renewal_by,
            "last day to cancel",
            until,
            days_of(one, ["non_renewal_by"]),
            one.because,
        )
        renews = f"{subscription.plan} renews; its next period is to be paid by {day_words(one.due_on)}."
        yield happened_to(
            subscription, world, one.renews_on, "renewal", renews, days_of(one, ["renews_on", "due_on"]), one.because
        )


def seats_leaving(world: World) -> Iterator[Happening]:
    """The seats that were given up and are still there."""
    for one in world.told(SeatChange.objects.to_leave().select_related("subscription__customer")):
        says = f"{counted(one.seats, 'seat leaves', 'seats leave')} {one.subscription.plan}."
        yield happened_to(
            one.subscription, world, one.effective_on, "fewer seats", says, days_of(one, ["effective_on"]), one.because
        )
