"""Mails as servers in the world write them, made for a letter of a test: ``{message_id}`` and so on stand for its own."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
OURS = "mx.backoffice.example"


def mail(name: str, **known: str) -> bytes:
    """One of the mails beside this file, with the lines of a mail (CRLF)."""
    text = (HERE / f"{name}.eml").read_text(encoding="utf-8")
    for key, value in known.items():
        text = text.replace("{" + key + "}", value)
    return text.replace("\n", "\r\n").encode()
