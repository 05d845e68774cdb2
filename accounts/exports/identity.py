"""What is held of who customers are: what they showed and declared, and what lists say of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.models import Customer, Declaration, DocumentOpening, IdentityDocument, Screening
from backoffice.privacy import Holding, blank, empty_list, on


def no_bytes(_row: Any) -> bytes:
    return b""


def no_hash(document: Any) -> str:
    """A hash of nothing, and no other document's: a customer may have shown several."""
    return f"erased-{document.pk}"


def erased_address(_row: Any) -> str:
    """An address that reaches nobody; several people may have declared, and none is told from another any more."""
    return "erased@erased.invalid"


def _files(document: IdentityDocument) -> Iterator[tuple[str, bytes]]:
    if document.file:
        yield f"{document.kind}-{document.pk}.{document.form}", document.content()


DOCUMENTS = Holding(
    IdentityDocument,
    "Documents that show who the customer is. Their files lie sealed until the day they go.",
    {Customer: on("customer"), IdentityDocument: on("pk")},
    {"file": blank, "wrapped": no_bytes, "sha256": no_hash},
    documents=_files,
)

HOLDINGS = (
    DOCUMENTS,
    Holding(
        DocumentOpening,
        "What the staff opened a document for.",
        {Customer: on("document__customer")},
        {"reason": lambda _row: "erased"},
    ),
    Holding(
        Declaration,
        "Who declared what for the customer.",
        {Customer: on("subscription__customer")},
        {"declared_by": erased_address},
        retention="accounting",
    ),
    Holding(
        Screening,
        "What lists of barred names say of the customer, and what it was suspected of.",
        {Customer: on("customer")},
        {"matches": empty_list, "end_use": blank},
    ),
)
