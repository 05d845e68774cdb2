"""What an account's contract says about work and use that is charged for by itself."""

from __future__ import annotations

from typing import Annotated, Literal

from backoffice.terms.sections.values import Listed, Number, Whole, optional
from backoffice.terms.term import Frozen, Term

FeeKind = Literal["restoration", "support", "migration", "bandwidth", "licence"]
Warning = Literal["encrypted_loss", "backup"]


class Fee(Frozen):
    """One kind of work or use that has a fee of its own."""

    unit_price: Term[Number] | None = optional("Price of an hour or of another unit")
    least: Term[Number] | None = optional("The least that is charged")
    agreed: Term[bool] | None = optional("Its price is set for each case")
    approved: Term[bool] | None = optional("A designated administrator approves the fee before")
    warned: Term[Annotated[tuple[Warning, ...], Listed]] | None = optional("What the customer is warned of before")
    hours: Term[Whole] | None = optional("Hours after the approval in which it is done")


class Fees(Frozen):
    """Fees for what is done or used beside the service itself."""

    restoration: Fee | None = optional("Restoring what was deleted")
    support: Fee | None = optional("Support that is ordered for itself")
    migration: Fee | None = optional("Moving data over")
    bandwidth: Fee | None = optional("Excess bandwidth")
    licence: Fee | None = optional("A licence that is not certified")
