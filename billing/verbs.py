"""Events of a timeline about money."""

from datetime import datetime
from decimal import Decimal

from backoffice.timeline import Fields, World, verb
from billing import services


class NewPrice(Fields):
    vendor: str
    plan: str
    months: int
    currency: str
    amount: Decimal


@verb("price")
def set_price(world: World, fields: NewPrice, at: datetime) -> None:
    """A plan costs so much from this day on."""
    services.set_price(
        vendor=fields.vendor,
        plan=fields.plan,
        cycle_months=fields.months,
        amount=fields.amount,
        currency=fields.currency,
        from_on=at.date(),
    )
