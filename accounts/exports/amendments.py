"""What changes of contracts hold of persons: what they said about them."""

from accounts.models import Customer, MaterialClaim, Waiver
from backoffice.privacy import Holding, blank, on

HOLDINGS = (
    Holding(
        MaterialClaim,
        "What was said about how a change of the contract affects it.",
        {Customer: on("notice__subscription__customer")},
        {"words": blank},
        retention="proof",
    ),
    Holding(
        Waiver,
        "Why a change of the contract was to be waived.",
        {Customer: on("notice__subscription__customer")},
        {"words": blank},
        retention="proof",
    ),
)
