"""Events of a timeline about what comes back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from accounts.models import Subscription
from backoffice.timeline import Fields, RefersTo, World, verb
from billing.services import refunds


class MoneyBack(Fields):
    subscription: Annotated[str, RefersTo(Subscription)]
    keeps_domain: bool = False
    domain_price: Decimal | None = None


@verb("money back")
def ask_money_back(world: World, fields: MoneyBack, at: datetime) -> None:
    """A customer asks its money back under the guarantee; what the contract gives back is given, and it ends."""
    subscription = world.find(Subscription, fields.subscription)
    refund = refunds.ask_money_back(
        subscription=subscription,
        domain_retained=fields.keeps_domain,
        domain_price=fields.domain_price,
        on=at.date(),
        at=at,
    )
    refunds.give(refund=refund, on=at.date(), at=at)
