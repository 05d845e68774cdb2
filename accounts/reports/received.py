"""What a rehearsal tells of notices that came to us."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import ReceivedNotice, Subscription
from accounts.reports.happened import Figures
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World


def received(world: World) -> Iterator[Happening]:
    """Each notice that came to us, and whether it counts."""
    for one in world.told(ReceivedNotice.objects.select_related("customer"), "customer"):
        figures: Figures = {"from": one.sender, "purpose": one.purpose, "form": one.form, **days_of(one, ["counts_on"])}
        told = f"A notice {one.get_purpose_display()} came from the {one.get_sender_display()} {one.get_form_display()}"
        says = f"{told}; it counts on {day_words(one.counts_on)}." if one.counts_on else f"{told}; it does not count."
        yield Happening(
            on=one.created_at.date(),
            kind="notice received",
            vendor=one.vendor,
            sheet=one.sheet,
            name=world.name(Subscription, one.subscription_id),
            customer=one.customer.name if one.customer else "",
            says=says,
            figures=figures,
            because=one.because,
        )
