"""What is done with customers themselves."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Customer


class NotPossible(Exception):
    """A verb was used on something that is not in a state for it; the message says why."""


def register_customer(*, name: str, email: str, country: str, at: datetime, language: str = "en") -> Customer:
    """A new customer; ValidationError names each field that is not right."""
    customer = Customer(name=name, email=email, country=country, language=language, created_at=at)
    customer.full_clean()
    customer.save()
    return customer
