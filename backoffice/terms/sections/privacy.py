"""What a contract says about personal data: what is held, who is told of it, whose requests are met by when, and who
hears of a breach."""

from __future__ import annotations

from typing import Annotated, Literal

from ..term import Frozen, Term
from .values import AtLeastOne, Listed, label, optional

DataKind = Literal["name", "email", "country", "phone", "device", "address"]
End = Literal["delete", "return"]


class DataRequests(Frozen):
    """What follows when a person asks about the data that is held of them."""

    customer_told: Term[bool] = label("The customer is told of it without delay")
    months: Term[AtLeastOne] = label("Months in which it is answered")
    more_months: Term[AtLeastOne] | None = optional("Further months where that is told with its reason")


class DataBreaches(Frozen):
    """Who is told of a breach of personal data."""

    customer_told: Term[bool] | None = optional("The customer is told without undue delay")
    authority_hours: Term[AtLeastOne] | None = optional("Hours in which the authority is told")
    persons_told: Term[bool] | None = optional("The persons are told where the risk to them is high")


class Informing(Frozen):
    """Who tells a person that its data was given by somebody else."""

    contacts: Term[Literal["vendor", "customer"]] | None = optional("Who tells a customer's contacts")
    users: Term[Literal["vendor", "customer"]] | None = optional("Who tells the users")


class Records(Frozen):
    """What else is promised about personal data; staff keep it, and every page about it shows it."""

    officer: Term[str] | None = optional("Data protection officer")
    servers: Term[str] | None = optional("Where the servers stand")
    access: Term[str] | None = optional("Who has access")
    transfers: Term[str] | None = optional("Transfers to other countries")
    processors: Term[str] | None = optional("Who else processes it")
    audits: Term[str] | None = optional("Audits")
    processing: Term[str] | None = optional("Record of processing")


class PersonalData(Frozen):
    """All of it."""

    kinds: Term[Annotated[tuple[DataKind, ...], Listed]] | None = optional("What may be held of a user")
    ends: Term[Annotated[tuple[End, ...], Listed]] | None = optional("What becomes of it at the end of the contract")
    any_time: Term[bool] | None = optional("That may also be asked for before the end")
    requests: DataRequests | None = optional("Requests of persons")
    breaches: DataBreaches | None = optional("Breaches of personal data")
    informed: Informing | None = optional("Information of persons")
    records: Records | None = optional("Records")
