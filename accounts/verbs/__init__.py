"""Events of a timeline about customers, their people and their contracts: one module a noun."""

from accounts.verbs import (
    agreements,
    amendments,
    conduct,
    contracts,
    customers,
    endings,
    licences,
    mailing,
    notices,
    people,
    post,
    privacy,
    resellers,
    states,
    tickets,
    vendors,
)

__all__ = [
    "agreements",
    "amendments",
    "conduct",
    "contracts",
    "customers",
    "endings",
    "licences",
    "mailing",
    "notices",
    "people",
    "post",
    "privacy",
    "resellers",
    "states",
    "tickets",
    "vendors",
]
