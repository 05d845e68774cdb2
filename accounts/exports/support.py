"""What requests for support hold of persons."""

from django.db.models import Q

from accounts.models import Administrator, Customer, EndUser, Ticket
from backoffice.privacy import Hangs, Holding, blank, no_address, nobody, on


def asked_from(address: str) -> Hangs:
    """Requests of the person's customer that came from the person's own address."""
    return lambda person: Q(subscription__customer=person.customer_id, reporter_email__iexact=getattr(person, address))


HOLDINGS = (
    Holding(
        Ticket,
        "Requests for support.",
        {
            Customer: on("subscription__customer"),
            Administrator: asked_from("email"),
            EndUser: asked_from("username"),
        },
        {
            "reporter_name": blank,
            "reporter_email": no_address,
            "subject": nobody,
            "reason": blank,
            "severity": blank,
            "type": blank,
            "text": blank,
        },
    ),
)
