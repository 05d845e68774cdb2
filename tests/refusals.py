"""What the database itself refuses, whichever code asks it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction


def must_be_refused(constraint: str, rows: models.QuerySet[Any], **change: Any) -> None:
    """A change that got past our own code is still refused by the database, which names the rule."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**change)
