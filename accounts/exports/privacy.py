"""What requests about personal data hold of persons themselves."""

from typing import Any

from django.db.models import Model, Q

from accounts.models import AbuseReport, Administrator, Customer, DataRequest, EndUser, InboundMail, Reseller, User
from backoffice.privacy import Holding, blank, no_address, nobody, on


def about(person: Any) -> Q:
    """Requests about the person."""
    return Q(subject=person._meta.label_lower, subject_id=person.pk)


def longer(request: Any) -> str:
    """That there was a reason stays where there was one."""
    return "erased" if request.extended_on else ""


# Whom a request can be about, beside the customer that it may belong to.
OTHERS: tuple[type[Model], ...] = (Administrator, EndUser, User, Reseller, AbuseReport, InboundMail)

HOLDINGS = (
    Holding(
        DataRequest,
        "Requests about the data that is held, and how they were answered.",
        {Customer: on("customer"), **dict.fromkeys(OTHERS, about)},
        {
            "name": nobody,
            "email": no_address,
            "text": blank,
            "verified_how": blank,
            "extended_for": longer,
            "answer": blank,
        },
        retention="proof",
    ),
)
