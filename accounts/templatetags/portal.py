"""How a contract stands, for the portal's templates."""

from __future__ import annotations

from django import template

from accounts.portal import contracts

register = template.Library()
register.filter("standing", contracts.standing)
