"""What a rehearsal tells of letters."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Notice, Subscription
from accounts.reports.happened import Figures
from accounts.services.clauses import together
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words, moment_words
from backoffice.timeline import World


def letters(world: World) -> Iterator[Happening]:
    """Each letter that a contract asks for."""
    for one in world.told(Notice.objects.select_related("subscription", "customer"), "customer"):
        figures: Figures = {
            **days_of(one, ["written_on", "due_on"]),
            "to": one.recipient,
            "by": one.channel,
            "state": one.state,
            "deemed_at": one.deemed_at.isoformat() if one.deemed_at else None,
            "attempt": one.attempt,
        }
        told = f"A {one.get_kind_display()} to {one.recipient}, due on {day_words(one.due_on)}"
        counts = f"; it counts as received on {moment_words(one.deemed_at)}" if one.deemed_at else ""
        says = f"{told} ({one.get_state_display()}){counts}."
        yield Happening(
            on=one.written_on,
            kind="letter",
            vendor=one.vendor,
            sheet=one.sheet,
            name=world.name(Subscription, one.subscription_id),
            customer=one.customer.name if one.customer else "",
            says=says,
            figures=figures,
            because=together(one.because, one.deemed_because),
        )
