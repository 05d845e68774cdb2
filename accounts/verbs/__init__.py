"""Events of a timeline about customers, their people and their contracts: one module a noun."""

from accounts.verbs import conduct, contracts, customers, endings, licences, notices, people, states, tickets

__all__ = ["conduct", "contracts", "customers", "endings", "licences", "notices", "people", "states", "tickets"]
