"""Events of a timeline about whom the law bars."""

from datetime import datetime
from typing import Annotated

from accounts.models import Customer
from accounts.services import screenings
from backoffice.terms.facts import Country
from backoffice.terms.sections.identity import EndUse
from backoffice.timeline import Fields, RefersTo, World, verb


class NewScreening(Fields):
    customer: Annotated[str, RefersTo(Customer)]
    vendor: str
    end_use: EndUse | None = None
    end_user_country: Country | None = None


@verb("screening")
def screen(world: World, fields: NewScreening, at: datetime) -> None:
    """A customer is looked up in the list of whom the law bars, with what is known of the use."""
    screenings.screen(
        customer=world.find(Customer, fields.customer),
        vendor=fields.vendor,
        on=at.date(),
        at=at,
        end_use=fields.end_use,
        end_user_country=fields.end_user_country,
    )
