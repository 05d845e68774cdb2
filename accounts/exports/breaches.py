"""What notices of breaches hold of persons."""

from accounts.models import Breach, Customer
from backoffice.privacy import Holding, blank, on

HOLDINGS = (
    Holding(Breach, "What a breach was about, as told.", {Customer: on("subscription__customer")}, {"detail": blank}),
)
