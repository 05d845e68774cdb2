"""What happened to a subscription, as every teller tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Subscription
from backoffice.rehearsal import Happening
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
