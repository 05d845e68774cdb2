"""What requests about personal data hold of persons themselves."""

from typing import Any

from django.db.models import Q

from accounts.models import Administrator, Customer, DataRequest, EndUser
from backoffice.privacy import Holding, blank, no_address, nobody, on


def about(person: Any) -> Q:
    """Requests about the person."""
    return Q(subject=person._meta.label_lower, subject_id=person.pk)


def longer(request: Any) -> str:
    """That there was a reason stays where there was one."""
    return "erased" if request.extended_on else ""


HOLDINGS = (
    Holding(
        DataRequest,
        "Requests about the data that is held, and how they were answered.",
        {Customer: on("customer"), Administrator: about, EndUser: about},
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
