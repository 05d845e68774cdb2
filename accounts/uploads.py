"""What may come in as a customer's document: a PDF, a PNG or a JPEG from its first byte to its last, and nothing else.

The kind is read from the bytes; names and types that a sender claims count for nothing. A file that is two things at
once (a picture with an archive behind it, a PDF with a page in front) is refused. Nothing here is ever opened or shown
by the product itself: it is sealed, and later saved by whoever may see it.
"""

from __future__ import annotations

import re
import zlib

from django.core.exceptions import ValidationError

# A scan of a few pages; more is a mistake, and would be read into memory whole.
MOST_BYTES = 10 * 1024 * 1024
PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
PDF_START = re.compile(rb"%PDF-[12]\.[0-9]")
# The end of a ZIP's directory; readers look for it from behind, so that an archive may hide at the end of any file.
ZIP_END, ZIP_TAIL = b"PK\x05\x06", 66_000
# What browsers of old took for a page wherever it stood near the beginning, and what a PDF may run or carry with it.
PAGE = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
PAGE_HEAD = 1024
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
# Markers of a JPEG that stand alone, without a length.
ALONE = {0x01, *range(0xD0, 0xD8)}


def form_of(content: bytes) -> str:
    """``pdf``, ``png`` or ``jpeg``; ValidationError for anything else."""
    if len(content) > MOST_BYTES:
        raise ValidationError(f"A document has {MOST_BYTES // 1024 // 1024} MB at most.")
    if PDF_START.match(content):
        form, whole = "pdf", _whole_pdf(content)
    elif content.startswith(PNG_START):
        form, whole = "png", _whole_png(content)
    elif content.startswith(JPEG_START):
        form, whole = "jpeg", _whole_jpeg(content)
    else:
        raise ValidationError("A document is a PDF, a PNG or a JPEG.")
    if not whole or ZIP_END in content[-ZIP_TAIL:] or PAGE.search(content[:PAGE_HEAD]):
        raise ValidationError("The file is damaged, or holds something beside the document.")
    return form


def _whole_pdf(content: bytes) -> bool:
    """Ends with its mark, and runs or carries nothing as far as it can be read without unpacking it."""
    return content.rstrip(b"\r\n\t \0").endswith(b"%%EOF") and ACTIVE.search(content) is None


def _whole_png(content: bytes) -> bool:
    """A chain of chunks with their right sums, from the header to the end, and nothing behind it (ISO 15948)."""
    place, kind = len(PNG_START), b""
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        before, kind = kind, content[place + 4 : place + 8]
        data_end = place + 8 + length
        if (before == b"") != (kind == b"IHDR") or data_end + 4 > len(content):
            return False
        if zlib.crc32(content[place + 4 : data_end]) != int.from_bytes(content[data_end : data_end + 4]):
            return False
        place = data_end + 4
        if kind == b"IEND":
            return place == len(content)
    return False


def _whole_jpeg(content: bytes) -> bool:
    """A chain of segments and of scans, to the first end mark, and nothing behind it (ISO 10918)."""
    place = 2
    while place + 2 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xD9:
            return place + 2 == len(content)
        if marker in ALONE or marker == 0xFF:
            place += 1 if marker == 0xFF else 2
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
        if marker == 0xDA:
            place = _after_scan(content, place)
    return False


def _after_scan(content: bytes, place: int) -> int:
    """Where the data of a scan ends: at the first marker that is not part of it."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        if content[place + 1] != 0 and content[place + 1] not in ALONE:
            return place
        place += 2
    return len(content)
