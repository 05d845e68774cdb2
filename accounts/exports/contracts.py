"""What orders and agreements hold of persons."""

from django.db.models import Q

from accounts.models import Administrator, Assignment, Customer, EndUser, SeatChange
from backoffice.privacy import Holding, no_address, on


def asked_by(administrator: Administrator, customer: str) -> Q:
    """Rows of an administrator's customer that name its address as who asked."""
    return Q(**{customer: administrator.customer_id}, asked_by__iexact=administrator.email)


HOLDINGS = (
    Holding(
        SeatChange,
        "Who ordered seats or gave them up.",
        {
            Customer: on("subscription__customer"),
            Administrator: lambda person: asked_by(person, "subscription__customer"),
        },
        {"asked_by": no_address},
        retention="proof",
    ),
    Holding(
        Assignment,
        "Whom licences named, and who asked for it.",
        {
            Customer: on("licence__subscription__customer"),
            Administrator: lambda person: asked_by(person, "licence__subscription__customer"),
        },
        {"asked_by": no_address},
        retention="proof",
    ),
    # What a user's own licences were is theirs to see; who asked for them is somebody else.
    Holding(Assignment, "Which licences named the user.", {EndUser: on("holder")}, {}),
)
