"""The clauses of what was decided."""

from __future__ import annotations

from typing import Any


def together(*reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Clauses of several decisions, each once, in the order in which they come up."""
    clauses: list[dict[str, Any]] = []
    for because in reasons:
        clauses += [item for item in because if item not in clauses]
    return clauses
