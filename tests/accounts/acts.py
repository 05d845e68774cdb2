"""How tests use the pages on which staff do something with a row: it is shown first, then confirmed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client


def page(row: Any, act: str) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/act/{act}/"


def words(answered: Any) -> str:
    assert answered.status_code == 200, answered
    return " ".join(unescape(answered.content.decode()).split())


def ask(client: Client, row: Any, act: str, **given: Any) -> str:
    """What would follow, as the page tells it."""
    assert client.get(page(row, act)).status_code == 200
    return words(client.post(page(row, act), given))


def mark(answered: Any) -> str:
    """What confirms the preview that is shown; empty where there is nothing to confirm."""
    found = re.search(r'name="confirm"\s+value="(\w+)"', answered.content.decode())
    return found[1] if found else ""


def do(client: Client, row: Any, act: str, **given: Any) -> None:
    """Does it, as somebody does who reads what would follow and confirms it."""
    shown = mark(client.post(page(row, act), given))
    assert shown
    answered = client.post(page(row, act), {**given, "confirm": shown})
    assert answered.status_code == 302, words(answered)


def now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)
