"""What a contract says about who the customer is: what it must show and declare, and whom the law bars."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import Listed, optional

Regime = Literal["CA", "CH", "EU", "GB", "UN", "US"]
"""Whose law bars somebody: a state by its ISO 3166 code, the European Union, the United Nations."""

EndUse = Literal["human_trafficking", "illegal_gambling", "terrorism", "narcotics", "arms", "mass_destruction"]


class Identity(Frozen):
    """Who the customer must be, and what it may be asked to show."""

    documents: Term[bool] | None = optional("Documents that prove who the customer is may be asked for")
    refused_without: Term[bool] | None = optional("Who does not show them need not be served")
    changes_proved: Term[bool] | None = optional("Documents may be asked for when a name or an address changes")
    real: Term[bool] | None = optional("The customer subscribes under its real identity")
    address: Term[bool] | None = optional("The customer keeps a valid postal address on file")
    users_known: Term[bool] | None = optional("The customer knows the identity and address of everybody who uses it")


class Declarations(Frozen):
    """What the customer declares, and what follows where that is not true."""

    no_preparation: Term[bool] | None = optional("It neither prepares nor commits a crime")
    no_promotion: Term[bool] | None = optional("It neither promotes nor instigates a crime")
    no_benefit: Term[bool] | None = optional("It draws no benefit from a crime")
    lawful_funds: Term[bool] | None = optional("What it pays with comes from lawful sources")
    no_listed_crimes: Term[bool] | None = optional("It has no part in the crimes that the contract lists")
    breach_voids: Term[bool] | None = optional("Every contract is void where a declaration is breached")
    breach_forfeits: Term[bool] | None = optional("Nothing is paid back where a declaration is breached")
    breach_ends_commission: Term[bool] | None = optional("No commission is owed where a declaration is breached")


class Screening(Frozen):
    """Whose export and sanctions law the customer must respect, and what the service may not be used for."""

    regimes: Term[Annotated[tuple[Regime, ...], Listed]] | None = optional("Whose law counts")
    home_law: Term[bool] | None = optional("The law of the customer's own country counts as well")
    end_uses: Term[Annotated[tuple[EndUse, ...], Listed]] | None = optional("Uses that are barred")
