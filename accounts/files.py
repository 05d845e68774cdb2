"""Uploaded files, as they leave the house."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse
from django.utils.text import slugify

from accounts.models import ContractDocument


def download(document: ContractDocument) -> FileResponse:
    """The file, to be saved and never to be shown: what was uploaded must not run as a page of this site."""
    name = slugify(f"{document.title} {document.version}") or "contract"
    return FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=name + Path(document.file.name).suffix,
        content_type="application/octet-stream",
    )
