"""What reports of violations and the cases about them hold of persons."""

from accounts.models import (
    AbuseReport,
    BulkMailing,
    ConductCase,
    ConductStep,
    Customer,
    EndUser,
    EvidenceRequest,
    Misuse,
    RecordRequest,
    VulnerabilityTest,
)
from backoffice.privacy import Holding, blank, no_address, nobody, on

REPORT = {
    "first_name": blank,
    "last_name": blank,
    "email": blank,
    "phone": blank,
    "text": nobody,
    "email_works": lambda _row: False,
    "phone_works": lambda _row: False,
}

HOLDINGS = (
    Holding(
        AbuseReport,
        "What others reported of the customer, and who reported it.",
        {Customer: on("subscription__customer")},
        REPORT,
        # Who reports somebody is not given away to whom they reported.
        withheld=("first_name", "last_name", "email", "phone", "text"),
    ),
    Holding(
        AbuseReport,
        "What the person reported of somebody.",
        {AbuseReport: on("pk")},
        REPORT,
        # Nor whom it led to, to who reported it.
        withheld=("subscription", "case"),
    ),
    Holding(
        ConductCase,
        "What was found of the customer's conduct.",
        {Customer: on("subscription__customer")},
        {"facts": nobody},
        retention="proof",
    ),
    # What was found stands in the customer's records; a user's own are that there was a case.
    Holding(ConductCase, "Cases that name the user.", {EndUser: on("end_user")}, {}),
    Holding(
        ConductStep,
        "What was done about the customer's conduct.",
        {Customer: on("case__subscription__customer"), EndUser: on("case__end_user")},
        {},
    ),
    Holding(
        EvidenceRequest,
        "Which mailings the customer was asked to show consent for.",
        {Customer: on("subscription__customer")},
        {"mailing": nobody},
    ),
    Holding(
        BulkMailing,
        "Mailings to many that were checked.",
        {Customer: on("subscription__customer")},
        {"mailing": nobody, "complaints_address": blank},
    ),
    Holding(
        VulnerabilityTest,
        "Systems that were tested.",
        {Customer: on("subscription__customer")},
        {"system": nobody},
    ),
    Holding(
        Misuse,
        "What was told of use of the account by others.",
        {Customer: on("subscription__customer")},
        {"reporter_email": no_address, "text": nobody},
    ),
    Holding(
        RecordRequest,
        "Which records of domains were to be changed.",
        {Customer: on("subscription__customer")},
        {"domain": blank, "change": blank},
    ),
)
