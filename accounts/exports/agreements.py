"""What is held of persons beside the order itself: who accepted, who owns a service, what was agreed with one alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accounts.models import (
    Agreement,
    ConfirmationForm,
    Customer,
    EndUser,
    Ownership,
    ResaleOrder,
    ResalePermission,
    Reseller,
    SignedPower,
    SpecialTerm,
)
from backoffice.privacy import Holding, blank, on

SIGNED = {"accepted_by": blank, "accepted_role": blank, "authority": blank, "told_by": blank}


def agreed_text(agreement: Any) -> Iterator[tuple[str, bytes]]:
    """The text that was accepted."""
    document = agreement.document
    with document.file.open("rb") as file:
        yield f"{document.pk}{Path(document.file.name).suffix}", file.read()


HOLDINGS = (
    Holding(
        Agreement,
        "Which texts were accepted, when, by whom, and the texts.",
        {Customer: on("customer"), EndUser: on("end_user"), Reseller: on("reseller")},
        SIGNED,
        retention="proof",
        documents=agreed_text,
    ),
    Holding(
        Ownership,
        "Who owns and controls the service.",
        {Customer: on("subscription__customer")},
        {"controller": blank, "told_by": blank},
        retention="proof",
    ),
    Holding(
        SignedPower,
        "Where the power of who signed is kept.",
        {Customer: on("agreement__customer"), Reseller: on("agreement__reseller")},
        {},
    ),
    Holding(ConfirmationForm, "What of an order was confirmed.", {Customer: on("subscription__customer")}, {}),
    Holding(SpecialTerm, "What was agreed specially.", {Customer: on("subscription__customer")}, {}),
    Holding(ResalePermission, "What the vendor has allowed.", {Customer: on("customer")}, {}),
    Holding(ResaleOrder, "What was ordered to be passed on to others.", {Customer: on("customer")}, {}),
)
