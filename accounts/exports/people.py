"""What is held of customers themselves, of those who manage their accounts, and of those who use the service."""

from accounts.models import Administrator, Customer, EndUser
from backoffice.privacy import Holding, blank, no_address, nobody, on

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
)
