"""Words for what the code and the contracts name by codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from backoffice.terms import words

register = template.Library()
register.filter("spoken", words.spoken)


@register.filter
def at(found: Mapping[str, Any], key: str) -> Any:
    """``{{ names|at:vendor }}``: what stands under a key; empty where nothing does."""
    return found.get(key, "")
