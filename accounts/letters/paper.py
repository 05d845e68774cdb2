"""A letter as a sheet of paper: a PDF/A file that is the same, byte for byte, however often it is made."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Literal

import typst
from django.conf import settings

from accounts.models import Notice
from backoffice.terms.words import day_words

TEMPLATE = Path(__file__).with_name("letter.typ")
# ISO 19005-2, level B: what it looks like is kept whole in the file, fonts included.
STANDARD: Literal["a-2b"] = "a-2b"


def letter_pdf(notice: Notice) -> bytes:
    """The letter's own words on paper, dated by the day on which it was written."""
    day = notice.written_on
    words = {
        "sender": settings.OPERATOR_NAME,
        "address": [notice.recipient, *notice.address.splitlines()],
        "date": day_words(day),
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "language": notice.language.partition("-")[0],
        "subject": notice.subject,
        "paragraphs": [paragraph.splitlines() for paragraph in notice.body.split("\n\n") if paragraph.strip()],
    }
    pdf: bytes = typst.compile(
        str(TEMPLATE),
        format="pdf",
        # Only the fonts that come with the program: those of a machine would make another file.
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(words)},
        pdf_standards=[STANDARD],
        timestamp=int(datetime.combine(day, time.min, UTC).timestamp()),
    )
    return pdf
