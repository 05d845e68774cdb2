"""What is held of customers, of those who manage their accounts, who use the service, and who sign in."""

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Administrator, Customer, EndUser, Membership, Reseller, User
from backoffice.privacy import Holding, blank, no_address, nobody, on


def locked(_row: Any) -> str:
    """A password that nobody can have."""
    return "!"


def closed(_row: Any) -> bool:
    return False


HOLDINGS = (
    Holding(
        Customer,
        "Who the customer is and where documents go, as invoices and agreements name it.",
        {Customer: on("pk")},
        {
            "name": nobody,
            "contact_name": blank,
            "email": no_address,
            "billing_email": blank,
            "street": blank,
            "postcode": blank,
            "city": blank,
            "region": blank,
            "vat_id": blank,
        },
        retention="accounting",
    ),
    Holding(
        Customer,
        "The telephone number of the customer.",
        {Customer: on("pk")},
        {"phone": blank},
        retention="contact",
    ),
    Holding(
        Administrator,
        "Who manages, or managed, the customer's account with a vendor.",
        {Administrator: on("pk"), Customer: on("customer")},
        {"name": nobody, "email": no_address, "phone": blank},
        retention="contact",
    ),
    Holding(
        EndUser,
        "Who uses, or used, what the customer subscribes to.",
        {EndUser: on("pk"), Customer: on("customer")},
        {"username": nobody, "device_type": blank},
    ),
    Holding(
        User,
        "Who signs in.",
        {User: on("pk")},
        {"email": no_address, "name": blank, "password": locked, "is_active": closed},
        # What proves who signs in is told to nobody.
        withheld=("password",),
    ),
    Holding(EmailAddress, "The addresses that the person signs in with.", {User: on("user")}, {"email": no_address}),
    Holding(
        Membership,
        "What the person may see in the portal.",
        {User: on("user"), Customer: on("customer")},
        {},
    ),
    Holding(Reseller, "Who sells on.", {Reseller: on("pk")}, {"name": nobody, "email": no_address}),
)
