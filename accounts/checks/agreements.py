"""Agreements are of the very texts that are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from accounts.models import Agreement, ContractDocument
from backoffice.verify import check


@check("The texts of contracts are as they were when they were taken in")
def texts(at: datetime) -> Iterator[str]:
    for document in ContractDocument.objects.order_by("pk").iterator():
        try:
            with document.file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue  # told by the check of files
        if digest != document.sha256:
            yield f"contract document {document.pk}: its file has another SHA-256 than was noted"


@check("Agreements bear the SHA-256 of the text that was accepted")
def agreements(at: datetime) -> Iterator[str]:
    for name, words in (("sha256", "SHA-256"), ("sheet", "version of the terms")):
        others = Agreement.objects.exclude(**{name: F(f"document__{name}")}).order_by("pk")
        for key in others.values_list("pk", flat=True).iterator():
            yield f"agreement {key}: its {words} is not that of its text"
