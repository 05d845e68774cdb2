"""What a contract says about notices themselves: in which form they count."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import Listed, optional

NoticeForm = Literal[
    "email", "letter", "registered_letter", "account_page", "ticket", "deletion_of_accounts", "phone", "other"
]
NoticePurpose = Literal[
    "renewal", "non_renewal", "termination", "breach", "default", "complaint", "damage", "dispute", "leaving",
    "amendment", "price", "other",
]  # fmt: skip
FormList = Annotated[tuple[NoticeForm, ...], Listed]


class Forms(Frozen):
    """In which forms a notice counts, side by side."""

    customer: Term[FormList] | None = optional("Forms in which the customer's notice counts")
    vendor: Term[FormList] | None = optional("Forms in which the vendor's notice counts")


class Notices(Frozen):
    """Notices by what they are for. One that is not named counts in the forms of every other, where the contract has
    such a clause, and otherwise in any."""

    renewal: Forms | None = optional("Notice that the term will renew")
    non_renewal: Forms | None = optional("Notice not to renew")
    termination: Forms | None = optional("Notice that ends the contract")
    breach: Forms | None = optional("Notice of a breach")
    default: Forms | None = optional("Notice of default")
    complaint: Forms | None = optional("Complaint about what was delivered")
    damage: Forms | None = optional("Report of damage")
    dispute: Forms | None = optional("Dispute of a bill")
    leaving: Forms | None = optional("Notice to leave because of a change")
    amendment: Forms | None = optional("Notice of a change of the contract")
    price: Forms | None = optional("Notice of a new price")
    other: Forms | None = optional("Every other notice")
