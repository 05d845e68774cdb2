"""What a contract says about how the parties reach each other."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import Listed, optional

ContactPart = Literal["name", "email", "billing", "postal", "phone", "bank"]
PartList = Annotated[tuple[ContactPart, ...], Listed]


class Contact(Frozen):
    """Which data of a customer must be current, what it may be asked to prove, whether it is told who owns a service,
    and where the vendor takes notices."""

    keep_current: Term[PartList] | None = optional("Data that the customer must keep current")
    proof_of: Term[PartList] | None = optional("Data that the customer may be asked to prove")
    ownership_current: Term[bool] | None = optional("It is kept true who owns and controls the service")
    vendor_email: Term[str] | None = optional("E-mail address for notices to the vendor")
    vendor_post: Term[str] | None = optional("Postal address for notices to the vendor")
