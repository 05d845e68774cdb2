"""A contract of nobody's in two versions, to see what changes between them."""

from pathlib import Path

FIRST = """
vendor = "acme"
name = "Acme"
contract = "General terms"
from = 2020-01-01
until = 2025-12-31
undated = "That it begins on this day is our reading."
currency = { value = "EUR", clause = "1", says = "Prices are in euros" }
[start]
begins = { value = "acceptance", clause = "2", says = "It begins when accepted", reading = true }
[allocation]
order = { value = ["costs", "interest", "principal"], clause = "3", says = "Costs come first", display = true }
"""
SECOND = """
vendor = "acme"
name = "Acme"
contract = "General terms"
from = 2026-01-01
currency = { value = "USD", clause = "1", says = "Prices are in dollars" }
[start]
begins = { value = "acceptance", clause = "2.1", says = "It begins when accepted" }
[retention.backup]
days = { value = 30, clause = "9", says = "Backups are kept for thirty days" }
"""


def write(folder: Path, text: str, day: str) -> Path:
    file = folder / "acme" / f"{day}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
